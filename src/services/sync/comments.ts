/** Comments written to the local Jira by the proxy user. */
import type { TrackerComment, TrackerIssue } from '#/engine/ports.ts';
import type { CommentEntry } from '#/engine/replica/state.ts';
import { authorLine, withAuthorLine } from '#/engine/replica/text.ts';
import type { Lane } from './lane.ts';
import { localIssue } from './local-issue.ts';
import { writeOnce } from './non-repeatable.ts';

/** Entity property of a comment's copy: which comment it is the copy of. */
export const commentProperty = 'exalate.comment';

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
  lane.lease.check();
  await lane.ctx.jira().deleteComment(localIssue(lane), comment.localId);
  put(lane, { ...comment, localId: null, realized: null });
}

function put(lane: Lane, comment: CommentEntry): void {
  lane.state = { ...lane.state, comments: new Map(lane.state.comments).set(comment.uid, comment) };
}
