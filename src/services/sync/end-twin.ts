import { clearUnreadableFiles } from '../error/record-fault.ts';
import type { Lane } from './lane.ts';
import { buildMessage } from './message.ts';
import { hasRemoteError } from './remote-progress.ts';
import { saveLane } from './save-twin.ts';

/** Ends the twin on this side and stores the message that tells the partner. */
export async function endTwin(lane: Lane, how: 'unexalated' | 'local_removed'): Promise<void> {
  const { twin, ctx } = lane;
  twin.endedAt = new Date(ctx.clock.now());
  twin.status = how;
  twin.errorCode = null;
  lane.timeline.push({ kind: how, data: { key: twin.localIssueKey } });
  if (hasRemoteError(twin)) await clearUnreadableFiles(ctx, twin.id);
  const message = buildMessage(lane, { kind: 'ended', ended: how === 'unexalated' ? 'unexalated' : 'issue_deleted' });
  await saveLane(lane, { newEvent: message, ...(lane.event === null ? {} : { eventDone: lane.event.id }) });
  lane.event = { id: message.id, message, since: twin.endedAt };
}
