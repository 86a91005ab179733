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
