import type { Jira } from '../core/jira.ts';
import { isObject } from '../issues/input.ts';
import type { Operation } from '../issues/input.ts';
import { saveIssue } from '../issues/save.ts';
import type { IssueEventType } from '../issues/save.ts';
import { projectOf } from '../permissions/check.ts';
import { JiraError, fieldErrors } from '../server/errors.ts';
import type { ChangeItem, CommentRecord, IssueRecord, UserRecord } from '../store/records.ts';
import {
  addComment,
  checkCommentInput,
  deleteComment,
  editComment,
  needCommenting,
  needTouching,
  storeComment,
  visibleComment,
} from './write.ts';
import type { CommentInput } from './write.ts';

/** What the `comment` operations of an edit or a transition will do, once the issue is saved. */
export interface CommentWrites {
  added: CommentInput[];
  others: (() => void)[];
}

function commentOf(jira: Jira, user: UserRecord | null, issue: IssueRecord, id: string): CommentRecord {
  try {
    return visibleComment(jira, user, id, issue.id).comment;
  } catch (error) {
    if (error instanceof JiraError) throw fieldErrors({ comment: error.message });
    throw error;
  }
}

/** Checks the operations `add`, `edit` and `remove`, so that a refusal comes before anything is written. */
export function commentWrites(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  operations: Operation[],
): CommentWrites {
  const writes: CommentWrites = { added: [], others: [] };
  for (const { verb, value } of operations) {
    const input = isObject(value) ? value : {};
    if (verb === 'add') {
      needCommenting(jira, user, issue);
      writes.added.push(checkCommentInput(jira, user, projectOf(jira, issue), input));
      continue;
    }
    const comment = commentOf(jira, user, issue, String(input['id'] ?? ''));
    needTouching(jira, user, issue, comment, verb === 'edit' ? 'EDIT' : 'DELETE');
    if (verb === 'edit') checkCommentInput(jira, user, projectOf(jira, issue), input);
    writes.others.push(
      verb === 'edit'
        ? () => void editComment(jira, user, issue, comment, input)
        : () => deleteComment(jira, user, issue, comment),
    );
  }
  return writes;
}

/** Saves the issue and its comments. A new comment that comes with a change is told of in the event of the change. */
export function saveWithComments(
  jira: Jira,
  user: UserRecord | null,
  before: IssueRecord,
  after: IssueRecord,
  { added, others }: CommentWrites,
  event: IssueEventType = 'issue_updated',
  moreItems: ChangeItem[] = [],
): void {
  const left = [...added];
  saveIssue(jira, user, before, after, event, moreItems, () => {
    const first = left.shift();
    return first === undefined ? null : storeComment(jira, user, after, first);
  });
  for (const input of left) addComment(jira, user, after, input);
  for (const write of others) write();
}
