/**
 * Taking in what the partner says. For every value the newer stamp wins on both nodes (C4), so merging is commutative,
 * associative and idempotent: any order and repetition of messages leads to the same state.
 */
import type { AttachmentState, CommentState, Delta, Register } from '../protocol/messages.ts';
import type { AttachmentEntry, CommentEntry, FieldName, FieldState, Overwritten, TwinState } from './state.ts';
import { fieldNames } from './state.ts';
import { compareStamps, isNewer, newerStamp, otherSide } from './stamp.ts';
import { sameText } from './text.ts';

export interface MergeResult {
  readonly state: TwinState;
  readonly overwritten: readonly Overwritten[];
}

export function merge(state: TwinState, delta: Delta): MergeResult {
  const overwritten: Overwritten[] = [];
  const fields: Partial<Record<FieldName, FieldState>> = { ...state.fields };
  for (const name of fieldNames) {
    const incoming = delta.fields[name];
    if (incoming !== undefined) fields[name] = mergeField(state, name, incoming, overwritten);
  }
  const comments = new Map(state.comments);
  for (const incoming of delta.comments) {
    comments.set(incoming.uid, mergeComment(state, comments.get(incoming.uid), incoming, overwritten));
  }
  const attachments = new Map(state.attachments);
  for (const incoming of delta.attachments) {
    attachments.set(incoming.uid, mergeAttachment(attachments.get(incoming.uid), incoming));
  }
  return { state: { side: state.side, fields, comments, attachments }, overwritten };
}

function mergeField(state: TwinState, name: FieldName, incoming: Register, overwritten: Overwritten[]): FieldState {
  const known = state.fields[name];
  if (known === undefined) {
    return { value: incoming.value, stamp: incoming.stamp, realized: null, acked: incoming.stamp };
  }
  const acked = newerStamp(known.acked, incoming.stamp);
  const order = compareStamps(incoming.stamp, known.stamp);
  if (order === 0) return { ...known, acked };
  const concurrent = isNewer(known.stamp, known.acked) && isNewer(incoming.stamp, known.acked);
  if (concurrent && !sameText(incoming.value, known.value)) {
    overwritten.push(
      order > 0
        ? { what: name, uid: null, side: state.side, value: known.value, by: incoming.value }
        : { what: name, uid: null, side: otherSide(state.side), value: incoming.value, by: known.value },
    );
  }
  return order > 0 ? { ...known, value: incoming.value, stamp: incoming.stamp, acked } : { ...known, acked };
}

function mergeComment(
  state: TwinState,
  known: CommentEntry | undefined,
  incoming: CommentState,
  overwritten: Overwritten[],
): CommentEntry {
  if (known === undefined) {
    return {
      uid: incoming.uid,
      localId: null,
      hidden: false,
      atHome: false,
      body: incoming.body,
      authorName: incoming.authorName,
      authorLine: null,
      createdMs: incoming.createdMs,
      stamp: incoming.stamp,
      deleted: incoming.deleted,
      realized: null,
      acked: incoming.stamp,
      ackedDeleted: incoming.deleted,
    };
  }
  const merged: CommentEntry = {
    ...known,
    deleted: newerStamp(known.deleted, incoming.deleted),
    acked: newerStamp(known.acked, incoming.stamp),
    ackedDeleted: newerStamp(known.ackedDeleted, incoming.deleted),
  };
  const order = compareStamps(incoming.stamp, known.stamp);
  if (order === 0) return merged;
  const concurrent = isNewer(known.stamp, known.acked) && isNewer(incoming.stamp, known.acked);
  if (concurrent && !sameText(incoming.body, known.body)) {
    overwritten.push(
      order > 0
        ? { what: 'comment', uid: known.uid, side: state.side, value: known.body, by: incoming.body }
        : { what: 'comment', uid: known.uid, side: otherSide(state.side), value: incoming.body, by: known.body },
    );
  }
  return order > 0 ? { ...merged, body: incoming.body, stamp: incoming.stamp } : merged;
}

function mergeAttachment(known: AttachmentEntry | undefined, incoming: AttachmentState): AttachmentEntry {
  if (known === undefined) {
    const { deleted } = incoming;
    const here = { localId: null, sha256: null, contentUrl: null, atHome: false };
    return { ...incoming, ...here, acked: true, ackedDeleted: deleted };
  }
  return {
    ...known,
    deleted: known.deleted || incoming.deleted,
    acked: true,
    ackedDeleted: known.ackedDeleted || incoming.deleted,
  };
}
