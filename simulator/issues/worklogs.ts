import { can, needWritable, projectOf, visibleIssue } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError, fieldErrors } from '../server/errors.ts';
import { empty, json, ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { IssueRecord, JsonObject, WorklogRecord } from '../store/records.ts';
import { saveIssue } from './save.ts';
import { timesOf, worklogItems } from './time-tracking.ts';
import { worklogBean } from './worklog-bean.ts';

const STARTED = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3})([+-]\d{2})(\d{2})$/;
const UNIT_SECONDS: Record<string, number> = { w: 144_000, d: 28_800, h: 3600, m: 60 };

function seconds(body: JsonObject): number {
  if (typeof body['timeSpentSeconds'] === 'number') return body['timeSpentSeconds'];
  let sum = 0;
  for (const [, count, unit] of String(body['timeSpent'] ?? '').matchAll(/(\d+(?:\.\d+)?)\s*([wdhm])/g)) {
    sum += Number(count) * (UNIT_SECONDS[unit ?? ''] ?? 0);
  }
  if (sum <= 0) throw fieldErrors({ timeLogged: 'Invalid time duration entered.' });
  return sum;
}

/** Only `yyyy-MM-dd'T'HH:mm:ss.SSSZ` is taken: no `Z`, no colon, no missing milliseconds. */
function started(value: unknown, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  const match = STARTED.exec(String(value));
  if (match === null)
    throw new JiraError(400, `Can not deserialize instance of java.util.Date out of '${String(value)}'`);
  return Date.parse(`${match[1]}${match[2]}:${match[3]}`);
}

function issueIn(call: Call): IssueRecord {
  const issue = visibleIssue(call.jira, call.user, call.param('issueIdOrKey'));
  call.issueKey = issue.key;
  return issue;
}

function worklogIn(call: Call, issue: IssueRecord): WorklogRecord {
  const id = call.param('worklogId');
  const log = call.jira.store.worklogs.get(id);
  if (log?.issueId !== issue.id) throw new JiraError(404, `Cannot find worklog with id: '${id}'.`);
  return log;
}

/** Puts (or takes away) a worklog. What more is spent remains less: the estimate is adjusted, as by default, and never below 0. */
function record(call: Call, issue: IssueRecord, before: WorklogRecord | null, after: WorklogRecord | null): void {
  const { store } = call.jira;
  const old = timesOf(call.jira, issue);
  if (after !== null) store.worklogs.put(after);
  else if (before !== null) store.worklogs.remove(before.id);
  const more = (after?.timeSpentSeconds ?? 0) - (before?.timeSpentSeconds ?? 0);
  const timeEstimate = Math.max(0, (old.estimate ?? 0) - more);
  const { spent } = timesOf(call.jira, issue);
  const now = { spent: spent ?? 0, estimate: timeEstimate };
  const items = worklogItems(old, now, after?.id ?? before?.id ?? '');
  saveIssue(call.jira, call.user, issue, { ...issue, timeEstimate }, 'issue_updated', items);
}

function add(call: Call): Reply {
  const issue = issueIn(call);
  const project = projectOf(call.jira, issue);
  needWritable(project);
  if (!can(call.jira, call.user, 'WORK_ON_ISSUES', project, issue))
    throw new JiraError(403, 'You do not have the permission to associate a worklog to this issue.');
  const body = call.bodyObject();
  const now = call.jira.now();
  const author = call.user?.id ?? null;
  const log: WorklogRecord = {
    id: '', issueId: issue.id, author, updateAuthor: author, comment: typeof body['comment'] === 'string' ? body['comment'] : '',
    created: now, updated: now, started: started(body['started'], now), timeSpentSeconds: seconds(body),
  }; // prettier-ignore
  const saved = { ...log, id: call.jira.store.nextId('worklog') };
  record(call, issue, null, saved);
  return json(201, worklogBean(call.jira, saved));
}

/** A worklog that the account may change: its own, or any with the permission for all. */
function writable(call: Call, issue: IssueRecord, permission: string): WorklogRecord {
  const log = worklogIn(call, issue);
  const project = projectOf(call.jira, issue);
  needWritable(project);
  const own = call.user !== null && log.author === call.user.id;
  if (!own && !can(call.jira, call.user, permission, project, issue))
    throw new JiraError(403, 'You do not have the permission for this worklog.');
  return log;
}

function change(call: Call): Reply {
  const issue = issueIn(call);
  const log = writable(call, issue, 'EDIT_ALL_WORKLOGS');
  const body = call.bodyObject();
  const { comment, timeSpent, timeSpentSeconds } = body;
  const changed: WorklogRecord = {
    ...log,
    comment: typeof comment === 'string' ? comment : log.comment,
    started: started(body['started'], log.started),
    timeSpentSeconds: timeSpent === undefined && timeSpentSeconds === undefined ? log.timeSpentSeconds : seconds(body),
    updateAuthor: call.user?.id ?? null,
    updated: call.jira.now(),
  };
  record(call, issue, log, changed);
  return ok(worklogBean(call.jira, changed));
}

export function addWorklogRoutes(router: Router, api: string): void {
  const base = `${api}/issue/{issueIdOrKey}/worklog`;
  router.add('POST', base, add);
  router.add('GET', base, (call) => {
    const all = call.jira.store.worklogsOf.of(issueIn(call).id).map((log) => worklogBean(call.jira, log));
    return ok({ startAt: 0, maxResults: all.length, total: all.length, worklogs: all });
  });
  router.add('GET', `${base}/{worklogId}`, (call) => ok(worklogBean(call.jira, worklogIn(call, issueIn(call)))));
  router.add('PUT', `${base}/{worklogId}`, change);
  router.add('DELETE', `${base}/{worklogId}`, (call) => {
    const issue = issueIn(call);
    record(call, issue, writable(call, issue, 'DELETE_ALL_WORKLOGS'), null);
    return empty();
  });
}
