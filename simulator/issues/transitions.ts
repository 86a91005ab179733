import type { Jira } from '../core/jira.ts';
import { commentWrites, saveWithComments } from '../comments/operations.ts';
import { DONE_STATUS, RESOLUTIONS, STATUSES, statusBean } from '../meta/catalog.ts';
import { can, needWritable, projectOf } from '../permissions/check.ts';
import { JiraError, fieldErrors } from '../server/errors.ts';
import type { IssueRecord, JsonObject, UserRecord } from '../store/records.ts';
import { item } from './changelog.ts';
import { notOnScreen } from './field-writers.ts';
import { isObject, issueInput } from './input.ts';

/** Every status can be reached from every other one, itself included, as in Jira's simplified workflow. */
export function transitionBeans(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  withFields: boolean,
): { id: string }[] {
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

/** No transition of the simplified workflow has a screen, so it takes no field: `update` may bring a comment, nothing else. */
function refuseFields(body: JsonObject): void {
  const { fields, update } = body;
  const given = [...Object.keys(isObject(fields) ? fields : {}), ...Object.keys(isObject(update) ? update : {})];
  const refused = given.filter((id) => id !== 'comment' || (isObject(fields) && id in fields));
  if (refused.length > 0) throw fieldErrors(Object.fromEntries(refused.map((id) => [id, notOnScreen(id)])));
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
  refuseFields(body);
  const operations = isObject(body['update']) ? issueInput({ update: body['update'] }).update['comment'] : [];
  const comments = commentWrites(jira, user, issue, operations ?? []);
  const done = status.id === DONE_STATUS;
  const after: IssueRecord = {
    ...issue,
    statusId: status.id,
    resolutionId: done ? (RESOLUTIONS[0]?.id ?? null) : null,
    resolved: done ? (issue.resolved ?? jira.now()) : null,
  };
  // seen on a real server: a transition into the status the issue has leaves an entry all the same
  const stays = status.id === issue.statusId ? [item('status', status.id, status.name, status.id, status.name)] : [];
  // the simplified workflow fires the generic event on each of its transitions
  saveWithComments(jira, user, issue, after, comments, 'issue_generic', stays);
}
