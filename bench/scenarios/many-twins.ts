/** An edit must cost the same whether the node looks after ten twins or after many. */
import { makeEdits } from '../lib/edits.ts';
import { inventTwins } from '../lib/invented-twins.ts';
import { atMost } from '../lib/report.ts';
import type { Row, ScenarioReport } from '../lib/report.ts';
import { spread } from '../lib/statistics.ts';
import type { Spread } from '../lib/statistics.ts';
import type { World } from '../lib/world.ts';
import { syncedIssues } from './live.ts';

const fewTwins = 10;
const everyMs = 250;
/** The same, allowing for noise. */
const mostTimesFew = 1.25;

interface Cost {
  latency: Spread;
  cpuMs: number;
  requests: number;
  /** Rows that PostgreSQL read without an index. */
  scanned: number;
}

export async function manyTwins(world: World, what: { twins: number; edits: number }): Promise<ScenarioReport> {
  const targets = await syncedIssues(world, fewTwins);
  await costOf(world, targets, what.edits);
  const few = await costOf(world, targets, what.edits);
  await inventTwins(world, what.twins);
  const many = await costOf(world, targets, what.edits);
  const row = (text: string, unit: string, pick: (cost: Cost) => number, target = false): Row => ({
    what: text,
    value: pick(many),
    unit,
    bare: pick(few),
    better: 'lower',
    ...(target ? { target: atMost(pick(many), Math.round(pick(few) * mostTimesFew * 100) / 100, unit) } : {}),
  });
  return {
    title: `An edit among ${what.twins} more twins; in place of the bare loop: the same among the twins there were before`,
    rows: [
      row('edit in A to visible in B, p50', 'ms', ({ latency }) => latency.p50, true),
      row('edit in A to visible in B, p95', 'ms', ({ latency }) => latency.p95),
      row('CPU per edit, nodes and PostgreSQL', 'ms', ({ cpuMs }) => cpuMs, true),
      row('requests per edit, both Jiras', '', ({ requests }) => requests, true),
      row('rows read without an index, per edit', '', ({ scanned }) => scanned),
    ],
    data: { few, many },
  };
}

async function costOf(world: World, targets: Parameters<typeof makeEdits>[1], edits: number): Promise<Cost> {
  await world.setWebhooks(true);
  await world.quiet();
  const before = await rowsScanned(world);
  const meter = world.meter();
  const latencies = await makeEdits(world, targets, { count: edits, everyMs });
  await world.quiet();
  const usage = await meter.stop();
  const after = await rowsScanned(world);
  const statistics = await Promise.all([world.a.control.statistics(), world.b.control.statistics()]);
  const ours = Object.entries(usage).filter(([name]) => !name.startsWith('Jira'));
  return {
    latency: spread(latencies),
    cpuMs: (ours.reduce((sum, [, { cpuSeconds }]) => sum + cpuSeconds, 0) * 1000) / edits,
    // Without those of the person who edits.
    requests: statistics.reduce((sum, { total }) => sum + total, 0) / edits - 1,
    scanned: (after - before) / edits,
  };
}

async function rowsScanned({ a, b }: World): Promise<number> {
  let sum = 0;
  for (const { ctx } of [a, b]) {
    const rows = await ctx.db.$queryRaw<{ scanned: number }[]>`
      SELECT sum(seq_tup_read)::float8 AS scanned FROM pg_stat_user_tables WHERE relname IN ('twin', 'comment_trace')`;
    sum += rows[0]?.scanned ?? 0;
  }
  return sum;
}
