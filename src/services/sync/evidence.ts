/**
 * Writes of unknown outcome (C1). Before anything is written again, Jira is asked whether the write took place: by the
 * marker set together with it, and where a Jira does not give that back, by the exact content.
 */
import type { TrackerIssue } from '#/engine/ports.ts';
import { editWasPerformed } from '#/engine/replica/read-back.ts';
import type { Written } from '#/engine/replica/read-back.ts';
import type { FieldName } from '#/engine/replica/state.ts';
import { authorLine, sameText } from '#/engine/replica/text.ts';
import { recordAttachment } from './attachments.ts';
import { findCopy, readMarks, recordComment } from './comments.ts';
import { recordCreated } from './create-issue.ts';
import { findCreated, readIfThere } from './find-created.ts';
import type { Intent, Lane } from './lane.ts';
import { Later } from './later.ts';
import { takeIn } from './look.ts';
import { endIntent } from './non-repeatable.ts';
import { saveLane } from './save-twin.ts';
import { tuningOf } from './tuning.ts';

/** Settles every open intent, or throws {@link Later} while the outcome cannot be known yet. */
export async function settleIntents(lane: Lane): Promise<void> {
  for (const intent of lane.intents.slice()) {
    if (await wasPerformed(lane, intent)) {
      lane.timeline.push({ kind: 'recovered', data: { write: intent.kind } });
      // The work went on after all, so the next failure is not one more in a row.
      lane.twin.attempts = Math.min(lane.twin.attempts, 1);
    } else {
      await waitForOutcome(lane, intent);
    }
    endIntent(lane, intent);
    await saveLane(lane);
  }
}

/**
 * Jira may go on with a request whose connection is gone. The time for that runs from the first look without evidence, not
 * from the beginning of the write: an answer may have been awaited for minutes before it was lost.
 */
async function waitForOutcome(lane: Lane, intent: Intent): Promise<void> {
  const { ctx } = lane;
  const { settleMs, askAgainMs } = tuningOf(ctx);
  const now = ctx.clock.now();
  const missingSince = intent.detail['missingSince'];
  if (typeof missingSince === 'number' && now - missingSince >= settleMs) return;
  if (typeof missingSince !== 'number') {
    await ctx.db.$executeRaw`
      UPDATE write_intent SET detail = detail || jsonb_build_object('missingSince', ${now}::float8) FROM twin
      WHERE twin.id = write_intent."twinId" AND twin.id = ${lane.twinId}::uuid AND twin.fence = ${lane.fence}
        AND kind = ${intent.kind} AND subject = ${intent.subject}`;
  }
  throw new Later(new Date(now + askAgainMs), `waiting for the outcome of ${intent.kind}`);
}

async function wasPerformed(lane: Lane, intent: Intent): Promise<boolean> {
  switch (intent.kind) {
    case 'create_issue':
      return issueWasCreated(lane, intent);
    case 'add_comment':
      return commentWasAdded(lane, intent);
    case 'upload_attachment':
      return attachmentWasStored(lane, intent);
    case 'edit_issue':
      return issueWasEdited(lane, intent);
    case 'edit_comment':
      return commentWasEdited(lane, intent);
  }
}

async function issueWasEdited(lane: Lane, intent: Intent): Promise<boolean> {
  const issue = await readForEvidence(lane, { changelog: true });
  if (issue === null) return false;
  const { written, lastChange } = intent.detail as { written: Record<string, Written>; lastChange: string | null };
  const edits = new Map(Object.entries(written) as [FieldName, Written][]);
  const texts = new Map([...edits].map(([field, { text }]) => [field, text]));
  const { name: proxyName } = await lane.ctx.jira().proxyUser();
  if (!editWasPerformed(texts, issue, { lastChange, proxyName })) return false;
  await takeIn(lane, issue, edits);
  return true;
}

async function commentWasEdited(lane: Lane, intent: Intent): Promise<boolean> {
  const comment = lane.state.comments.get(intent.subject);
  const issue = await readForEvidence(lane);
  const shown = issue?.comments.find(({ id }) => id === comment?.localId);
  if (comment === undefined || shown === undefined || !sameText(shown.body, String(intent.detail['body'])))
    return false;
  recordComment(lane, comment, comment.authorLine, shown);
  return true;
}

async function commentWasAdded(lane: Lane, intent: Intent): Promise<boolean> {
  const comment = lane.state.comments.get(intent.subject);
  const issue = await readForEvidence(lane);
  if (comment === undefined || issue === null) return false;
  const proxy = await lane.ctx.jira().proxyUser();
  const known = new Set([...lane.state.comments.values()].map((entry) => entry.localId));
  const candidates = issue.comments.filter(({ id, author }) => !known.has(id) && author?.name === proxy.name);
  const marks = await readMarks(lane, candidates);
  const text = String(intent.detail['body']);
  const found = findCopy(candidates, marks, { uid: comment.uid, text });
  if (found === undefined) return false;
  // What somebody has made of it since is an edit, to be found by the next look.
  const body = sameText(found.body, text) ? found.body : text;
  recordComment(lane, comment, authorLine(comment.authorName), { id: found.id, body });
  return true;
}

async function attachmentWasStored(lane: Lane, intent: Intent): Promise<boolean> {
  const attachment = lane.state.attachments.get(intent.subject);
  const issue = await readForEvidence(lane);
  if (attachment === undefined || issue === null) return false;
  const proxy = await lane.ctx.jira().proxyUser();
  const known = new Set([...lane.state.attachments.values()].map((entry) => entry.localId));
  const candidates = (issue.attachments ?? []).filter(
    (candidate) =>
      !known.has(candidate.id) &&
      candidate.author?.name === proxy.name &&
      candidate.sizeBytes === Number(intent.detail['sizeBytes']),
  );
  // Jira may change a name that it does not like; an older file of the same size is another one all the same.
  const since = intent.startedAt.getTime() - 120_000;
  const found =
    candidates.find((candidate) => candidate.filename === intent.detail['filename']) ??
    candidates.find((candidate) => candidate.createdMs > since);
  if (found === undefined) return false;
  recordAttachment(lane, attachment, found, null);
  return true;
}

async function readForEvidence(lane: Lane, options?: { changelog: boolean }): Promise<TrackerIssue | null> {
  return lane.twin.localIssueId === null ? null : readIfThere(lane, lane.twin.localIssueId, options);
}

async function issueWasCreated(lane: Lane, intent: Intent): Promise<boolean> {
  if (lane.twin.localIssueId !== null) return true;
  const found = await findCreated(lane, intent);
  if (found === null) return false;
  const { id, key, projectKey, issueType } = found;
  recordCreated(lane, { id, key, projectKey, typeName: issueType.name });
  return true;
}
