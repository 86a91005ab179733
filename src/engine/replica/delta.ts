/** The part of the state that the partner is not known to have, and what an acknowledgement of it teaches. */
import type { Delta } from '../protocol/messages.ts';
import type { AttachmentEntry, CommentEntry, FieldState, TwinState } from './state.ts';
import { fieldNames, isAlive } from './state.ts';
import { isNewer, newerStamp } from './stamp.ts';

/** Made once: comparing by options would make one for each comparison. */
const byUid = new Intl.Collator('en', { numeric: true });

export function emptyDelta(): Delta {
  return { fields: {}, comments: [], attachments: [] };
}

export function isEmptyDelta(delta: Delta): boolean {
  return delta.comments.length === 0 && delta.attachments.length === 0 && Object.keys(delta.fields).length === 0;
}

export function unsentDelta(state: TwinState): Delta {
  const delta = emptyDelta();
  for (const name of fieldNames) {
    const field = state.fields[name];
    if (field !== undefined && isNewer(field.stamp, field.acked)) {
      delta.fields[name] = { value: field.value, stamp: field.stamp };
    }
  }
  const comments = [...state.comments.values()].filter(isCommentUnsent);
  comments.sort((a, b) => a.createdMs - b.createdMs || byUid.compare(a.uid, b.uid));
  for (const comment of comments) {
    const { uid, authorName, createdMs, stamp, deleted } = comment;
    // A deletion is told even of a comment that may never have arrived, but not what it said.
    delta.comments.push({ uid, body: isAlive(comment) ? comment.body : '', authorName, createdMs, stamp, deleted });
  }
  const attachments = [...state.attachments.values()].filter(isAttachmentUnsent);
  attachments.sort((a, b) => a.createdMs - b.createdMs || byUid.compare(a.uid, b.uid));
  for (const { uid, filename, mimeType, sizeBytes, authorName, createdMs, deleted } of attachments) {
    delta.attachments.push({ uid, filename, mimeType, sizeBytes, authorName, createdMs, deleted });
  }
  return delta;
}

/** What one request between nodes may carry of a twin. */
export interface Room {
  readonly bytes: number;
  readonly entries: number;
}

/**
 * As much of a delta as there is room for, leaving out its first `from` entries ({@link entryCount}). The fields stay together
 * and come first. One entry at least, or nothing would ever go on.
 */
export function portion(delta: Delta, room: Room, from = 0): Delta {
  const part = emptyDelta();
  const entries = [
    ...(Object.keys(delta.fields).length > 0
      ? [{ entry: delta.fields, put: () => void (part.fields = delta.fields) }]
      : []),
    ...delta.comments.map((entry) => ({ entry, put: () => void part.comments.push(entry) })),
    ...delta.attachments.map((entry) => ({ entry, put: () => void part.attachments.push(entry) })),
  ];
  let bytes = 0;
  for (const [index, { entry, put }] of entries.slice(from, from + room.entries).entries()) {
    bytes += sizeOf(entry);
    if (index > 0 && bytes > room.bytes) break;
    put();
  }
  return part;
}

/** The fields count as one. */
export function entryCount({ fields, comments, attachments }: Delta): number {
  return Math.min(1, Object.keys(fields).length) + comments.length + attachments.length;
}

/** Bytes on the wire. */
export function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function isCommentUnsent(comment: CommentEntry): boolean {
  if (comment.atHome) return false;
  return (
    isNewer(comment.stamp, comment.acked) ||
    (comment.deleted !== null && isNewer(comment.deleted, comment.ackedDeleted))
  );
}

function isAttachmentUnsent(attachment: AttachmentEntry): boolean {
  if (attachment.atHome) return false;
  return attachment.deleted ? !attachment.ackedDeleted : !attachment.acked;
}

/** The partner has stored this delta. */
export function acknowledge(state: TwinState, delta: Delta): TwinState {
  const fields: TwinState['fields'] = Object.fromEntries(
    Object.entries(state.fields).map(([name, field]: [string, FieldState]) => {
      const sent = delta.fields[name as keyof Delta['fields']];
      return [name, sent === undefined ? field : { ...field, acked: newerStamp(field.acked, sent.stamp) }];
    }),
  );
  const comments = new Map(state.comments);
  for (const sent of delta.comments) {
    const known = comments.get(sent.uid);
    if (known === undefined) continue;
    comments.set(sent.uid, {
      ...known,
      acked: newerStamp(known.acked, sent.stamp),
      ackedDeleted: newerStamp(known.ackedDeleted, sent.deleted),
    });
  }
  const attachments = new Map(state.attachments);
  for (const sent of delta.attachments) {
    const known = attachments.get(sent.uid);
    if (known === undefined) continue;
    attachments.set(sent.uid, { ...known, acked: true, ackedDeleted: known.ackedDeleted || sent.deleted });
  }
  return { ...state, fields, comments, attachments };
}
