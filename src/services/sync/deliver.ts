/**
 * Sending the partner what it does not know yet. One message per twin is under way at a time; it is stored before it is sent.
 * What does not fit into one message follows in the next: what was acknowledged is acknowledged entry by entry.
 */
import { performance } from 'node:perf_hooks';
import { Fault } from '#/engine/fault/faults.ts';
import type { Message } from '#/engine/protocol/messages.ts';
import { acknowledge, entryCount, isEmptyDelta, portion, unsentDelta } from '#/engine/replica/delta.ts';
import type { TrackerIssue } from '#/engine/ports.ts';
import { awaitsAnswer, connectParts, connectRefused, owesParts } from '../twin/connect-lane.ts';
import type { Lane, StoredMessage } from './lane.ts';
import { Later } from './later.ts';
import { buildMessage, progressKey, progressOf } from './message.ts';
import { partnerOf } from './partner.ts';
import { isUnsaved, saveLane } from './save-twin.ts';
import { isExalated } from './exalated.ts';
import { passCrashPoint, tuningOf } from './tuning.ts';

/** The partner's screen follows the first sync step by step, but not more often than this. */
const reportEveryMs = 1_500;

/** Sends what is due until nothing is; the twin's status is the caller's business. */
export async function deliver(lane: Lane, parent: ParentLink | null): Promise<void> {
  if (lane.event !== null) await send(lane, lane.event);
  while (lane.twin.endedAt === null && !awaitsAnswer(lane.twin) && isDue(lane)) {
    await send(lane, await store(lane, parent));
  }
}

function isDue(lane: Lane): boolean {
  const { twin } = lane;
  if (!isEmptyDelta(unsentDelta(lane.state)) || owesParts(twin)) return true;
  return progressKey(lane, progressOf(lane)) !== twin.reportedState;
}

export interface ParentLink {
  parentTwin: string | null;
  subtask: boolean;
}

/** Where the issue stands among sub-tasks, told once with the first message (A4). */
export async function parentLink(lane: Lane, issue: TrackerIssue): Promise<ParentLink> {
  if (issue.parentId === null) return { parentTwin: null, subtask: issue.issueType.subtask };
  const parent = await lane.ctx.db.twin.findFirst({
    where: { connectionId: lane.connection.id, localIssueId: issue.parentId, endedAt: null },
    select: { uid: true },
  });
  return { parentTwin: parent?.uid ?? null, subtask: issue.issueType.subtask };
}

async function store(lane: Lane, parent: ParentLink | null): Promise<StoredMessage> {
  const kind = isExalated(lane.twin) ? 'update' : 'exalate';
  const unsent = unsentDelta(lane.state);
  const delta = portion(unsent, tuningOf(lane.ctx).message);
  const last = entryCount(delta) === entryCount(unsent);
  const message = buildMessage(lane, { kind, delta, ...parent, ...connectParts(lane, last) });
  await saveLane(lane, { newEvent: message });
  lane.event = { id: message.id, message, since: lane.hint ?? new Date(lane.ctx.clock.now()) };
  return lane.event;
}

async function send(lane: Lane, event: StoredMessage): Promise<void> {
  const { ctx, connection, twin } = lane;
  const retryAt = connection.partnerRetryAt;
  if (retryAt !== null && retryAt.getTime() > ctx.clock.now())
    throw new Later(retryAt, 'the partner is being left alone');
  // Talking may take long: whatever Jira has answered so far is on record before.
  if (isUnsaved(lane)) await saveLane(lane);
  passCrashPoint(ctx, 'before send', lane.twinId);
  const result = (await partnerOf(ctx, connection).send([event.message]))[0];
  lane.heardPartner = true;
  passCrashPoint(ctx, 'sent', lane.twinId);
  // A partner that has forgotten a pair which is over has nothing left to be told.
  const forgotten = twin.endedAt !== null && result?.reason === 'unknown_twin';
  if (result?.result !== 'stored' && !forgotten) {
    if (event.message.kind === 'connect') throw connectRefused(event.message, result?.reason ?? null);
    throw new Fault('partner_message_refused', result?.reason ?? 'The partner gave no reason.');
  }
  lane.reportedAt = performance.now();
  lane.state = acknowledge(lane.state, event.message.delta);
  lane.event = null;
  if (event.message.content) {
    twin.lastSyncOutAt = new Date(ctx.clock.now());
    const ms = Math.max(0, ctx.clock.now() - event.since.getTime());
    ctx.meter?.observe('delivery', {}, ms);
    lane.timeline.push({ kind: 'sent', data: { ...sentSummary(event.message), ms } });
  }
  lane.acknowledged.push(event.id);
}

function sentSummary({ number, delta }: Message): Record<string, unknown> {
  return {
    number,
    fields: Object.keys(delta.fields),
    comments: delta.comments.length,
    attachments: delta.attachments.length,
  };
}

/** Tells the partner how far we are, without storing or waiting for anything: the last word is always a stored message. */
export async function reportProgress(lane: Lane): Promise<void> {
  const { ctx, connection, twin } = lane;
  if (lane.reportedAt === 0) lane.reportedAt = performance.now();
  if (lane.event !== null || performance.now() - lane.reportedAt < reportEveryMs) return;
  lane.reportedAt = performance.now();
  const before = { ...twin };
  const message = buildMessage(lane, { kind: 'update' });
  Object.assign(twin, before);
  try {
    await partnerOf(ctx, connection).send([{ ...message, number: Math.max(1, twin.outNumber) }]);
  } catch (error) {
    ctx.logger.debug({ err: error, twinId: twin.id }, 'progress could not be reported');
  }
}
