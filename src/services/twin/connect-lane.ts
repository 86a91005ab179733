/**
 * The part of a lane that pairs two existing issues. The side that asks sends all that its issue holds; the other side
 * compares, and tells with its first message what both have. Until then the asking side says nothing more.
 */
import { Fault } from '#/engine/fault/faults.ts';
import type { TrackerIssue } from '#/engine/ports.ts';
import type { Delta, Message, TracePairs } from '#/engine/protocol/messages.ts';
import { acknowledge } from '#/engine/replica/delta.ts';
import { merge } from '#/engine/replica/merge.ts';
import { fieldNames } from '#/engine/replica/state.ts';
import { sameText } from '#/engine/replica/text.ts';
import {
  alikeFiles,
  keepAtHome,
  pairExisting,
  recogniseCopies,
  withLosingFields,
} from '#/engine/twin/pair-existing.ts';
import { noteOverwritten } from '../sync/lane.ts';
import type { Lane } from '../sync/lane.ts';
import type { MessageParts } from '../sync/message.ts';
import { connectState } from './connect-state.ts';
import type { ConnectState } from './connect-state.ts';
import { hashFiles } from './hash-files.ts';

/** Right after the local issue was seen for the first time, before anything of it is stored. */
export async function takeInExisting(lane: Lane, issue: TrackerIssue): Promise<void> {
  const connect = connectState(lane.twin);
  if (connect === null) return;
  const proxy = await lane.ctx.jira().proxyUser();
  lane.state = recogniseCopies(lane.state, issue, proxy.name);
  if (connect.winner === 'remote') lane.state = withLosingFields(lane.state);
  if (connect.role === 'asked') await pairWith(lane, connect, requestOf(lane));
}

function requestParts(lane: Lane): Message[] {
  return lane.requests.filter(({ message }) => message.kind === 'connect').map(({ message }) => message);
}

function isLastPart({ connect }: Message): boolean {
  return connect?.more !== true;
}

/** The partner's request to pair, its parts put together; what changed between two parts is in both, the newer one counts. */
function requestOf(lane: Lane): Message | undefined {
  const parts = requestParts(lane);
  const [first] = parts;
  if (first === undefined) return undefined;
  const delta: Delta = {
    fields: Object.assign({}, ...parts.map((part) => part.delta.fields)) as Delta['fields'],
    comments: newest(parts.flatMap((part) => part.delta.comments)),
    attachments: newest(parts.flatMap((part) => part.delta.attachments)),
  };
  return { ...first, delta };
}

function newest<Entry extends { uid: string }>(entries: readonly Entry[]): Entry[] {
  return [...new Map(entries.map((entry) => [entry.uid, entry])).values()];
}

async function pairWith(lane: Lane, connect: ConnectState, request: Message | undefined): Promise<void> {
  if (request === undefined) throw new Error('The issue was read before the request to pair it was there.');
  const hashes = await hashFiles(lane, alikeFiles(lane.state, request.delta));
  const pairing = pairExisting(lane.state, request.delta, connect.existing, hashes);
  const merged = merge(pairing.state, pairing.delta);
  lane.state = merged.state;
  noteOverwritten(lane, merged.overwritten);
  lane.twin.connect = { ...connect, pairs: pairing.pairs };
  lane.twin.carried = connect.existing;
  noteConnected(lane, request.issue?.key ?? '', pairing.pairs);
}

function noteConnected(lane: Lane, key: string, { comments, attachments }: TracePairs): void {
  lane.timeline.push({ kind: 'connected', data: { key, comments: comments.length, attachments: attachments.length } });
}

/** The partner asks to pair its issue with ours: ours has to be read and compared before anything else is done. */
export function isPairingRequested(lane: Lane): boolean {
  const connect = connectState(lane.twin);
  return connect?.role === 'asked' && connect.pairs === undefined && requestParts(lane).some(isLastPart);
}

/**
 * Parts of the partner's request to pair are still to come. Until then nothing may be done: what the missing ones hold would
 * be taken for something that only this side has, and be sent back as new.
 */
export function awaitsParts(lane: Lane): boolean {
  const connect = connectState(lane.twin);
  if (connect?.role !== 'asked' || connect.pairs !== undefined || isPairingRequested(lane)) return false;
  return !lane.requests.some(({ message }) => message.kind === 'ended');
}

/** The first message after our request: what both sides have is known now, and the rest is carried over or stays. */
export function takeInAnswer(lane: Lane, message: Message): void {
  const connect = connectState(lane.twin);
  if (message.pairs === undefined || connect?.role !== 'asking') return;
  // Our request has arrived, even if its acknowledgement has not.
  if (lane.event?.message.kind === 'connect') lane.state = acknowledge(lane.state, lane.event.message.delta);
  const paired = { comments: new Set(message.pairs.comments), attachments: new Set(message.pairs.attachments) };
  lane.state = keepAtHome(
    lane.state,
    paired,
    connect.existing,
    (entry) => entry.acked !== null && entry.acked !== false,
  );
  lane.twin.connect = null;
  lane.twin.carried = connect.existing;
  noteConnected(lane, message.issue?.key ?? '', message.pairs);
  for (const name of connect.winner === 'remote' ? fieldNames : []) {
    const [own, theirs] = [lane.state.fields[name], message.delta.fields[name]];
    if (own === undefined || theirs === undefined || own.stamp.time > 0 || sameText(own.value, theirs.value)) continue;
    noteOverwritten(lane, [{ what: name, uid: null, side: lane.state.side, value: own.value, by: theirs.value }]);
  }
}

/** The partner has been asked and has not answered: what changes meanwhile is told afterwards. */
export function awaitsAnswer(twin: Lane['twin']): boolean {
  const connect = connectState(twin);
  return connect?.role === 'asking' && twin.outNumber > 0 && connect.nextPart === undefined;
}

/** The partner waits for the rest of our request to pair, or for our answer to its own. */
export function owesParts(twin: Lane['twin']): boolean {
  const connect = connectState(twin);
  return connect?.nextPart !== undefined || connect?.pairs !== undefined;
}

/**
 * What the next message says about pairing; `last` when it carries all that has not been told yet. Once the answer is stored
 * to be sent, this side is done with it.
 */
export function connectParts(lane: Lane, last: boolean): Partial<MessageParts> {
  const connect = connectState(lane.twin);
  if (connect === null) return {};
  if (connect.role === 'asked') {
    lane.twin.connect = null;
    return { pairs: connect.pairs ?? { comments: [], attachments: [] } };
  }
  const { nextPart: part = 0, ...asking } = connect;
  lane.twin.connect = last ? asking : { ...asking, nextPart: part + 1 };
  const { comments, attachments } = asking.existing;
  const winner = asking.winner === 'local' ? 'sender' : 'receiver';
  const place = last && part === 0 ? {} : { part, more: !last };
  return { kind: 'connect', connect: { issueKey: asking.remoteKey ?? '', comments, attachments, winner, ...place } };
}

export function connectRefused(message: Message, reason: string | null): Fault {
  const key = message.connect?.issueKey ?? 'the issue';
  return new Fault(
    'connect_refused',
    refusalTexts[reason ?? '']?.(key) ?? `The partner node says: ${reason ?? 'nothing'}.`,
  );
}

const refusalTexts: Record<string, (key: string) => string> = {
  connect_not_found: (key) => `${key} does not exist on the other side, or the proxy user there may not see it.`,
  connect_under_sync: (key) => `${key} is already under sync in this connection on the other side.`,
  connect_same_issue: (key) => `${key} cannot be connected with itself.`,
  connect_dropped: (key) =>
    `The other side has dropped the request to connect ${key} half-way. Take this issue out of sync and connect it again.`,
};
