import type { Jira } from '../core/jira.ts';
import { issueTypeBean, linkTypeBean, priorityBean, statusBean } from '../meta/catalog.ts';
import { can, projectOf } from '../permissions/check.ts';
import type { IssueRecord, UserRecord } from '../store/records.ts';

type Bean = Record<string, unknown>;

/** The short form of linked issues, parents and sub-tasks. */
export function shortIssueBean(jira: Jira, issue: IssueRecord): Bean {
  const type = jira.store.issueTypes.get(issue.typeId);
  return {
    id: issue.id,
    key: issue.key,
    self: `${jira.baseUrl}/rest/api/2/issue/${issue.id}`,
    fields: {
      summary: issue.summary,
      status: statusBean(jira, issue.statusId),
      priority: priorityBean(jira, issue.priorityId),
      issuetype: type === undefined ? null : issueTypeBean(jira, type),
    },
  };
}

/** Links seen from that issue. The one sent as `inwardIssue` shows the other as its `outwardIssue`, and the other way round. */
export function linkBeans(jira: Jira, user: UserRecord | null, issue: IssueRecord): Bean[] {
  const beans: Bean[] = [];
  const add = (linkId: string, typeId: string, side: 'inwardIssue' | 'outwardIssue', otherId: string): void => {
    const other = jira.store.issues.get(otherId);
    if (other === undefined || !can(jira, user, 'BROWSE_PROJECTS', projectOf(jira, other), other)) return;
    const self = `${jira.baseUrl}/rest/api/2/issueLink/${linkId}`;
    beans.push({ id: linkId, self, type: linkTypeBean(jira, typeId), [side]: shortIssueBean(jira, other) });
  };
  for (const link of jira.store.linksFrom.of(issue.id)) add(link.id, link.typeId, 'outwardIssue', link.outwardId);
  for (const link of jira.store.linksTo.of(issue.id)) add(link.id, link.typeId, 'inwardIssue', link.inwardId);
  return beans;
}
