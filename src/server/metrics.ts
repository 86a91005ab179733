/** Prometheus text of this node. A registry per request: the figures come from the database, so any process can answer. */
import { Gauge, Registry } from 'prom-client';
import type { ServiceContext } from '#/services/context.ts';
import { gauges } from '#/services/dashboard/gauges.ts';
import { readDurations } from '#/services/metrics/durations.ts';
import { durationText } from './duration-text.ts';

export async function metricsText(ctx: ServiceContext): Promise<{ contentType: string; text: string }> {
  const registry = new Registry();
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> =>
    new Gauge({ name: `exalate_${name}`, help, labelNames, registers: [registry] });
  const { queue, errors, twins, connections, oldestOutgoingSeconds } = await gauges(ctx);

  const depth = gauge('queue_depth', 'Items in each tab of the Sync Queue', ['tab']);
  for (const [tab, count] of Object.entries(queue)) depth.set({ tab }, count);
  const open = gauge('open_errors', 'Open errors by impact', ['impact']);
  for (const { impact, count } of errors) open.set({ impact }, count);
  const pairs = gauge('twins', 'Pairs of issues by status', ['status']);
  for (const { status, count } of twins) pairs.set({ status }, count);
  const ends = gauge('connections', 'Ends of connections by status', ['status']);
  for (const { status, count } of connections) ends.set({ status }, count);
  gauge('outgoing_lag_seconds', 'Age of the oldest event that waits to be sent', []).set(oldestOutgoingSeconds);
  gauge('build_info', 'Version of this node', ['version']).set({ version: ctx.node.version }, 1);
  const text = `${await registry.metrics()}\n${durationText(await readDurations(ctx.db))}`;
  return { contentType: registry.contentType, text };
}
