import type { Jira } from '../core/jira.ts';
import { jiraTimestamp } from '../core/zone.ts';
import { attachmentBean } from '../attachments/bean.ts';
import { commentPage } from '../comments/bean.ts';
import { issueTypeBean, priorityBean, resolutionBean, statusBean } from '../meta/catalog.ts';
import { projectOf } from '../permissions/check.ts';
import { componentBean, projectBean, versionBean } from '../projects/bean.ts';
import type { IssueRecord, UserRecord } from '../store/records.ts';
import { userBeanOf } from '../users/bean.ts';
import { linkBeans, shortIssueBean } from './link-bean.ts';
import { aggregateTimesOf, progressBean, timesOf, trackingBean } from './time-tracking.ts';
import { votesBean } from './votes.ts';
import { worklogPage } from './worklog-bean.ts';

export interface View {
  jira: Jira;
  user: UserRecord | null;
  /** The index keeps dates to the second only. */
  source: 'database' | 'index';
}

function time(view: View, instant: number | null): string | null {
  if (instant === null) return null;
  const exact = view.source === 'database' ? instant : Math.floor(instant / 1000) * 1000;
  return jiraTimestamp(exact, view.jira.settings.timeZone);
}

type Reader = (view: View, issue: IssueRecord) => unknown;

const READERS: Record<string, Reader> = {
  issuetype: ({ jira }, issue) => {
    const type = jira.store.issueTypes.get(issue.typeId);
    return type === undefined ? null : issueTypeBean(jira, type);
  },
  project: ({ jira }, issue) => projectBean(jira, projectOf(jira, issue)),
  fixVersions: ({ jira }, issue) => versions(jira, issue, issue.fixVersionIds),
  versions: ({ jira }, issue) => versions(jira, issue, issue.versionIds),
  resolution: ({ jira }, issue) => resolutionBean(jira, issue.resolutionId),
  resolutiondate: (view, issue) => time(view, issue.resolved),
  workratio: () => -1,
  timespent: ({ jira }, issue) => timesOf(jira, issue).spent,
  timeestimate: ({ jira }, issue) => timesOf(jira, issue).estimate,
  timetracking: ({ jira }, issue) => trackingBean(timesOf(jira, issue)),
  progress: ({ jira }, issue) => progressBean(timesOf(jira, issue)),
  aggregatetimespent: ({ jira }, issue) => aggregateTimesOf(jira, issue).spent,
  aggregatetimeestimate: ({ jira }, issue) => aggregateTimesOf(jira, issue).estimate,
  aggregateprogress: ({ jira }, issue) => progressBean(aggregateTimesOf(jira, issue)),
  votes: ({ jira, user }, issue) => votesBean(jira, user, issue),
  lastViewed: () => null,
  watches: ({ jira, user }, issue) => ({
    self: `${jira.baseUrl}/rest/api/2/issue/${issue.key}/watchers`,
    watchCount: issue.watchers.length,
    isWatching: user !== null && issue.watchers.includes(user.id),
  }),
  created: (view, issue) => time(view, issue.created),
  updated: (view, issue) => time(view, issue.updated),
  priority: ({ jira }, issue) => priorityBean(jira, issue.priorityId),
  labels: (_view, issue) => issue.labels,
  issuelinks: ({ jira, user }, issue) => linkBeans(jira, user, issue),
  assignee: ({ jira }, issue) => userBeanOf(jira, issue.assignee),
  status: ({ jira }, issue) => statusBean(jira, issue.statusId),
  components: ({ jira }, issue) =>
    projectOf(jira, issue)
      .components.filter((one) => issue.componentIds.includes(one.id))
      .map((one) => componentBean(jira, one)),
  description: (_view, issue) => issue.description,
  attachment: ({ jira }, issue) => jira.store.attachmentsOf.of(issue.id).map((one) => attachmentBean(jira, one)),
  summary: (_view, issue) => issue.summary,
  creator: ({ jira }, issue) => userBeanOf(jira, issue.creator),
  subtasks: ({ jira }, issue) => jira.store.subtasksOf.of(issue.id).map((one) => shortIssueBean(jira, one)),
  reporter: ({ jira }, issue) => userBeanOf(jira, issue.reporter),
  environment: (_view, issue) => issue.environment,
  duedate: (_view, issue) => issue.duedate,
  comment: ({ jira, user }, issue) => commentPage(jira, user, issue),
  worklog: ({ jira }, issue) => worklogPage(jira, issue),
  // left out altogether on an issue that is no sub-task
  parent: ({ jira }, issue) => {
    const parent = jira.store.issues.get(issue.parentId);
    return parent === undefined ? undefined : shortIssueBean(jira, parent);
  },
};

function versions(jira: Jira, issue: IssueRecord, ids: string[]): unknown[] {
  const project = projectOf(jira, issue);
  return project.versions.filter((one) => ids.includes(one.id)).map((one) => versionBean(jira, project, one));
}

/** The values of those fields as REST shows them to the viewer. */
export function fieldValues(view: View, issue: IssueRecord, ids: readonly string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const id of ids) {
    const reader = READERS[id];
    const value = reader === undefined ? (issue.custom[id] ?? null) : reader(view, issue);
    if (value !== undefined) values[id] = value;
  }
  return values;
}
