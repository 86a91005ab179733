/**
 * Comparing an issue as Jira shows it with what is known of it: differences are changes that somebody made on this side.
 */
import type { TrackerChange, TrackerComment, TrackerIssue } from '../ports.ts';
import type {
  AttachmentEntry,
  CommentEntry,
  FieldName,
  FieldState,
  Overwritten,
  Realized,
  TwinState,
} from './state.ts';
import { fieldNames } from './state.ts';
import { isNewer, newerStamp, stampAfter } from './stamp.ts';
import type { Side, Stamp } from './stamp.ts';
import { sameText, withAuthorLine, withoutAuthorLine } from './text.ts';

export interface Observation {
  readonly state: TwinState;
  readonly overwritten: readonly Overwritten[];
}

const changelogField: Record<FieldName, string> = {
  summary: 'summary',
  description: 'description',
  issueType: 'issuetype',
};

export function fieldText(issue: TrackerIssue, field: FieldName): string {
  switch (field) {
    case 'summary':
      return issue.summary;
    case 'description':
      return issue.description ?? '';
    case 'issueType':
      return issue.issueType.name;
  }
}

export function fieldChanges(issue: TrackerIssue, field: FieldName): readonly TrackerChange[] {
  return issue.changes.filter((change) => change.field.toLowerCase() === changelogField[field]);
}

/**
 * Takes the issue's present state in. Reading the same issue twice changes nothing the second time. `hidden` are the ids of
 * comments that are not shown and yet there; every other one that is not shown any more has been deleted.
 */
export function observe(state: TwinState, issue: TrackerIssue, hidden: ReadonlySet<string> = new Set()): Observation {
  const overwritten: Overwritten[] = [];
  const fields: Partial<Record<FieldName, FieldState>> = {};
  for (const field of fieldNames) {
    const changedMs = fieldChanges(issue, field).at(-1)?.atMs ?? issue.updatedMs;
    fields[field] = observeField(state, field, fieldText(issue, field), changedMs, overwritten);
  }
  return {
    state: {
      side: state.side,
      fields,
      comments: observeComments(state, issue, hidden, overwritten),
      attachments: observeAttachments(state, issue),
    },
    overwritten,
  };
}

function observeField(
  state: TwinState,
  field: FieldName,
  text: string,
  changedMs: number,
  overwritten: Overwritten[],
): FieldState {
  const known = state.fields[field];
  if (known === undefined) {
    const stamp = stampAfter(null, changedMs, state.side);
    return { value: text, stamp, realized: { text, stamp }, acked: null };
  }
  return localEdit(known, field, text, changedMs, state.side, overwritten);
}

/**
 * Takes in that the local field shows `text` since `changedMs`; against a newer value from the partner the local one loses.
 * Where Jira shows the partner's value already, a write whose reply was lost did its work, or people on both sides agree.
 */
export function localEdit(
  known: FieldState,
  field: FieldName,
  text: string,
  changedMs: number,
  side: Side,
  overwritten: Overwritten[],
): FieldState {
  if (known.realized !== null && sameText(known.realized.text, text)) return known;
  if (sameText(known.value, text)) return { ...known, realized: { text, stamp: known.stamp } };
  const stamp = stampAfter(known.realized?.stamp ?? null, changedMs, side);
  const realized: Realized = { text, stamp };
  const pending = known.realized === null || isNewer(known.stamp, known.realized.stamp);
  if (pending && isNewer(known.stamp, stamp)) {
    overwritten.push({ what: field, uid: null, side, value: text, by: known.value });
    return { ...known, realized };
  }
  if (pending) overwritten.push({ what: field, uid: null, side: known.stamp.side, value: known.value, by: text });
  return { ...known, value: text, stamp, realized };
}

function observeComments(
  state: TwinState,
  issue: TrackerIssue,
  hidden: ReadonlySet<string>,
  overwritten: Overwritten[],
): ReadonlyMap<string, CommentEntry> {
  const comments = new Map(state.comments);
  const byLocalId = new Map<string, CommentEntry>();
  for (const entry of state.comments.values()) if (entry.localId !== null) byLocalId.set(entry.localId, entry);

  for (const comment of issue.comments) {
    const entry = byLocalId.get(comment.id);
    byLocalId.delete(comment.id);
    if (entry === undefined) {
      const gone = comments.get(`${state.side}:${comment.id}`);
      const shown =
        gone?.localId === null
          ? shownAgain(gone, comment, state.side)
          : newComment(freeUid(comments, `${state.side}:${comment.id}`), comment, state.side);
      comments.set(shown.uid, shown);
    } else {
      const inSight = entry.hidden ? { ...entry, hidden: false } : entry;
      comments.set(entry.uid, observeComment(inSight, comment.body, comment.updatedMs, state.side, overwritten));
    }
  }
  for (const [id, entry] of byLocalId) {
    if (!hidden.has(id)) comments.set(entry.uid, deletedHere(entry));
    else if (!entry.hidden) comments.set(entry.uid, { ...entry, hidden: true });
  }
  return comments;
}

function newComment(uid: string, comment: TrackerComment, side: Side): CommentEntry {
  const stamp = stampAfter(null, comment.updatedMs, side);
  return {
    uid,
    localId: comment.id,
    hidden: false,
    atHome: false,
    body: comment.body,
    authorName: comment.author?.displayName ?? 'Anonymous',
    authorLine: null,
    createdMs: comment.createdMs,
    stamp,
    deleted: null,
    realized: { text: comment.body, stamp },
    acked: null,
    ackedDeleted: null,
  };
}

/**
 * A comment of this side that counted as deleted is there all the same. The deletion stays known: only a version that is
 * newer than all it covers outlives it on both sides, whatever is told again.
 */
function shownAgain(gone: CommentEntry, comment: TrackerComment, side: Side): CommentEntry {
  const stamp = stampAfter(newerStamp(gone.stamp, gone.deleted), comment.updatedMs, side);
  const realized: Realized = { text: comment.body, stamp };
  return { ...gone, localId: comment.id, hidden: false, authorLine: null, body: comment.body, stamp, realized };
}

/** Jira gives no id twice, so a name that is taken is the one of something that was here before. */
function freeUid(taken: ReadonlyMap<string, unknown>, uid: string): string {
  for (let again = 1; ; again += 1) {
    const free = again === 1 ? uid : `${uid}-${again}`;
    if (!taken.has(free)) return free;
  }
}

function observeComment(
  entry: CommentEntry,
  text: string,
  updatedMs: number,
  side: Side,
  overwritten: Overwritten[],
): CommentEntry {
  if (entry.realized !== null && sameText(entry.realized.text, text)) return entry;
  if (sameText(withAuthorLine(entry.authorLine, entry.body), text))
    return { ...entry, realized: { text, stamp: entry.stamp } };
  const stamp = stampAfter(entry.realized?.stamp ?? null, updatedMs, side);
  const realized: Realized = { text, stamp };
  const body = withoutAuthorLine(entry.authorLine, text);
  const pending = entry.realized === null || isNewer(entry.stamp, entry.realized.stamp);
  if (pending && isNewer(entry.stamp, stamp)) {
    overwritten.push({ what: 'comment', uid: entry.uid, side, value: body, by: entry.body });
    return { ...entry, realized };
  }
  if (pending)
    overwritten.push({ what: 'comment', uid: entry.uid, side: entry.stamp.side, value: entry.body, by: body });
  return { ...entry, body, stamp, realized };
}

/** The deletion covers the version that was shown here, not one that the partner may have written meanwhile. */
function deletedHere(entry: CommentEntry): CommentEntry {
  const seen: Stamp = entry.realized?.stamp ?? entry.stamp;
  return { ...entry, localId: null, hidden: false, realized: null, deleted: newerStamp(entry.deleted, seen) };
}

function observeAttachments(state: TwinState, issue: TrackerIssue): ReadonlyMap<string, AttachmentEntry> {
  if (issue.attachments === null) return state.attachments;
  const attachments = new Map(state.attachments);
  const byLocalId = new Map<string, AttachmentEntry>();
  for (const entry of state.attachments.values()) if (entry.localId !== null) byLocalId.set(entry.localId, entry);

  for (const attachment of issue.attachments) {
    if (byLocalId.delete(attachment.id)) continue;
    const before = attachments.get(`${state.side}:${attachment.id}`);
    // A deletion is for ever (merge), so a file that is there again is told as a new one.
    const uid = freeUid(attachments, `${state.side}:${attachment.id}`);
    attachments.set(uid, {
      uid,
      localId: attachment.id,
      filename: attachment.filename,
      mimeType: attachment.mimeType,
      sizeBytes: attachment.sizeBytes,
      authorName: attachment.author?.displayName ?? 'Anonymous',
      createdMs: attachment.createdMs,
      sha256: null,
      contentUrl: attachment.contentUrl,
      atHome: before?.atHome ?? false,
      deleted: false,
      acked: false,
      ackedDeleted: false,
    });
  }
  for (const entry of byLocalId.values()) {
    attachments.set(entry.uid, { ...entry, localId: null, contentUrl: null, deleted: true });
  }
  return attachments;
}
