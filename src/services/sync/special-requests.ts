/**
 * What stands in a twin's queue beside the partner's messages: `baseline`, the partner's whole state, to be taken over because
 * this database was found to be older than it should be (C10), or because verifying found the two nodes to differ.
 */
import { TrackerError } from '#/engine/ports.ts';
import type { TrackerIssue } from '#/engine/ports.ts';
import { twinSnapshotSchema, type TwinSnapshot } from '#/engine/protocol/question.ts';
import { merge } from '#/engine/replica/merge.ts';
import { keepAtHome } from '#/engine/twin/pair-existing.ts';
import type { Paired } from '#/engine/twin/pair-existing.ts';
import type { Lane } from './lane.ts';
import { noteOverwritten } from './lane.ts';
import { look } from './look.ts';
import { pairAgain } from './pair-again.ts';
import { remoteProgress } from './remote-progress.ts';
import { noteReported } from './reported-error.ts';
import { endBecauseRemoved } from './removed-issue.ts';
import { saveLane } from './save-twin.ts';

export async function takeSpecialRequests(lane: Lane): Promise<void> {
  const special = lane.requests.filter(({ message }) => 'snapshot' in message);
  if (special.length === 0) return;
  lane.requests = lane.requests.filter(({ message }) => !('snapshot' in message));
  const before = remoteProgress(lane.twin);
  for (const { message } of special)
    if ('snapshot' in message) await takeOver(lane, twinSnapshotSchema.parse(message.snapshot));
  await noteReported(lane, before);
  await saveLane(lane, { merged: special.map(({ id }) => id) });
}

/** Merging is idempotent and stamps decide, so nothing newer is overwritten; copies that exist are recognised, not made again. */
async function takeOver(lane: Lane, snapshot: TwinSnapshot): Promise<void> {
  const { twin } = lane;
  takeNumbers(lane, snapshot);
  if (twin.endedAt !== null) return;
  if (snapshot.ended !== null) return endHere(lane, snapshot.ended);
  if (snapshot.issue !== null) {
    twin.remoteIssueId = snapshot.issue.id;
    twin.remoteIssueKey = snapshot.issue.key;
  }
  if (twin.localIssueId === null && snapshot.askersIssue !== null) {
    twin.localIssueId = snapshot.askersIssue.id;
    twin.localIssueKey = snapshot.askersIssue.key;
  }
  const merged = merge(lane.state, snapshot.delta);
  lane.state = merged.state;
  noteOverwritten(lane, merged.overwritten);
  lane.timeline.push({ kind: 'restored', data: {} });
  const issue = await readForPairing(lane);
  if (issue === null) return;
  lane.state = await pairAgain(lane, issue);
  const known = { comments: new Set(lane.state.comments.keys()), attachments: new Set(lane.state.attachments.keys()) };
  await look(lane);
  leaveAtHome(lane, snapshot, known);
}

/** This database may be older than the connecting of the two issues: what the partner does not know of it stayed here then. */
function leaveAtHome(lane: Lane, { carried, createdMs }: TwinSnapshot, known: Paired): void {
  if (carried === undefined) return;
  lane.twin.carried = carried;
  lane.state = keepAtHome(lane.state, known, carried, (entry) => entry.createdMs < createdMs);
}

/** The partner has seen more of our messages than this database knows of, and has sent more. */
function takeNumbers({ twin }: Lane, snapshot: TwinSnapshot): void {
  const { applied } = snapshot.progress;
  twin.outNumber = Math.max(twin.outNumber, snapshot.received);
  twin.outContent = Math.max(twin.outContent, applied);
  twin.remoteApplied = Math.max(twin.remoteApplied, applied);
  twin.inNumber = Math.max(twin.inNumber, snapshot.sent);
  twin.inContent = Math.max(twin.inContent, snapshot.sentContent);
  twin.reportedState = '';
  twin.remoteProgress = { ...remoteProgress(twin), ...snapshot.progress };
}

function endHere(lane: Lane, how: 'unexalated' | 'issue_deleted'): void {
  const { twin, ctx } = lane;
  twin.endedAt = new Date(ctx.clock.now());
  twin.status = how === 'issue_deleted' ? 'remote_removed' : 'unexalated';
  twin.errorCode = null;
  lane.timeline.push({ kind: how === 'issue_deleted' ? 'remote_removed' : 'remote_unexalated', data: {} });
}

async function readForPairing(lane: Lane): Promise<TrackerIssue | null> {
  const id = lane.twin.localIssueId;
  if (id === null) return null;
  try {
    const issue = await lane.ctx.jira().readIssue(id, { changelog: true });
    lane.twin.localIssueKey = issue.key;
    lane.twin.localProjectKey = issue.projectKey;
    return issue;
  } catch (error) {
    if (!(error instanceof TrackerError) || error.code !== 'not_found') throw error;
    await endBecauseRemoved(lane, error);
    return null;
  }
}
