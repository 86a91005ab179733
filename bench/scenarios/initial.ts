/** Initial sync of many issues at once, at several Jira latencies, against the bare loop. */
import { runBare } from '../bare/run.ts';
import { exalate, makeIssues, synchronized } from '../lib/issues.ts';
import { atLeast, atMost } from '../lib/report.ts';
import type { Row, ScenarioReport } from '../lib/report.ts';
import { commentsEach, parallelism } from '../lib/scale.ts';
import type { Usage } from '../lib/usage.ts';
import type { World } from '../lib/world.ts';

export interface InitialSync {
  count: number;
  filesEach: number;
  latencyMs: number;
}

const leastRate = 16;
const leastShareOfBare = 0.8;
/** The targets are given for this latency. */
const targetLatencyMs = 50;

export async function initialSync(world: World, what: InitialSync): Promise<ScenarioReport> {
  const { count, filesEach, latencyMs } = what;
  const bareSeconds = await bareLoop(world, what);
  const measured = await measure(world, what);
  const rate = count / measured.seconds;
  const bareRate = count / bareSeconds;
  const withTarget = latencyMs === targetLatencyMs && filesEach === 0;
  const cpuMs = Object.values(measured.usage).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) * 1000;
  const rows: Row[] = [
    {
      what: 'issues synchronized per second',
      value: rate,
      unit: '/s',
      bare: bareRate,
      better: 'higher',
      ...(withTarget ? { target: atLeast(rate, leastRate, '/s') } : {}),
    },
    ...(withTarget
      ? [
          {
            what: 'share of the bare loop',
            value: (rate / bareRate) * 100,
            unit: '%',
            target: atLeast((rate / bareRate) * 100, leastShareOfBare * 100, '%'),
          },
        ]
      : []),
    {
      what: 'requests per issue, source',
      value: measured.requests.a,
      unit: '',
      bare: 1 + filesEach,
      better: 'lower',
      target: atMost(measured.requests.a, filesEach + 2, ''),
    },
    {
      what: 'requests per issue, destination',
      value: measured.requests.b,
      unit: '',
      bare: 2 + commentsEach + filesEach,
      better: 'lower',
      target: atMost(measured.requests.b, commentsEach + filesEach + 4, ''),
    },
    {
      what: 'most requests in flight, source',
      value: measured.inFlight.a,
      unit: '',
      target: atMost(measured.inFlight.a, parallelism, ''),
    },
    {
      what: 'most requests in flight, destination',
      value: measured.inFlight.b,
      unit: '',
      target: atMost(measured.inFlight.b, parallelism, ''),
    },
    { what: 'CPU per issue, all processes', value: cpuMs / count, unit: 'ms' },
  ];
  const files = filesEach === 0 ? '' : ` and ${filesEach} attachments`;
  return {
    title: `Initial sync of ${count} issues with ${commentsEach} comments${files}, Jira latency ${latencyMs} ms`,
    rows,
    usage: measured.usage,
    seconds: measured.seconds,
    data: { latencyMs, filesEach, count, perEndpoint: measured.perEndpoint },
  };
}

async function bareLoop(world: World, { count, filesEach, latencyMs }: InitialSync): Promise<number> {
  await world.setLatency(0);
  await world.setWebhooks(false);
  const issues = await makeIssues(world.a, { count, summary: 'Bare', commentsEach, filesEach });
  const types = await world.b.ctx.jira().creatableIssueTypes({ id: world.projectIds.b, key: 'TEST' });
  await world.setLatency(latencyMs);
  const seconds = await runBare({
    kind: 'initial',
    sourceUrl: world.a.jiraUrl,
    targetUrl: world.b.jiraUrl,
    issueIds: issues.map(({ id }) => id),
    projectId: world.projectIds.b,
    issueTypeId: types.find(({ name }) => name === 'Task')?.id ?? '',
    parallelism,
  });
  await world.setLatency(0);
  return seconds;
}

async function measure(
  world: World,
  { count, filesEach, latencyMs }: InitialSync,
): Promise<{
  seconds: number;
  requests: { a: number; b: number };
  inFlight: { a: number; b: number };
  usage: Record<string, Usage>;
  perEndpoint: unknown;
}> {
  const { a, b } = world;
  const issues = await makeIssues(a, { count, summary: `Issue ${latencyMs}/${filesEach}`, commentsEach, filesEach });
  await world.setWebhooks(true);
  await world.quiet();
  await world.setLatency(latencyMs);
  for (const { control } of [a, b]) await control.resetStatistics();
  const meter = world.meter();
  const started = performance.now();
  await synchronized(world, await exalate(a, issues), 60_000 + count * 2_000);
  const seconds = (performance.now() - started) / 1000;
  const usage = await meter.stop();
  // Late hints may cost further reads; they belong to these issues.
  await world.quiet();
  const [statisticsA, statisticsB] = [await a.control.statistics(), await b.control.statistics()];
  await world.setLatency(0);
  return {
    seconds,
    usage,
    requests: { a: statisticsA.total / count, b: statisticsB.total / count },
    inFlight: { a: statisticsA.maxInFlight, b: statisticsB.maxInFlight },
    perEndpoint: {
      a: statisticsA.endpoints.map(({ endpoint, count: calls }) => ({ endpoint, calls })),
      b: statisticsB.endpoints.map(({ endpoint, count: calls }) => ({ endpoint, calls })),
    },
  };
}
