import type { Jira } from '../core/jira.ts';
import { commentBean } from '../comments/bean.ts';
import { fieldValues } from '../issues/field-values.ts';
import { selectFields } from '../issues/selection.ts';
import type { ChangeRecord, CommentRecord, IssueRecord, UserRecord } from '../store/records.ts';
import { userBean } from '../users/bean.ts';

type Body = Record<string, unknown>;

/** Reads all comments, restricted ones too: a webhook has no reader to hide them from. */
function everyComment(jira: Jira, issue: IssueRecord): Body {
  const comments = jira.store.commentsOf.of(issue.id).map((comment) => commentBean(jira, comment));
  return { comments, maxResults: comments.length, total: comments.length, startAt: 0 };
}

export function issuePart(jira: Jira, issue: IssueRecord): Body {
  const fields = fieldValues({ jira, user: null, source: 'database' }, issue, selectFields(jira, ['*all'], '*all'));
  return {
    id: issue.id,
    self: `${jira.baseUrl}/rest/api/2/issue/${issue.id}`,
    key: issue.key,
    fields: { ...fields, comment: everyComment(jira, issue) },
  };
}

export function head(timestamp: number, webhookEvent: string): Body {
  return { timestamp, webhookEvent };
}

export function userPart(jira: Jira, user: UserRecord | null): Body {
  return user === null ? {} : { user: userBean(jira, user) };
}

export function changelogPart(change: ChangeRecord): Body {
  return { changelog: { id: change.id, items: change.items } };
}

export function commentPart(jira: Jira, comment: CommentRecord): Body {
  return { comment: commentBean(jira, comment) };
}
