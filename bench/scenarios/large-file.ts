/** A large attachment goes from Jira to Jira through both nodes with flat memory. */
import { runBare } from '../bare/run.ts';
import { exalate, makeIssues, remoteIssues, synchronized } from '../lib/issues.ts';
import { atMost } from '../lib/report.ts';
import type { Row, ScenarioReport } from '../lib/report.ts';
import { waitFor } from '../../tests/support/wait-for.ts';
import type { World } from '../lib/world.ts';

const mib = 1024 ** 2;
const mostGrowthMiB = 64;
/** Brings the streams' own code and buffers into memory before the measurement. */
const warmUpBytes = 64 * mib;

export async function largeFile(world: World, what: { bytes: number; how?: string }): Promise<ScenarioReport> {
  const { a } = world;
  const { bytes, how = '' } = what;
  await world.setLatency(0);
  const issues = await makeIssues(a, { count: 1, summary: 'Large file', commentsEach: 0 });
  const twins = await exalate(a, issues);
  await synchronized(world, twins, 60_000);
  const target = [...(await remoteIssues(world, twins)).values()][0];
  const source = issues[0];
  if (source === undefined || target === undefined) throw new Error('The issue for the large file was not made.');

  const attach = async (filename: string, size: number): Promise<number> => {
    const started = performance.now();
    await a.control.createAttachment({ key: source.key, filename, bytes: size });
    await waitFor(`${filename} to arrive`, () => hasFile(world, target.id, filename), {
      timeoutMs: 600_000,
      everyMs: 200,
    });
    return (performance.now() - started) / 1000;
  };
  await attach('warm-up.bin', warmUpBytes);
  await world.quiet();
  const meter = world.meter();
  const seconds = await attach('large.bin', bytes);
  const usage = await meter.stop();
  const bareSeconds = await bareCopy(world, bytes);

  const growth = (name: string): number => (usage[name]?.peakMiB ?? 0) - (usage[name]?.startMiB ?? 0);
  const rows: Row[] = [
    {
      what: 'MiB per second',
      value: bytes / mib / seconds,
      unit: 'MiB/s',
      bare: bytes / mib / bareSeconds,
      better: 'higher',
    },
    ...['worker A', 'web A', 'worker B', 'web B'].map((name) => ({
      what: `memory growth of ${name}`,
      value: growth(name),
      unit: 'MiB',
      target: atMost(growth(name), mostGrowthMiB, 'MiB'),
    })),
  ];
  return {
    title: `One attachment of ${Math.round(bytes / mib)} MiB${how === '' ? '' : ` ${how}`}`,
    rows,
    usage,
    seconds,
  };
}

async function hasFile({ b }: World, issueId: string, filename: string): Promise<boolean> {
  const issue = await b.ctx.jira().readIssue(issueId);
  return issue.attachments?.some((file) => file.filename === filename) ?? false;
}

async function bareCopy(world: World, bytes: number): Promise<number> {
  const { a, b } = world;
  await world.setWebhooks(false);
  const [source] = await makeIssues(a, { count: 1, summary: 'Bare file', commentsEach: 0 });
  const [target] = await makeIssues(b, { count: 1, summary: 'Bare file', commentsEach: 0 });
  if (source === undefined || target === undefined) throw new Error('The issues for the bare copy were not made.');
  await a.control.createAttachment({ key: source.key, filename: 'bare.bin', bytes });
  const seconds = await runBare({
    kind: 'file',
    sourceUrl: a.jiraUrl,
    targetUrl: b.jiraUrl,
    sourceIssueId: source.id,
    targetIssueId: target.id,
  });
  await world.setWebhooks(true);
  return seconds;
}
