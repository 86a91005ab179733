/**
 * Recognising in the local Jira what the partner knows and this database has forgotten (C10): comments and files that sync
 * wrote itself must not be taken for new ones, nor be written again; values that sync wrote are no edits of a person.
 */
import type { ProxyUser, TrackerAttachment, TrackerComment, TrackerIssue, TrackerUser } from '#/engine/ports.ts';
import { fieldChanges, fieldText } from '#/engine/replica/observe.ts';
import type { AttachmentEntry, CommentEntry, FieldName, FieldState, TwinState } from '#/engine/replica/state.ts';
import { fieldNames, isAlive } from '#/engine/replica/state.ts';
import { newerStamp } from '#/engine/replica/stamp.ts';
import { authorLine, sameText, withAuthorLine, withoutAuthorLine } from '#/engine/replica/text.ts';
import { findCopy, readMarks } from './comments.ts';
import type { Lane } from './lane.ts';

export async function pairAgain(lane: Lane, issue: TrackerIssue): Promise<TwinState> {
  const proxy = await lane.ctx.jira().proxyUser();
  const { state } = lane;
  return {
    side: state.side,
    fields: pairFields(state, issue, proxy),
    comments: await pairComments(lane, issue, proxy),
    attachments: issue.attachments === null ? state.attachments : pairAttachments(state, issue.attachments, proxy),
  };
}

function isProxy(user: TrackerUser | null, proxy: ProxyUser): boolean {
  return user?.name === proxy.name;
}

function pairFields(state: TwinState, issue: TrackerIssue, proxy: ProxyUser): TwinState['fields'] {
  const fields: Partial<Record<FieldName, FieldState>> = {};
  for (const name of fieldNames) {
    const field = state.fields[name];
    if (field !== undefined) fields[name] = pairField(name, field, issue, proxy);
  }
  return fields;
}

function pairField(name: FieldName, field: FieldState, issue: TrackerIssue, proxy: ProxyUser): FieldState {
  const text = fieldText(issue, name);
  if (sameText(text, field.value)) return { ...field, realized: { text, stamp: field.stamp } };
  if (field.realized !== null && sameText(field.realized.text, text)) return field;
  const changes = fieldChanges(issue, name);
  const last = changes.at(-1);
  const bySync = last === undefined ? isProxy(issue.creator, proxy) : isProxy(last.author, proxy);
  // A person changed it: Jira's change time decides when the issue is looked at.
  if (!bySync) return field;
  // Sync never goes back: what replaced the newest value was written by a person or through another connection.
  if (changes.some(({ fromString, atMs }) => atMs > field.stamp.time && sameText(fromString ?? '', field.value)))
    return { ...field, realized: { text: field.value, stamp: field.stamp } };
  // A type that was chosen in place of a missing one stays; of a text sync wrote an older version than the partner has now.
  const stamp = name === 'issueType' && last === undefined ? field.stamp : { time: 0, side: field.stamp.side };
  return { ...field, realized: { text, stamp } };
}

/**
 * By the mark first, which holds also where this database knows an older copy that Jira shows no more; then by the id at home;
 * then copies without a mark by their text.
 */
async function pairComments(lane: Lane, issue: TrackerIssue, proxy: ProxyUser): Promise<TwinState['comments']> {
  const { state } = lane;
  const comments = new Map(state.comments);
  const shown = new Map(issue.comments.map((comment) => [comment.id, comment]));
  const lost = [...comments.values()].filter(({ localId }) => localId === null || !shown.has(localId));
  if (lost.length === 0) return comments;
  for (const { localId } of comments.values()) if (localId !== null) shown.delete(localId);
  const candidates = [...shown.values()].filter(({ author }) => isProxy(author, proxy));
  const marks = await readMarks(lane, candidates);
  const copies: CommentEntry[] = [];
  for (const entry of lost) {
    const marked = candidates.find(({ id }) => marks.get(id) === entry.uid);
    const ownId = idOnSide(entry.uid, state.side);
    const own = ownId === null ? undefined : shown.get(ownId);
    if (marked !== undefined) {
      shown.delete(marked.id);
      comments.set(entry.uid, showing(entry, marked, authorLine(entry.authorName)));
    } else if (entry.localId !== null) {
      // Looking at the issue tells whether it was deleted.
      continue;
    } else if (own !== undefined) {
      shown.delete(own.id);
      comments.set(entry.uid, showing(entry, own, null));
    } else if (ownId === null) {
      copies.push(entry);
    } else if (isAlive(entry)) {
      comments.set(entry.uid, await notShown(lane, entry, ownId));
    }
  }
  for (const entry of copies.toSorted((a, b) => a.createdMs - b.createdMs)) {
    const line = authorLine(entry.authorName);
    const left = candidates.filter(({ id }) => shown.has(id));
    const copy =
      findCopy(left, marks, { uid: entry.uid, text: withAuthorLine(line, entry.body) }) ??
      left.find(({ id, body }) => !marks.has(id) && withoutAuthorLine(line, body) !== body);
    if (copy === undefined) continue;
    shown.delete(copy.id);
    comments.set(entry.uid, showing(entry, copy, line));
  }
  return comments;
}

function showing(entry: CommentEntry, shown: TrackerComment, line: string | null): CommentEntry {
  const same = sameText(shown.body, withAuthorLine(line, entry.body));
  const realized = same ? { text: shown.body, stamp: entry.stamp } : null;
  return { ...entry, localId: shown.id, hidden: false, authorLine: line, realized };
}

/** The original was deleted here, or is out of the proxy user's sight. */
async function notShown(lane: Lane, entry: CommentEntry, ownId: string): Promise<CommentEntry> {
  return (await lane.ctx.jira().commentExists(ownId))
    ? { ...entry, localId: ownId, hidden: true }
    : { ...entry, deleted: newerStamp(entry.deleted, entry.stamp) };
}

function pairAttachments(
  state: TwinState,
  shownHere: readonly TrackerAttachment[],
  proxy: ProxyUser,
): TwinState['attachments'] {
  const attachments = new Map(state.attachments);
  const bound = new Set([...attachments.values()].map(({ localId }) => localId));
  const free = new Map(shownHere.filter(({ id }) => !bound.has(id)).map((shown) => [shown.id, shown]));
  const lost = [...attachments.values()].filter(({ localId }) => localId === null);
  const copies: AttachmentEntry[] = [];
  for (const entry of lost) {
    const ownId = idOnSide(entry.uid, state.side);
    if (ownId === null) copies.push(entry);
    else {
      const shown = free.get(ownId);
      free.delete(ownId);
      attachments.set(
        entry.uid,
        shown === undefined
          ? { ...entry, deleted: true }
          : { ...entry, localId: shown.id, contentUrl: shown.contentUrl },
      );
    }
  }
  for (const entry of copies.toSorted((a, b) => a.createdMs - b.createdMs)) {
    const shown = [...free.values()].find(
      ({ author, filename, sizeBytes }) =>
        isProxy(author, proxy) && sizeBytes === entry.sizeBytes && filename === entry.filename,
    );
    if (shown === undefined) continue;
    free.delete(shown.id);
    attachments.set(entry.uid, { ...entry, localId: shown.id, contentUrl: shown.contentUrl });
  }
  return attachments;
}

/** The local id in the uid of something that began on this side, where it may be there again; null for what began on the other. */
function idOnSide(uid: string, side: string): string | null {
  return uid.startsWith(`${side}:`) ? (uid.slice(side.length + 1).split('-')[0] ?? null) : null;
}
