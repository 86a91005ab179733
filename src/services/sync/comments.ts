/** Comments written to the local Jira by the proxy user. */
import type { TrackerComment, TrackerIssue } from '#/engine/ports.ts';
import type { CommentEntry } from '#/engine/replica/state.ts';
import { authorLine, sameText, withAuthorLine } from '#/engine/replica/text.ts';
import type { Lane } from './lane.ts';
import { localIssue } from './local-issue.ts';
import { writeOnce } from './non-repeatable.ts';

/** Entity property of a comment's copy: which comment it is the copy of. */
const commentProperty = 'exalate.comment';

/**
 * Of which comment each one is the copy, by the property that was set together with it; null for a copy that belongs to another
 * connection. What bears no mark is not in the answer.
 */
export async function readMarks(lane: Lane, comments: readonly TrackerComment[]): Promise<Map<string, string | null>> {
  const marks = new Map<string, string | null>();
  for (const { id } of comments) {
    const value = await lane.ctx.jira().commentProperty(id, commentProperty);
    if (typeof value === 'object' && value !== null && 'comment' in value && 'connection' in value)
      marks.set(id, value.connection === lane.connection.uid ? String(value.comment) : null);
  }
  return marks;
}

/** The copy of a comment among those that the proxy user wrote: by its mark, however it was edited, else by its text. */
export function findCopy(
  candidates: readonly TrackerComment[],
  marks: ReadonlyMap<string, string | null>,
  wanted: { uid: string; text: string },
): TrackerComment | undefined {
  return (
    candidates.find(({ id }) => marks.get(id) === wanted.uid) ??
    candidates.find(({ id, body }) => !marks.has(id) && sameText(body, wanted.text))
  );
}

/** Comments arrive public whatever their visibility was at home (A6), and name their author (A7). */
export async function addComment(lane: Lane, comment: CommentEntry): Promise<void> {
  const line = authorLine(comment.authorName);
  const body = withAuthorLine(line, comment.body);
  await writeOnce(
    lane,
    { kind: 'add_comment', subject: comment.uid, detail: { body } },
    () =>
      lane.ctx.jira().addComment(localIssue(lane), {
        body,
        properties: [{ key: commentProperty, value: { connection: lane.connection.uid, comment: comment.uid } }],
      }),
    (added) => recordComment(lane, comment, line, added),
  );
}

export function recordComment(
  lane: Lane,
  comment: CommentEntry,
  line: string | null,
  stored: Pick<TrackerComment, 'id' | 'body'>,
): void {
  put(lane, {
    ...comment,
    localId: stored.id,
    authorLine: line,
    realized: { text: stored.body, stamp: comment.stamp },
  });
}

export async function editComment(lane: Lane, comment: CommentEntry, issue: TrackerIssue | null): Promise<void> {
  if (comment.localId === null) return;
  const shown = issue?.comments.find(({ id }) => id === comment.localId);
  const { localId } = comment;
  const body = withAuthorLine(comment.authorLine, comment.body);
  await writeOnce(
    lane,
    { kind: 'edit_comment', subject: comment.uid, detail: { body } },
    () => lane.ctx.jira().editComment(localIssue(lane), localId, { body, visibility: shown?.visibility ?? null }),
    (stored) => recordComment(lane, comment, comment.authorLine, stored),
  );
}

export async function deleteComment(lane: Lane, comment: CommentEntry): Promise<void> {
  if (comment.localId === null) return;
  await lane.ctx.jira().deleteComment(localIssue(lane), comment.localId);
  put(lane, { ...comment, localId: null, realized: null });
}

function put(lane: Lane, comment: CommentEntry): void {
  lane.state = { ...lane.state, comments: new Map(lane.state.comments).set(comment.uid, comment) };
}
