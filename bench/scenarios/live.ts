/** From an edit in Jira A to the same in Jira B: with webhooks, and by polling alone. */
import { runBare } from '../bare/run.ts';
import { exalate, makeIssues, remoteIssues, synchronized } from '../lib/issues.ts';
import { makeEdits } from '../lib/edits.ts';
import type { Target } from '../lib/edits.ts';
import { atMost } from '../lib/report.ts';
import type { Row, ScenarioReport } from '../lib/report.ts';
import { commentsEach, usualLatencyMs } from '../lib/scale.ts';
import { spread } from '../lib/statistics.ts';
import type { World } from '../lib/world.ts';

const issuesEdited = 40;
const bareEdits = 20;
const mostWithWebhooksMs = 1_000;
const mostAfterPollMs = 2_000;

export interface Live {
  edits: number;
  everyMs: number;
  /** How often the nodes poll, when no webhook tells of changes; null: webhooks do. */
  pollSeconds: number | null;
  /** Added to the title. */
  how?: string;
}

export async function live(world: World, { edits, everyMs, pollSeconds, how = '' }: Live): Promise<ScenarioReport> {
  const targets = await syncedIssues(world, Math.min(issuesEdited, edits));
  const bare = spread(await bareLatencies(world));
  await world.setWebhooks(pollSeconds === null);
  await world.quiet();
  await world.setLatency(usualLatencyMs);
  const meter = world.meter();
  const started = performance.now();
  const latencies = await makeEdits(world, targets, { count: edits, everyMs });
  const seconds = (performance.now() - started) / 1000;
  const usage = await meter.stop();
  await world.setLatency(0);
  await world.setWebhooks(true);
  await world.quiet();

  const found = spread(latencies);
  const most = pollSeconds === null ? mostWithWebhooksMs : pollSeconds * 1000 + mostAfterPollMs;
  const rows: Row[] = [
    { what: 'edit in A to visible in B, p50', value: found.p50, unit: 'ms', bare: bare.p50, better: 'lower' },
    {
      what: 'edit in A to visible in B, p95',
      value: found.p95,
      unit: 'ms',
      bare: bare.p95,
      better: 'lower',
      target: atMost(found.p95, most, 'ms'),
    },
    { what: 'edit in A to visible in B, p99', value: found.p99, unit: 'ms', bare: bare.p99, better: 'lower' },
  ];
  const told = pollSeconds === null ? 'with webhooks' : `by polling every ${pollSeconds} s`;
  return {
    title: `${edits} edits${how === '' ? '' : ` ${how}`}, one each ${everyMs} ms, ${told}, Jira latency ${usualLatencyMs} ms`,
    rows,
    usage,
    seconds,
    data: { latencies },
  };
}

/** Issues under sync to be edited. */
export async function syncedIssues(world: World, count: number): Promise<Target[]> {
  await world.setLatency(0);
  const issues = await makeIssues(world.a, { count, summary: 'Live', commentsEach });
  const twins = await exalate(world.a, issues);
  await synchronized(world, twins, 120_000);
  await world.quiet();
  const remote = await remoteIssues(world, twins);
  return issues.map((source) => ({ source, target: remote.get(source.id) ?? { id: '', key: '' } }));
}

/** What is left when everybody knows of everything at once: the requests to the Jiras one after the other. */
async function bareLatencies(world: World): Promise<number[]> {
  await world.setWebhooks(false);
  const what = { count: bareEdits, summary: 'Bare', commentsEach };
  const [sources, copies] = [await makeIssues(world.a, what), await makeIssues(world.b, what)];
  await world.setLatency(usualLatencyMs);
  for (const { control } of [world.a, world.b]) await control.resetStatistics();
  const edits = sources.map(({ id }, index) => ({
    sourceIssueId: id,
    targetIssueId: copies[index]?.id ?? '',
    text: `bare ${index}`,
    comment: index % 2 === 1,
  }));
  await runBare({ kind: 'live', sourceUrl: world.a.jiraUrl, targetUrl: world.b.jiraUrl, edits });
  const [a, b] = [await world.a.control.writes(), await world.b.control.writes()];
  // One after the other, so the writes of the two sides belong to each other in order.
  return a.map((write, index) => (b[index]?.at ?? Number.NaN) - write.at);
}
