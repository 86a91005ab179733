import type { Jira } from '../core/jira.ts';
import { item } from '../issues/changelog.ts';
import { saveIssue } from '../issues/save.ts';
import { typesOf } from '../meta/screens.ts';
import type { IssueRecord, ProjectRecord, UserRecord } from '../store/records.ts';

/** Jira's "Move": id stays, key changes, the old key goes on leading to the issue. */
export function moveIssue(jira: Jira, user: UserRecord, issue: IssueRecord, to: ProjectRecord): IssueRecord {
  const from = jira.store.projects.get(issue.projectId);
  const number = to.lastNumber + 1;
  jira.store.projects.put({ ...to, lastNumber: number });
  const types = typesOf(jira, to);
  const name = jira.store.issueTypes.get(issue.typeId)?.name;
  const type =
    types.find((one) => one.id === issue.typeId) ??
    types.find((one) => one.name === name) ??
    types.find((one) => !one.subtask);
  const key = `${to.key}-${number}`;
  const after: IssueRecord = {
    ...issue, projectId: to.id, number, key, oldKeys: [...issue.oldKeys, issue.key], typeId: type?.id ?? issue.typeId,
    componentIds: [], fixVersionIds: [], versionIds: [],
  }; // prettier-ignore
  return saveIssue(jira, user, issue, after, 'issue_moved', [
    item('project', from?.id ?? null, from?.name ?? null, to.id, to.name),
    item('Key', null, issue.key, null, key),
  ]);
}
