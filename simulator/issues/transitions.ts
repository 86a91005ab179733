import type { Jira } from '../core/jira.ts';
import { addComment, checkCommentInput } from '../comments/write.ts';
import { DONE_STATUS, FIRST_STATUS, RESOLUTIONS, STATUSES, statusBean } from '../meta/catalog.ts';
import { can, needWritable, projectOf } from '../permissions/check.ts';
import { JiraError } from '../server/errors.ts';
import type { IssueRecord, JsonObject, UserRecord } from '../store/records.ts';
import { isObject } from './input.ts';
import { saveIssue } from './save.ts';
import type { IssueEventType } from './save.ts';

/** Every status can be reached from every other one, itself included, as in Jira's simplified workflow. */
export function transitionBeans(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  withFields: boolean,
): unknown[] {
  if (!can(jira, user, 'TRANSITION_ISSUES', projectOf(jira, issue), issue)) return [];
  return STATUSES.map((status) => ({
    id: status.transitionId,
    name: status.name,
    description: '',
    opsbarSequence: 2_147_483_647,
    to: statusBean(jira, status.id),
    ...(withFields ? { fields: {} } : {}),
  }));
}

function eventOf(from: string, to: string): IssueEventType {
  if (to === DONE_STATUS) return 'issue_resolved';
  if (from === DONE_STATUS) return 'issue_reopened';
  return to === FIRST_STATUS ? 'issue_generic' : 'issue_work_started';
}

export function transitionIssue(jira: Jira, user: UserRecord | null, issue: IssueRecord, body: JsonObject): void {
  const project = projectOf(jira, issue);
  needWritable(project);
  const id = isObject(body['transition']) ? body['transition']['id'] : undefined;
  if (id === undefined || id === null) throw new JiraError(400, "Missing 'transition' identifier");
  const status = STATUSES.find((one) => one.transitionId === String(id));
  if (status === undefined || !can(jira, user, 'TRANSITION_ISSUES', project, issue)) {
    throw new JiraError(
      400,
      `It seems that you have tried to perform a workflow operation (${String(id)}) that is not valid for the current state of this issue (${issue.key}). The likely cause is that somebody has changed the issue recently, please look at the issue history for details.`,
    );
  }
  const update = isObject(body['update']) ? body['update']['comment'] : undefined;
  const comments = (Array.isArray(update) ? update : [])
    .filter(isObject)
    .map((one) => checkCommentInput(jira, user, project, isObject(one['add']) ? one['add'] : {}));
  const done = status.id === DONE_STATUS;
  const after: IssueRecord = {
    ...issue,
    statusId: status.id,
    resolutionId: done ? (RESOLUTIONS[0]?.id ?? null) : null,
    resolved: done ? (issue.resolved ?? jira.now()) : null,
  };
  saveIssue(jira, user, issue, after, eventOf(issue.statusId, status.id));
  for (const comment of comments) addComment(jira, user, issue, comment);
}
