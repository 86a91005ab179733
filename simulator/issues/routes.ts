import { editMeta } from '../meta/editmeta.ts';
import { EPIC_LINK, EPIC_NAME, customFieldOf } from '../meta/fields.ts';
import { isEpic } from '../meta/screens.ts';
import { visibleIssue } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError, noSuchPath } from '../server/errors.ts';
import { empty, json, ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { IssueRecord, Json } from '../store/records.ts';
import { issueBean } from './bean.ts';
import { createIssue } from './create.ts';
import { deleteIssue } from './delete.ts';
import { assignIssue, checkNotify, editIssue } from './edit.ts';
import { isObject } from './input.ts';
import { linkBeans } from './link-bean.ts';
import { linkIn, linkIssues, unlinkIssues } from './links.ts';
import { saveIssue } from './save.ts';
import { selectFields } from './selection.ts';
import { transitionBeans, transitionIssue } from './transitions.ts';

function list(call: Call, name: string): string[] {
  return call.query
    .getAll(name)
    .flatMap((part) => part.split(','))
    .filter((part) => part !== '');
}

function issueIn(call: Call): IssueRecord {
  const issue = visibleIssue(call.jira, call.user, call.param('issueIdOrKey'));
  call.issueKey = issue.key;
  return issue;
}

function get(call: Call): Reply {
  const { jira, user } = call;
  const issue = issueIn(call);
  const fields = selectFields(jira, list(call, 'fields'), '*all');
  return ok(
    issueBean({ jira, user, source: 'database' }, issue, fields, list(call, 'expand'), list(call, 'properties')),
  );
}

function created(call: Call, issue: IssueRecord): Record<string, string> {
  return { id: issue.id, key: issue.key, self: `${call.jira.baseUrl}/rest/api/2/issue/${issue.id}` };
}

function create(call: Call): Reply {
  if (call.user === null && !anyoneMayCreate(call)) {
    throw new JiraError(401, 'You are not authenticated. Authentication required to perform this operation.');
  }
  const issue = createIssue(call.jira, call.user, call.bodyObject());
  call.issueKey = issue.key;
  return json(201, created(call, issue));
}

function anyoneMayCreate(call: Call): boolean {
  return call.jira.store.projects.find((one) => one.grants['CREATE_ISSUES']?.includes('anyone') === true) !== undefined;
}

function createBulk(call: Call): Reply {
  call.needUser();
  const { issueUpdates } = call.bodyObject();
  const issues: Record<string, string>[] = [];
  const errors: unknown[] = [];
  for (const [index, update] of (Array.isArray(issueUpdates) ? issueUpdates : []).entries()) {
    try {
      issues.push(created(call, createIssue(call.jira, call.user, isObject(update) ? update : {})));
    } catch (error) {
      if (!(error instanceof JiraError)) throw error;
      const elementErrors = { errorMessages: error.messages, errors: error.errors };
      errors.push({ status: error.status, elementErrors, failedElementNumber: index });
    }
  }
  return json(issues.length === 0 ? 400 : 201, { issues, errors });
}

function epicBean(call: Call, issue: IssueRecord): Record<string, unknown> {
  const type = call.jira.store.issueTypes.get(issue.typeId);
  if (type === undefined || !isEpic(type))
    throw new JiraError(404, 'The requested epic does not exist or you do not have permission to view it.');
  const nameField = customFieldOf(call.jira, EPIC_NAME);
  const name: Json = nameField === undefined ? null : (issue.custom[nameField.id] ?? null);
  const self = `${call.jira.baseUrl}/rest/agile/1.0/epic/${issue.id}`;
  return {
    id: Number(issue.id),
    key: issue.key,
    self,
    name,
    summary: issue.summary,
    color: { key: 'color_1' },
    done: false,
  };
}

function intoEpic(call: Call): Reply {
  const epic = issueIn(call);
  epicBean(call, epic);
  const field = customFieldOf(call.jira, EPIC_LINK);
  const { issues } = call.bodyObject();
  for (const key of Array.isArray(issues) ? issues : []) {
    const issue = visibleIssue(call.jira, call.user, String(key));
    if (field !== undefined)
      saveIssue(call.jira, call.user, issue, { ...issue, custom: { ...issue.custom, [field.id]: epic.key } });
  }
  return empty();
}

function edit(call: Call): Reply {
  const issue = issueIn(call);
  checkNotify(call.jira, call.user, issue, call.query.get('notifyUsers'));
  editIssue(call.jira, call.user, issue, call.bodyObject());
  return empty();
}

function addLinkRoutes(router: Router, api: string): void {
  router.add('POST', `${api}/issueLink`, (call) => {
    call.needUser();
    call.issueKey = linkIssues(call.jira, call.user, call.bodyObject()).key;
    return empty(201);
  });
  router.add('GET', `${api}/issueLink/{linkId}`, (call) => {
    const link = linkIn(call.jira, call.user, call.param('linkId'));
    const [inward, outward] = [call.jira.store.issues.get(link.inwardId), call.jira.store.issues.get(link.outwardId)];
    const from = inward === undefined ? [] : linkBeans(call.jira, call.user, inward);
    const to = outward === undefined ? [] : linkBeans(call.jira, call.user, outward);
    const find = (beans: Record<string, unknown>[]): Record<string, unknown> =>
      beans.find((bean) => bean['id'] === link.id) ?? {};
    return ok({ ...find(from), ...find(to) });
  });
  router.add('DELETE', `${api}/issueLink/{linkId}`, (call) => {
    unlinkIssues(call.jira, call.user, call.param('linkId'));
    return empty();
  });
}

export function addIssueRoutes(router: Router, api: string): void {
  const one = `${api}/issue/{issueIdOrKey}`;
  router.add('POST', `${api}/issue`, create);
  router.add('POST', `${api}/issue/bulk`, createBulk);
  router.add('GET', one, get);
  router.add('PUT', one, edit);
  router.add('DELETE', one, (call) => {
    const issue = issueIn(call);
    deleteIssue(call.jira, call.user, issue, call.query.get('deleteSubtasks') === 'true');
    return empty();
  });
  router.add('PUT', `${one}/assignee`, (call) => {
    assignIssue(call.jira, call.user, issueIn(call), call.bodyObject());
    return empty();
  });
  router.add('GET', `${one}/editmeta`, (call) => ok(editMeta(call.jira, call.user, issueIn(call))));
  router.add('GET', `${one}/transitions`, (call) => {
    const withFields = (call.query.get('expand') ?? '').includes('transitions.fields');
    const all = transitionBeans(call.jira, call.user, issueIn(call), withFields);
    const only = call.query.get('transitionId');
    return ok({ expand: 'transitions', transitions: all.filter(({ id }) => only === null || id === only) });
  });
  router.add('POST', `${one}/transitions`, (call) => {
    transitionIssue(call.jira, call.user, issueIn(call), call.bodyObject());
    return empty();
  });
  addLinkRoutes(router, api);
  router.add('GET', '/rest/agile/1.0/epic/{issueIdOrKey}', (call) => ok(epicBean(call, issueIn(call))));
  router.add('POST', '/rest/agile/1.0/epic/{issueIdOrKey}/issue', intoEpic);
  // Cloud only: on a server the path does not exist
  router.add('GET', `${one}/changelog`, (call) => {
    throw noSuchPath(call);
  });
}
