/**
 * The scenario `ping-pong`, the acceptance run of the original: the left Jira has the projects PPS (source) and PPT (target),
 * the right one PPW (wall). Each issue is exalated from PPS to the wall, where a trigger exalates it back to PPT. A comment in
 * PPT travels back to PPS, a new description in PPS on to PPT, and at last both pairs are cut.
 */
import { startBulkUnexalate } from '../../src/services/bulk/start-bulk-unexalate.ts';
import { createTrigger } from '../../src/services/trigger/create-trigger.ts';
import { exalateIssue } from '../../src/services/twin/exalate-issue.ts';
import { unexalateIssue } from '../../src/services/twin/unexalate-issue.ts';
import type { IssueDump } from '../../simulator/control/api.ts';
import { createLoad } from '../../tests/support/load.ts';
import { lostAnswers } from '../../tests/support/lose-answers.ts';
import type { Verdict } from '../../tests/support/oracle.ts';
import { seededRandom } from '../../tests/support/random.ts';
import { waitFor } from '../../tests/support/wait-for.ts';
import type { ChaosOutcome } from './results.ts';
import { added, untilQuiet, verdictOf } from './verdict.ts';
import { connect, insist } from './world.ts';
import type { World } from './world.ts';

const issueTypes = ['Task', 'Bug', 'Improvement', 'Story'];
/** People who work at the same time. */
const people = 8;
const patienceMs = 30 * 60_000;

interface Chain {
  source: string;
  wall: string;
  target: string;
  exalatedAtMs: number;
  commentedAtMs: number;
  editedAtMs: number;
}

export async function pingPong(
  world: World,
  { seed, issues }: { seed: number; issues: number },
): Promise<ChaosOutcome> {
  const { a: left, b: right } = world;
  const random = seededRandom(seed);
  for (const key of ['PPS', 'PPT'])
    await left.jira.control.createProject({ key, name: key, issueTypes, defaultIssueType: 'Task' });
  await right.jira.control.createProject({ key: 'PPW', name: 'PPW', issueTypes, defaultIssueType: 'Task' });
  for (const company of [left, right]) company.start();
  const there = await connect(world, { a: 'PPS', b: 'PPW' });
  const back = await connect(world, { a: 'PPT', b: 'PPW' });
  const jql = 'project = PPW';
  const { triggerId } = await createTrigger(right.ctx, { connectionId: back.b, jql });

  const notes: string[] = [];
  const load = createLoad(random);
  const jane = left.hands('jane');
  const bob = left.hands('bob');
  const chains: Chain[] = [];
  let phaseBegan = performance.now();
  let seconds = 0;
  const phase = async (name: string): Promise<void> => {
    const took = ((await untilQuiet(world, patienceMs)) - phaseBegan) / 1000;
    notes.push(`${name}: ${took.toFixed(1)} s`);
    seconds += took;
    phaseBegan = performance.now();
  };

  await atOnce(Array.from({ length: issues }), async () => {
    const size = { comments: random.below(5), attachments: random.below(3), project: 'PPS' };
    const source = await load.newIssue(jane, size);
    const exalatedAtMs = Date.now();
    await insist(() => exalateIssue(left.ctx, { connectionId: there.a, issueKey: source }));
    chains.push({ source, wall: '', target: '', exalatedAtMs, commentedAtMs: 0, editedAtMs: 0 });
  });
  await waitFor(
    'a copy of every issue in the last project',
    async () =>
      (await left.ctx.db.twin.count({ where: { connectionId: back.a, localIssueKey: { not: null } } })) >= issues,
    { timeoutMs: patienceMs, everyMs: 500 },
  );
  await phase('created, exalated, and exalated back by the trigger');

  const pairs = async (connectionId: string): Promise<Map<string, string>> =>
    new Map(
      (await right.ctx.db.twin.findMany({ where: { connectionId } })).map((twin) => [
        twin.localIssueKey ?? '',
        twin.remoteIssueKey ?? '',
      ]),
    );
  const [sources, targets] = [await pairs(there.b), await pairs(back.b)];
  for (const [wall, source] of sources) {
    const chain = chains.find((one) => one.source === source);
    if (chain !== undefined) Object.assign(chain, { wall, target: targets.get(wall) ?? '' });
  }
  await atOnce(chains, async (chain) => {
    chain.commentedAtMs = Date.now();
    await load.comment(bob, chain.target);
  });
  await phase('synced back');

  await atOnce(chains, async (chain) => {
    chain.editedAtMs = Date.now();
    const description = `Final description of ${chain.source}`;
    await jane.rest('PUT', `/issue/${chain.source}`, { fields: { description } });
  });
  await phase('updated');
  const whole = await verdictOf(world, load.expected);
  const dump = await left.jira.control.dump({ hashes: true });
  endToEnd(whole, chains, new Map(dump.map((issue) => [issue.key, issue])));
  const wall = await right.jira.control.dump();
  notes.push(...(await hops(chains, { left: dump, wall }, left.jira.url)));

  phaseBegan = performance.now();
  await insist(() => startBulkUnexalate(right.ctx, { triggerId }));
  const live = await left.ctx.db.twin.findMany({ where: { connectionId: there.a, endedAt: null } });
  await atOnce(live, (twin) => insist(() => unexalateIssue(left.ctx, { twinId: twin.id })));
  await waitFor(
    'all pairs to be cut on both sides',
    async () =>
      (await left.ctx.db.twin.count({ where: { endedAt: null } })) +
        (await right.ctx.db.twin.count({ where: { endedAt: null } })) ===
      0,
    { timeoutMs: patienceMs, everyMs: 500 },
  );
  await phase('unexalated');
  notes.push(`in all: ${Math.round(seconds)} s`);
  // The tie is cut: what is written now stays where it is, and would otherwise be an echo.
  for (const { source, target } of chains.slice(0, 20)) {
    await load.editFields(jane, source);
    await load.comment(bob, target);
  }
  const cut = await verdictOf(world);
  const { writes, lost } = await lostAnswers([left.jira.control, right.jira.control]);
  return {
    verdict: added(whole, cut),
    operations: issues * 5,
    issues,
    kills: {},
    faults: {},
    writes,
    lostReplies: lost,
    notes,
  };
}

async function atOnce<Item>(items: readonly Item[], act: (item: Item) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  const work = async (): Promise<void> => {
    for (const item of rest) await act(item);
  };
  await Promise.all(Array.from({ length: people }, work));
}

const token = /\[c\d+\]/;

/** The first issue and the last one, which no pair connects directly. */
function endToEnd(verdict: Verdict, chains: readonly Chain[], issues: ReadonlyMap<string, IssueDump>): void {
  const lost = (detail: string): void => {
    verdict.losses += 1;
    verdict.details.push(`losses: ${detail}`);
  };
  const sorted = (values: readonly (string | null | undefined)[]): string =>
    values
      .map((value) => value ?? '')
      .toSorted()
      .join(' ');
  for (const { source, target } of chains) {
    const [first, last] = [issues.get(source), issues.get(target)];
    if (first === undefined || last === undefined) {
      lost(`${source} has no copy at the end of the chain`);
      continue;
    }
    const name = `${source} > ${target}`;
    for (const field of ['summary', 'description', 'type'] as const)
      if (first[field] !== last[field]) lost(`${name}: ${field} is ${first[field]} and ${last[field]}`);
    const tokens = ({ comments }: IssueDump): string => sorted(comments.map(({ body }) => body.match(token)?.[0]));
    if (tokens(first) !== tokens(last)) lost(`${name}: comments are ${tokens(first)} and ${tokens(last)}`);
    const files = ({ attachments }: IssueDump): string => sorted(attachments.map(({ sha256 }) => sha256));
    if (files(first) !== files(last)) lost(`${name}: the files differ`);
  }
}

/** How long each way took, by the clocks of both Jiras (which are one here). */
async function hops(
  chains: readonly Chain[],
  dumps: { left: readonly IssueDump[]; wall: readonly IssueDump[] },
  leftUrl: string,
): Promise<string[]> {
  const left = new Map(dumps.left.map((issue) => [issue.key, issue]));
  const wall = new Map(dumps.wall.map((issue) => [issue.key, issue]));
  const created = (issue: IssueDump | undefined): number => Date.parse(issue?.created ?? '');
  const ways: Record<string, number[]> = {
    'PPS to the wall': [],
    'wall to PPT': [],
    'comment back': [],
    description: [],
  };
  for (const chain of chains) {
    const [target, onWall] = [left.get(chain.target), wall.get(chain.wall)];
    ways['PPS to the wall']?.push(created(onWall) - chain.exalatedAtMs);
    ways['wall to PPT']?.push(created(target) - created(onWall));
    const comment = left.get(chain.source)?.comments.at(-1);
    ways['comment back']?.push(Date.parse(comment?.created ?? '') - chain.commentedAtMs);
    ways['description']?.push((await lastEditMs(leftUrl, chain.target)) - chain.editedAtMs);
  }
  return Object.entries(ways).map(([way, times]) => {
    const inOrder = times.toSorted((x, y) => x - y);
    const at = (share: number): string =>
      `${((inOrder[Math.min(inOrder.length - 1, Math.floor(inOrder.length * share))] ?? NaN) / 1000).toFixed(1)} s`;
    return `${way}: p50 ${at(0.5)}, p95 ${at(0.95)}, longest ${at(1)}`;
  });
}

async function lastEditMs(jiraUrl: string, key: string): Promise<number> {
  const authorization = `Basic ${Buffer.from('jane:jane').toString('base64')}`;
  const response = await fetch(`${jiraUrl}/rest/api/2/issue/${key}?expand=changelog`, { headers: { authorization } });
  const { changelog } = (await response.json()) as { changelog: { histories: { created: string }[] } };
  return Date.parse(changelog.histories.at(-1)?.created ?? '');
}
