import { can, needWritable, projectOf, visibleIssue } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError, fieldErrors } from '../server/errors.ts';
import { json, ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { JsonObject, WorklogRecord } from '../store/records.ts';
import { item } from './changelog.ts';
import { saveIssue } from './save.ts';
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
function started(call: Call, value: unknown): number {
  if (value === undefined || value === null) return call.jira.now();
  const match = STARTED.exec(String(value));
  if (match === null)
    throw new JiraError(400, `Can not deserialize instance of java.util.Date out of '${String(value)}'`);
  return Date.parse(`${match[1]}${match[2]}:${match[3]}`);
}

function add(call: Call): Reply {
  const issue = visibleIssue(call.jira, call.user, call.param('issueIdOrKey'));
  call.issueKey = issue.key;
  const project = projectOf(call.jira, issue);
  needWritable(project);
  if (!can(call.jira, call.user, 'WORK_ON_ISSUES', project, issue))
    throw new JiraError(403, 'You do not have the permission to associate a worklog to this issue.');
  const body = call.bodyObject();
  const now = call.jira.now();
  const author = call.user?.id ?? null;
  const spent = seconds(body);
  const log: WorklogRecord = {
    id: '', issueId: issue.id, author, updateAuthor: author, comment: typeof body['comment'] === 'string' ? body['comment'] : '',
    created: now, updated: now, started: started(call, body['started']), timeSpentSeconds: spent,
  }; // prettier-ignore
  const saved = call.jira.store.worklogs.put({ ...log, id: call.jira.store.nextId('worklog') });
  saveIssue(call.jira, call.user, issue, issue, 'issue_updated', [
    item('timespent', null, null, String(spent), String(spent)),
    item('WorklogId', saved.id, saved.id, null, null),
  ]);
  return json(201, worklogBean(call.jira, saved));
}

export function addWorklogRoutes(router: Router, api: string): void {
  const base = `${api}/issue/{issueIdOrKey}/worklog`;
  router.add('POST', base, add);
  router.add('GET', base, (call) => {
    const issue = visibleIssue(call.jira, call.user, call.param('issueIdOrKey'));
    const all = call.jira.store.worklogsOf.of(issue.id).map((log) => worklogBean(call.jira, log));
    return ok({ startAt: 0, maxResults: all.length, total: all.length, worklogs: all });
  });
}
