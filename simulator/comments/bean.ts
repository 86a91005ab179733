import type { Jira } from '../core/jira.ts';
import { jiraTimestamp } from '../core/zone.ts';
import { renderWiki } from '../issues/rendered.ts';
import { projectOf, sees } from '../permissions/check.ts';
import type { CommentRecord, IssueRecord, UserRecord } from '../store/records.ts';
import { userBeanOf } from '../users/bean.ts';

/** A comment as REST shows it; comments always come from the database, with milliseconds. */
export function commentBean(jira: Jira, comment: CommentRecord, expand: string[] = []): Record<string, unknown> {
  const zone = jira.settings.timeZone;
  return {
    self: `${jira.baseUrl}/rest/api/2/issue/${comment.issueId}/comment/${comment.id}`,
    id: comment.id,
    ...(comment.author === null ? {} : { author: userBeanOf(jira, comment.author) }),
    body: comment.body,
    ...(expand.includes('renderedBody') ? { renderedBody: renderWiki(comment.body) } : {}),
    ...(comment.updateAuthor === null ? {} : { updateAuthor: userBeanOf(jira, comment.updateAuthor) }),
    created: jiraTimestamp(comment.created, zone),
    updated: jiraTimestamp(comment.updated, zone),
    ...(comment.visibility === null ? {} : { visibility: comment.visibility }),
    ...(expand.includes('properties')
      ? { properties: Object.entries(comment.properties).map(([key, value]) => ({ key, value })) }
      : {}),
  };
}

/** The comments of an issue that the user may see, oldest first. */
export function visibleComments(jira: Jira, user: UserRecord | null, issue: IssueRecord): CommentRecord[] {
  const project = projectOf(jira, issue);
  return jira.store.commentsOf.of(issue.id).filter((comment) => sees(user, comment.visibility, project));
}

/** The container inside an issue: whole list, `maxResults` equal to `total`. */
export function commentPage(jira: Jira, user: UserRecord | null, issue: IssueRecord): Record<string, unknown> {
  const comments = visibleComments(jira, user, issue).map((comment) => commentBean(jira, comment));
  return { comments, maxResults: comments.length, total: comments.length, startAt: 0 };
}
