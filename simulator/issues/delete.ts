import type { Jira } from '../core/jira.ts';
import { can, needWritable, projectOf } from '../permissions/check.ts';
import { JiraError } from '../server/errors.ts';
import type { IssueRecord, UserRecord } from '../store/records.ts';

function erase(jira: Jira, user: UserRecord | null, issue: IssueRecord): void {
  jira.webhooks.issueDeleted(user, issue);
  for (const one of jira.store.commentsOf.of(issue.id)) jira.store.comments.remove(one.id);
  for (const one of jira.store.attachmentsOf.of(issue.id)) {
    jira.store.attachments.remove(one.id);
    jira.contents.remove(one);
  }
  for (const one of jira.store.changesOf.of(issue.id)) jira.store.changes.remove(one.id);
  for (const one of jira.store.worklogsOf.of(issue.id)) jira.store.worklogs.remove(one.id);
  for (const one of [...jira.store.linksFrom.of(issue.id), ...jira.store.linksTo.of(issue.id)])
    jira.store.links.remove(one.id);
  jira.store.issues.remove(issue.id);
}

/** Deletes an issue with all that hangs on it; its key is never given again. */
export function deleteIssue(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  withSubtasks: boolean,
  free = false,
): void {
  const project = projectOf(jira, issue);
  needWritable(project);
  if (!free && !can(jira, user, 'DELETE_ISSUES', project, issue)) {
    throw new JiraError(403, 'You do not have permission to delete issues in this project.');
  }
  const subtasks = jira.store.subtasksOf.of(issue.id);
  if (subtasks.length > 0 && !withSubtasks) {
    throw new JiraError(
      400,
      `The issue '${issue.key}' has subtasks.  You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks.`,
    );
  }
  for (const subtask of subtasks) erase(jira, user, subtask);
  erase(jira, user, issue);
}
