import type { Jira } from '../core/jira.ts';
import { jiraTimestamp } from '../core/zone.ts';
import type { IssueRecord, WorklogRecord } from '../store/records.ts';
import { userBeanOf } from '../users/bean.ts';
import { duration } from './time-tracking.ts';

const INLINE = 20;

export function worklogBean(jira: Jira, log: WorklogRecord): Record<string, unknown> {
  const zone = jira.settings.timeZone;
  return {
    self: `${jira.baseUrl}/rest/api/2/issue/${log.issueId}/worklog/${log.id}`,
    author: userBeanOf(jira, log.author),
    updateAuthor: userBeanOf(jira, log.updateAuthor),
    ...(log.comment === '' ? {} : { comment: log.comment }),
    created: jiraTimestamp(log.created, zone),
    updated: jiraTimestamp(log.updated, zone),
    started: jiraTimestamp(log.started, zone),
    timeSpent: duration(log.timeSpentSeconds),
    timeSpentSeconds: log.timeSpentSeconds,
    id: log.id,
    issueId: log.issueId,
  };
}

/** Inline in an issue: the oldest twenty. */
export function worklogPage(jira: Jira, issue: IssueRecord): Record<string, unknown> {
  const all = jira.store.worklogsOf.of(issue.id);
  return {
    startAt: 0,
    maxResults: INLINE,
    total: all.length,
    worklogs: all.slice(0, INLINE).map((log) => worklogBean(jira, log)),
  };
}
