/**
 * Connecting two issues that exist already. What both have is paired instead of copied; what only one has travels if that was
 * chosen, and otherwise stays at home for good, while everything new travels as usual.
 */
import type { TrackerIssue } from '../ports.ts';
import type { AttachmentState, Delta, TracePairs } from '../protocol/messages.ts';
import type { AttachmentEntry, CommentEntry, FieldName, FieldState, TwinState } from '../replica/state.ts';
import { fieldNames, isAlive } from '../replica/state.ts';
import type { Stamp } from '../replica/stamp.ts';
import { authorLine, comparable, withoutAuthorLine } from '../replica/text.ts';

export interface Carried {
  readonly comments: boolean;
  readonly attachments: boolean;
}

/**
 * Comments that sync wrote in an earlier life of this pair begin with the line that names their author. They are taken as
 * copies again, or the line would travel and be doubled. Only what the proxy user wrote can be such a copy.
 */
export function recogniseCopies(state: TwinState, issue: Pick<TrackerIssue, 'comments'>, proxyName: string): TwinState {
  const comments = new Map(state.comments);
  for (const { id, author } of issue.comments) {
    const entry = [...state.comments.values()].find((one) => one.localId === id);
    const name = entry === undefined || author?.name !== proxyName ? null : namedAuthor(entry.body);
    if (entry === undefined || name === null) continue;
    const line = authorLine(name);
    comments.set(entry.uid, {
      ...entry,
      authorLine: line,
      authorName: name,
      body: withoutAuthorLine(line, entry.body),
    });
  }
  return { ...state, comments };
}

/** The author that a copy's first line names; null when the text does not begin with such a line. */
function namedAuthor(text: string): string | null {
  const line = /^\*(.+):\*(?=\r?\n|\r|$)/.exec(text)?.[1];
  if (line === undefined) return null;
  const name = line.replace(/\\([\\{}[\]*_^~+\-!|?#])/g, '$1');
  return authorLine(name) === `*${line}:*` ? name : null;
}

/** The fields of the side that does not win count as older than anything anybody ever wrote. */
export function withLosingFields(state: TwinState): TwinState {
  const fields: Partial<Record<FieldName, FieldState>> = {};
  for (const name of fieldNames) {
    const field = state.fields[name];
    if (field === undefined) continue;
    const stamp: Stamp = { time: 0, side: state.side };
    fields[name] = { ...field, stamp, realized: field.realized === null ? null : { ...field.realized, stamp } };
  }
  return { ...state, fields };
}

/** Names of traces; those of comments and of attachments may be the same. */
export interface Paired {
  readonly comments: ReadonlySet<string>;
  readonly attachments: ReadonlySet<string>;
}

export interface Pairing {
  readonly state: TwinState;
  /** What is left of the partner's delta and is to be merged. */
  readonly delta: Delta;
  /** The partner's traces that this side has as well; known by the partner's names from now on. */
  readonly pairs: TracePairs;
}

/** SHA-256 of files by the uids of their traces. */
export type FileHashes = ReadonlyMap<string, string>;

export interface AlikeFiles {
  readonly own: readonly AttachmentEntry[];
  readonly theirs: readonly AttachmentState[];
}

/** The files whose name and size the other side offers too: only these may be equal, and only their bytes tell (A9). */
export function alikeFiles(state: TwinState, delta: Delta): AlikeFiles {
  const own = [...state.attachments.values()].filter(({ deleted }) => !deleted);
  const theirs = delta.attachments.filter(({ deleted }) => !deleted);
  const [ownKeys, theirKeys] = [new Set(own.map(nameAndSize)), new Set(theirs.map(nameAndSize))];
  return {
    own: own.filter((file) => theirKeys.has(nameAndSize(file))),
    theirs: theirs.filter((file) => ownKeys.has(nameAndSize(file))),
  };
}

/**
 * `state` is this side's issue as first seen; `delta` all that the partner's issue holds; `hashes` those of their
 * {@link alikeFiles}: a file without one is taken for different.
 */
export function pairExisting(state: TwinState, delta: Delta, carried: Carried, hashes: FileHashes): Pairing {
  const comments = new Map(state.comments);
  const attachments = new Map(state.attachments);
  const paired = { comments: new Set<string>(), attachments: new Set<string>() };

  const waitingComments = groups([...state.comments.values()].filter(isAlive), commentKey);
  for (const theirs of delta.comments.toSorted(byCreation)) {
    const own = theirs.deleted === null ? take(waitingComments, commentKey(theirs)) : undefined;
    if (own === undefined) continue;
    comments.delete(own.uid);
    const { uid, body, authorName, createdMs, stamp } = theirs;
    const realized = own.realized === null ? null : { text: own.realized.text, stamp };
    comments.set(uid, { ...own, uid, body, authorName, createdMs, stamp, realized, acked: stamp });
    paired.comments.add(uid);
  }
  const alike = alikeFiles(state, delta);
  const content = (file: AttachmentState | AttachmentEntry) =>
    JSON.stringify([nameAndSize(file), hashes.get(file.uid) ?? file.uid]);
  const waitingFiles = groups(alike.own, content);
  for (const theirs of alike.theirs.toSorted(byCreation)) {
    const own = take(waitingFiles, content(theirs));
    if (own === undefined) continue;
    attachments.delete(own.uid);
    const { uid, authorName, createdMs } = theirs;
    attachments.set(uid, { ...own, uid, authorName, createdMs, acked: true, sha256: hashes.get(own.uid) ?? null });
    paired.attachments.add(uid);
  }
  return {
    state: keepAtHome({ ...state, comments, attachments }, paired, carried),
    delta: {
      fields: delta.fields,
      comments: delta.comments.filter(({ uid }) => carried.comments && !paired.comments.has(uid)),
      attachments: delta.attachments.filter(({ uid }) => carried.attachments && !paired.attachments.has(uid)),
    },
    pairs: { comments: [...paired.comments], attachments: [...paired.attachments] },
  };
}

/**
 * Marks what only this side has and is not to be carried over. `isExisting` leaves out what came after the two issues were
 * compared.
 */
export function keepAtHome(
  state: TwinState,
  paired: Paired,
  carried: Carried,
  isExisting: (entry: CommentEntry | AttachmentEntry) => boolean = () => true,
): TwinState {
  const comments = new Map(state.comments);
  const attachments = new Map(state.attachments);
  if (!carried.comments) {
    for (const entry of state.comments.values())
      if (!paired.comments.has(entry.uid) && isExisting(entry)) comments.set(entry.uid, { ...entry, atHome: true });
  }
  if (!carried.attachments) {
    for (const entry of state.attachments.values())
      if (!paired.attachments.has(entry.uid) && isExisting(entry))
        attachments.set(entry.uid, { ...entry, atHome: true });
  }
  return { ...state, comments, attachments };
}

function commentKey(comment: { authorName: string; body: string }): string {
  return JSON.stringify([comment.authorName.trim(), comparable(comment.body)]);
}

function nameAndSize(attachment: { filename: string; sizeBytes: number }): string {
  return JSON.stringify([attachment.filename.normalize('NFC'), attachment.sizeBytes]);
}

/** Entries by key, oldest first: of several that look alike the oldest are paired with the oldest. */
function groups<Entry extends { uid: string; createdMs: number }>(
  entries: readonly Entry[],
  key: (entry: Entry) => string,
): Map<string, Entry[]> {
  return Map.groupBy(entries.toSorted(byCreation), key);
}

function take<Entry>(waiting: Map<string, Entry[]>, key: string): Entry | undefined {
  return waiting.get(key)?.shift();
}

function byCreation(a: { createdMs: number; uid: string }, b: { createdMs: number; uid: string }): number {
  return a.createdMs - b.createdMs || a.uid.localeCompare(b.uid, 'en', { numeric: true });
}
