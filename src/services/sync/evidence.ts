/**
 * Writes of unknown outcome (C1). Before anything is written again, Jira is asked whether the write took place: by the
 * marker set together with it, and where a Jira does not give that back, by the exact content. Issues are looked for by
 * search and, because the search index lags, by reading the keys after the newest known one.
 */
import type { TrackerIssue } from '#/engine/ports.ts';
import { TrackerError } from '#/engine/ports.ts';
import { jqlMinute, jqlString } from '#/engine/jql.ts';
import { authorLine, sameText } from '#/engine/replica/text.ts';
import { recordAttachment } from './attachments.ts';
import { recordComment } from './comments.ts';
import { recordCreated, twinProperty } from './create-issue.ts';
import type { Intent, Lane } from './lane.ts';
import { Later } from './later.ts';
import { endIntent } from './non-repeatable.ts';
import { saveLane } from './save-twin.ts';

/** How long Jira may still be busy with a request whose connection is gone. */
const settleMs = 20_000;
const askAgainMs = 2_000;
/** Keys are given in order, but a failed create may burn one. */
const unusedKeysInARow = 5;

/** Settles every open intent, or throws {@link Later} while the outcome cannot be known yet. */
export async function settleIntents(lane: Lane): Promise<void> {
  for (const intent of [...lane.intents]) {
    if (await wasPerformed(lane, intent)) {
      lane.timeline.push({ kind: 'recovered', data: { write: intent.kind } });
    } else if (lane.ctx.clock.now() - intent.startedAt.getTime() < settleMs) {
      throw new Later(new Date(lane.ctx.clock.now() + askAgainMs), `waiting for the outcome of ${intent.kind}`);
    }
    endIntent(lane, intent);
    await saveLane(lane);
  }
}

async function wasPerformed(lane: Lane, intent: Intent): Promise<boolean> {
  switch (intent.kind) {
    case 'create_issue':
      return issueWasCreated(lane, intent);
    case 'add_comment':
      return commentWasAdded(lane, intent);
    case 'upload_attachment':
      return attachmentWasStored(lane, intent);
  }
}

async function commentWasAdded(lane: Lane, intent: Intent): Promise<boolean> {
  const comment = lane.state.comments.get(intent.subject);
  const issue = await readForEvidence(lane);
  if (comment === undefined || issue === null) return false;
  const proxy = await lane.ctx.jira().myself();
  const known = new Set([...lane.state.comments.values()].map((entry) => entry.localId));
  const body = String(intent.detail['body']);
  const found = issue.comments.find(
    (candidate) =>
      !known.has(candidate.id) && candidate.author?.name === proxy.name && sameText(candidate.body, body),
  );
  if (found === undefined) return false;
  recordComment(lane, comment, authorLine(comment.authorName), found);
  return true;
}

async function attachmentWasStored(lane: Lane, intent: Intent): Promise<boolean> {
  const attachment = lane.state.attachments.get(intent.subject);
  const issue = await readForEvidence(lane);
  if (attachment === undefined || issue === null) return false;
  const proxy = await lane.ctx.jira().myself();
  const known = new Set([...lane.state.attachments.values()].map((entry) => entry.localId));
  const candidates = (issue.attachments ?? []).filter(
    (candidate) =>
      !known.has(candidate.id) &&
      candidate.author?.name === proxy.name &&
      candidate.sizeBytes === Number(intent.detail['sizeBytes']),
  );
  const found = candidates.find((candidate) => candidate.filename === intent.detail['filename']) ?? candidates[0];
  if (found === undefined) return false;
  recordAttachment(lane, attachment, found, null);
  return true;
}

async function readForEvidence(lane: Lane): Promise<TrackerIssue | null> {
  return lane.twin.localIssueId === null ? null : readIfThere(lane, lane.twin.localIssueId);
}

async function readIfThere(lane: Lane, idOrKey: string): Promise<TrackerIssue | null> {
  try {
    return await lane.ctx.jira().readIssue(idOrKey);
  } catch (error) {
    if (error instanceof TrackerError && error.code === 'not_found') return null;
    throw error;
  }
}

async function issueWasCreated(lane: Lane, intent: Intent): Promise<boolean> {
  if (lane.twin.localIssueId !== null) return true;
  const found = (await searchForIssue(lane, intent)) ?? (await probeForIssue(lane, intent));
  if (found === null) return false;
  recordCreated(lane, {
    id: found.id,
    key: found.key,
    projectKey: found.projectKey,
    typeName: found.issueType.name,
  });
  return true;
}

async function searchForIssue(lane: Lane, intent: Intent): Promise<TrackerIssue | null> {
  const tracker = lane.ctx.jira();
  const zone = (await tracker.myself()).timeZone ?? 'UTC';
  // Two minutes for clocks that differ, and an hour where daylight saving time makes a minute ambiguous.
  const since = jqlMinute(intent.startedAt.getTime() - 62 * 60_000, zone);
  const jql = `project = ${jqlString(String(intent.detail['projectKey']))} AND created >= "${since}" ORDER BY created DESC, key DESC`;
  const page = await tracker.search({ jql, startAt: 0, maxResults: 200, withSummary: true });
  const likely = page.hits.filter((hit) => hit.summary === null || sameText(hit.summary, String(intent.detail['summary'])));
  const taken = await takenIds(lane, likely.map((hit) => hit.id));
  for (const hit of likely) {
    if (taken.has(hit.id)) continue;
    const issue = await readIfThere(lane, hit.id);
    if (issue !== null && (await isOurs(lane, intent, issue))) return issue;
  }
  return null;
}

async function probeForIssue(lane: Lane, intent: Intent): Promise<TrackerIssue | null> {
  const projectKey = String(intent.detail['projectKey']);
  const newest = await lane.ctx.jira().search({
    jql: `project = ${jqlString(projectKey)} ORDER BY key DESC`,
    startAt: 0,
    maxResults: 1,
  });
  let number = Number(newest.hits[0]?.key.split('-').at(-1) ?? 0);
  for (let unused = 0; unused < unusedKeysInARow; ) {
    number += 1;
    const issue = await readIfThere(lane, `${projectKey}-${number}`);
    if (issue === null) unused += 1;
    else {
      unused = 0;
      if (await isOurs(lane, intent, issue)) return issue;
    }
  }
  return null;
}

async function isOurs(lane: Lane, intent: Intent, issue: TrackerIssue): Promise<boolean> {
  const mark = await lane.ctx.jira().issueProperty(issue.id, twinProperty);
  if (mark !== undefined) {
    return typeof mark === 'object' && mark !== null && 'twin' in mark && mark.twin === lane.twin.uid;
  }
  const proxy = await lane.ctx.jira().myself();
  const author = issue.creator ?? issue.reporter;
  return (
    author?.name === proxy.name &&
    sameText(issue.summary.trim(), String(intent.detail['summary']).trim()) &&
    sameText(issue.description ?? '', String(intent.detail['description'])) &&
    issue.createdMs > intent.startedAt.getTime() - 120_000 &&
    !(await takenIds(lane, [issue.id])).has(issue.id)
  );
}

async function takenIds(lane: Lane, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const twins = await lane.ctx.db.twin.findMany({
    where: { localIssueId: { in: [...ids] }, id: { not: lane.twinId } },
    select: { localIssueId: true },
  });
  return new Set(twins.map((twin) => twin.localIssueId ?? ''));
}
