/**
 * Finds the issue that a create of unknown outcome made (C1), whatever has become of it since: somebody may have given it another
 * summary or moved it, Jira's clock may differ from ours, and the search index lags behind.
 */
import { jqlMinute, jqlString, jqlZone } from '#/engine/jql.ts';
import { TrackerError } from '#/engine/ports.ts';
import type { SearchHit, TrackerIssue } from '#/engine/ports.ts';
import { sameText } from '#/engine/replica/text.ts';
import { markOf } from '../twin/mark.ts';
import type { Intent, Lane } from './lane.ts';

const minuteMs = 60_000;
/** Two minutes for what was under way, and an hour where daylight saving time makes a minute ambiguous. */
const searchSlackMs = 62 * minuteMs;
const clockSlackMs = 2 * minuteMs;
const pageSize = 200;
/** Keys are given in order, but a failed create may burn one. */
const unusedKeysInARow = 5;
/** Keys below the newest that search does not show: their issues are not indexed yet, moved away or deleted. */
const gapsAtMost = 20;

interface Wanted {
  projectKey: string;
  summary: string;
  description: string;
  /** When the create began, on Jira's clock. */
  sinceMs: number;
}

/** Null while nothing shows that there is one. Throws `TrackerError`. */
export async function findCreated(lane: Lane, intent: Intent): Promise<TrackerIssue | null> {
  const tracker = lane.ctx.jira();
  const wanted: Wanted = {
    projectKey: String(intent.detail['projectKey']),
    summary: String(intent.detail['summary']),
    description: String(intent.detail['description']),
    sinceMs: await onJirasClock(lane, intent.startedAt),
  };
  const zone = jqlZone((await tracker.myself()).timeZone);
  const created = `created >= "${jqlMinute(wanted.sinceMs - searchSlackMs, zone)}" ORDER BY created DESC, key DESC`;
  const inProject = await allHits(lane, `project = ${jqlString(wanted.projectKey)} AND ${created}`);
  const alike = inProject.filter(({ summary }) => summary === null || sameText(summary, wanted.summary));
  return (
    (await oursAmong(lane, wanted, alike)) ??
    (await markedAmong(lane, await hitsByUs(lane, created, inProject))) ??
    (await oursAmongKeys(lane, wanted, inProject))
  );
}

/** Clocks differ, but how long ago it was does not. */
async function onJirasClock({ ctx }: Lane, at: Date): Promise<number> {
  const { serverTimeMs } = await ctx.jira().server();
  const now = ctx.clock.now();
  return (serverTimeMs ?? now) - (now - at.getTime());
}

/** All of them: many may have been created since, if the node was down. Newer ones only shift what follows to later pages. */
async function allHits(lane: Lane, jql: string): Promise<SearchHit[]> {
  const hits = new Map<string, SearchHit>();
  for (let startAt = 0; ;) {
    const page = await lane.ctx.jira().search({ jql, startAt, maxResults: pageSize, withSummary: true });
    for (const hit of page.hits) hits.set(hit.id, hit);
    startAt += page.hits.length;
    if (page.hits.length === 0 || startAt >= page.total) return [...hits.values()];
  }
}

/** What the proxy user made, in any project; where Jira does not know such a query, what anybody made in this one. */
async function hitsByUs(lane: Lane, created: string, inProject: SearchHit[]): Promise<SearchHit[]> {
  try {
    return await allHits(lane, `creator = currentUser() AND ${created}`);
  } catch (error) {
    if (error instanceof TrackerError && error.code === 'invalid') return inProject;
    throw error;
  }
}

async function oursAmong(lane: Lane, wanted: Wanted, hits: readonly SearchHit[]): Promise<TrackerIssue | null> {
  for (const hit of await untaken(lane, hits)) {
    const issue = await readIfThere(lane, hit.id);
    if (issue !== null && (await isOurs(lane, wanted, issue))) return issue;
  }
  return null;
}

/** By the mark alone: of the rest, people may have changed everything. */
async function markedAmong(lane: Lane, hits: readonly SearchHit[]): Promise<TrackerIssue | null> {
  for (const hit of await untaken(lane, hits))
    if (isOwn(lane, await markOf(lane.ctx, hit.id))) return readIfThere(lane, hit.id);
  return null;
}

/** What search does not show yet: the gaps between the keys that it shows, and the keys after the newest one. */
async function oursAmongKeys(lane: Lane, wanted: Wanted, hits: readonly SearchHit[]): Promise<TrackerIssue | null> {
  const { projectKey } = wanted;
  const newest = await lane.ctx.jira().search({
    jql: `project = ${jqlString(projectKey)} ORDER BY key DESC`,
    startAt: 0,
    maxResults: 1,
  });
  const shown = new Set([...hits, ...newest.hits].map(({ key }) => Number(key.split('-').at(-1))));
  const last = Math.max(0, ...shown);
  const gaps: number[] = [];
  for (let number = last - 1; number > Math.min(...shown) && gaps.length < gapsAtMost; number -= 1)
    if (!shown.has(number)) gaps.push(number);
  for (const number of gaps) {
    const issue = await readIfVisible(lane, `${projectKey}-${number}`);
    if (issue !== null && issue !== 'hidden' && (await isOurs(lane, wanted, issue))) return issue;
  }
  for (let unused = 0, number = last + 1; unused < unusedKeysInARow; number += 1) {
    const issue = await readIfVisible(lane, `${projectKey}-${number}`);
    unused = issue === null ? unused + 1 : 0;
    if (issue !== null && issue !== 'hidden' && (await isOurs(lane, wanted, issue))) return issue;
  }
  return null;
}

/** An issue that the proxy user may not see, as with a security level, is none that it made. */
async function readIfVisible(lane: Lane, key: string): Promise<TrackerIssue | 'hidden' | null> {
  try {
    return await readIfThere(lane, key);
  } catch (error) {
    if (error instanceof TrackerError && error.code === 'forbidden') return 'hidden';
    throw error;
  }
}

async function isOurs(lane: Lane, wanted: Wanted, issue: TrackerIssue): Promise<boolean> {
  const mark = await markOf(lane.ctx, issue.id);
  // Some Jiras do not give the mark back.
  if (mark !== 'none') return isOwn(lane, mark);
  const proxy = await lane.ctx.jira().proxyUser();
  const author = issue.creator ?? issue.reporter;
  return (
    author?.name === proxy.name &&
    sameText(issue.summary.trim(), wanted.summary.trim()) &&
    sameText(issue.description ?? '', wanted.description) &&
    issue.createdMs > wanted.sinceMs - clockSlackMs &&
    (await untaken(lane, [issue])).length > 0
  );
}

function isOwn(lane: Lane, mark: Awaited<ReturnType<typeof markOf>>): boolean {
  return typeof mark === 'object' && mark.twin === lane.twin.uid;
}

/** Without those that belong to other pairs. */
async function untaken<Issue extends { id: string }>(lane: Lane, issues: readonly Issue[]): Promise<Issue[]> {
  const twins = await lane.ctx.db.twin.findMany({
    where: { localIssueId: { in: issues.map(({ id }) => id) }, id: { not: lane.twinId } },
    select: { localIssueId: true },
  });
  const taken = new Set(twins.map(({ localIssueId }) => localIssueId));
  return issues.filter(({ id }) => !taken.has(id));
}

/** Null for an issue that is not there. */
export async function readIfThere(
  lane: Lane,
  idOrKey: string,
  options?: { changelog: boolean },
): Promise<TrackerIssue | null> {
  try {
    return await lane.ctx.jira().readIssue(idOrKey, options);
  } catch (error) {
    if (error instanceof TrackerError && error.code === 'not_found') return null;
    throw error;
  }
}
