/** Taking the partner's stored messages into the twin's state. The next save stores the result and removes them. */
import { merge } from '#/engine/replica/merge.ts';
import type { Message } from '#/engine/protocol/messages.ts';
import { clearUnreadableFiles } from '../error/record-fault.ts';
import { isPairingRequested, takeInAnswer } from '../twin/connect-lane.ts';
import { noteOverwritten } from './lane.ts';
import type { Lane } from './lane.ts';
import { look } from './look.ts';
import { hasRemoteError, remoteProgress } from './remote-progress.ts';
import { noteReported } from './reported-error.ts';

export async function mergeRequests(lane: Lane): Promise<void> {
  if (lane.requests.length === 0) return;
  if (isPairingRequested(lane)) await look(lane);
  const troubled = hasRemoteError(lane.twin);
  const before = remoteProgress(lane.twin);
  for (const { id, message } of lane.requests.splice(0)) {
    mergeMessage(lane, message);
    lane.merged.push(id);
  }
  if (troubled && (lane.twin.endedAt !== null || !hasRemoteError(lane.twin)))
    await clearUnreadableFiles(lane.ctx, lane.twinId);
  await noteReported(lane, before);
}

function mergeMessage(lane: Lane, message: Message): void {
  const { twin, ctx } = lane;
  if (message.issue !== null) {
    twin.remoteIssueId = message.issue.id;
    twin.remoteIssueKey = message.issue.key;
  }
  twin.remoteApplied = Math.max(twin.remoteApplied, message.progress.applied);
  if (message.number >= twin.inNumber) {
    twin.remoteProgress = { ...remoteProgress(twin), ...message.progress };
    twin.inNumber = message.number;
  }
  if (message.kind === 'exalate' && message.issue !== null) {
    const { subtask, parentTwin } = message.issue;
    twin.remoteProgress = { ...remoteProgress(twin), subtask, parentTwin };
  }
  if (message.kind === 'ended') {
    dropEvent(lane);
    if (twin.endedAt !== null) return;
    twin.endedAt = new Date(ctx.clock.now());
    twin.status = message.ended === 'issue_deleted' ? 'remote_removed' : 'unexalated';
    twin.errorCode = null;
    lane.timeline.push({ kind: message.ended === 'issue_deleted' ? 'remote_removed' : 'remote_unexalated', data: {} });
    return;
  }
  takeInAnswer(lane, message);
  if (!message.content) return;
  twin.inContent = Math.max(twin.inContent, message.number);
  twin.lastSyncInAt = new Date(ctx.clock.now());
  if (message.kind !== 'connect') {
    const result = merge(lane.state, message.delta);
    lane.state = result.state;
    noteOverwritten(lane, result.overwritten);
  }
  lane.timeline.push({
    kind: 'received',
    data: {
      number: message.number,
      fields: Object.keys(message.delta.fields),
      comments: message.delta.comments.length,
      attachments: message.delta.attachments.length,
    },
  });
}

/** A partner that has ended the pair, and has perhaps forgotten it, has no use for what was still to be sent but our own end. */
function dropEvent(lane: Lane): void {
  if (lane.event === null || lane.event.message.kind === 'ended') return;
  lane.acknowledged.push(lane.event.id);
  lane.event = null;
}
