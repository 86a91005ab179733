/** Prometheus text of this node. A registry per request: the figures come from the database, so any process can answer. */
import { Gauge, Registry } from 'prom-client';
import { impacts } from '#/engine/fault/faults.ts';
import type { ServiceContext } from '#/services/context.ts';
import { gauges } from '#/services/dashboard/gauges.ts';
import { readDurations } from '#/services/metrics/durations.ts';
import { durationText } from './duration-text.ts';

export async function metricsText(ctx: ServiceContext): Promise<{ contentType: string; text: string }> {
  const registry = new Registry();
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> =>
    new Gauge({ name: `exalate_${name}`, help, labelNames, registers: [registry] });
  const { queue, errors, twins, connections, oldestOutgoingSeconds, verify } = await gauges(ctx);

  const depth = gauge('queue_depth', 'Items in each tab of the Sync Queue', ['tab']);
  for (const [tab, count] of Object.entries(queue)) depth.set({ tab }, count);
  const open = gauge('open_errors', 'Open errors by impact', ['impact']);
  for (const impact of impacts) open.set({ impact }, 0);
  for (const { impact, count } of errors) open.set({ impact }, count);
  const pairs = gauge('twins', 'Pairs of issues by status', ['status']);
  for (const { status, count } of twins) pairs.set({ status }, count);
  const ends = gauge('connections', 'Ends of connections by status', ['status']);
  for (const { status, count } of connections) ends.set({ status }, count);
  gauge('outgoing_lag_seconds', 'Age of the oldest event that waits to be sent', []).set(oldestOutgoingSeconds);
  if (verify !== null) {
    const { found, healed, checked, skipped, endedAt } = verify;
    const differences = gauge('verify_differences', 'Differences of the last verification', ['state']);
    differences.set({ state: 'found' }, found);
    differences.set({ state: 'healed' }, healed);
    const pairsSeen = gauge('verify_pairs', 'Pairs that the last verification compared or passed over', ['outcome']);
    pairsSeen.set({ outcome: 'compared' }, checked);
    pairsSeen.set({ outcome: 'skipped' }, skipped);
    gauge('verify_ended_timestamp_seconds', 'When the last verification ended', []).set(endedAt.getTime() / 1000);
  }
  gauge('build_info', 'Version of this node', ['version']).set({ version: ctx.node.version }, 1);
  const text = `${await registry.metrics()}\n${durationText(await readDurations(ctx.db))}`;
  return { contentType: registry.contentType, text };
}
