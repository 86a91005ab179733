import type { Jira } from '../core/jira.ts';
import { visibleIssue } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError, fieldErrors } from '../server/errors.ts';
import { empty, json, ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { IssueRecord, JsonObject, RemoteLink } from '../store/records.ts';
import { item } from './changelog.ts';
import { isObject } from './input.ts';
import { needLinking } from './links.ts';
import { saveIssue } from './save.ts';

function selfOf(jira: Jira, issue: IssueRecord, id: number): string {
  return `${jira.baseUrl}/rest/api/2/issue/${issue.key}/remotelink/${id}`;
}

function bean(jira: Jira, issue: IssueRecord, link: RemoteLink): Record<string, unknown> {
  const { application, relationship, object } = link.value;
  return {
    id: link.id,
    self: selfOf(jira, issue, link.id),
    ...(link.globalId === null ? {} : { globalId: link.globalId }),
    application: application ?? {},
    ...(relationship === undefined ? {} : { relationship }),
    object: object ?? {},
  };
}

function check(body: JsonObject): void {
  const object = isObject(body['object']) ? body['object'] : {};
  const errors: Record<string, string> = {};
  if (typeof object['url'] !== 'string' || object['url'] === '') errors['url'] = "'url' is required.";
  if (typeof object['title'] !== 'string' || object['title'] === '') errors['title'] = "'title' is required.";
  if (String(body['globalId'] ?? '').length > 255)
    errors['globalId'] = "'globalId' is too long: at most 255 characters.";
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
}

/** How the history names a link; one without an application is a web link there. */
function textOf({ value }: RemoteLink): string {
  const [application, object] = [value['application'], value['object']];
  const name = isObject(application) && typeof application['name'] === 'string' ? application['name'] : '';
  const title = isObject(object) ? String(object['title']) : '';
  return `This issue links to "${title} (${name === '' ? 'Web Link' : name})"`;
}

/** Adds, changes or removes a link. The history tells of it and `updated` moves, as for links between issues. */
function change(call: Call, issue: IssueRecord, before: RemoteLink | null, after: RemoteLink | null): void {
  const id = (link: RemoteLink | null): string | null => (link === null ? null : String(link.id));
  const text = (link: RemoteLink | null): string | null => (link === null ? null : textOf(link));
  const others = issue.remoteLinks.filter((one) => one.id !== before?.id);
  const remoteLinks = [...others, ...(after === null ? [] : [after])].sort((a, b) => a.id - b.id);
  saveIssue(call.jira, call.user, issue, { ...issue, remoteLinks }, 'issue_updated', [
    item('RemoteIssueLink', id(before), text(before), id(after), text(after)),
  ]);
}

function issueIn(call: Call, write: boolean): IssueRecord {
  call.needUser();
  const issue = visibleIssue(call.jira, call.user, call.param('issueIdOrKey'));
  call.issueKey = issue.key;
  if (write) needLinking(call.jira, call.user, issue);
  return issue;
}

function upsert(call: Call): Reply {
  const issue = issueIn(call, true);
  const body = call.bodyObject();
  check(body);
  const globalId = typeof body['globalId'] === 'string' && body['globalId'] !== '' ? body['globalId'] : null;
  const known = globalId === null ? undefined : issue.remoteLinks.find((link) => link.globalId === globalId);
  const id = known?.id ?? call.jira.store.next('remotelink');
  change(call, issue, known ?? null, { id, globalId, value: body });
  return json(known === undefined ? 201 : 200, { id, self: selfOf(call.jira, issue, id) });
}

function one(call: Call, issue: IssueRecord): RemoteLink {
  const link = issue.remoteLinks.find(({ id }) => String(id) === call.param('linkId'));
  if (link === undefined)
    throw new JiraError(404, `The remote issue link with id '${call.param('linkId')}' does not exist.`);
  return link;
}

function list(call: Call): Reply {
  const issue = issueIn(call, false);
  const globalId = call.query.get('globalId');
  if (globalId === null) return ok(issue.remoteLinks.map((link) => bean(call.jira, issue, link)));
  const link = issue.remoteLinks.find((item) => item.globalId === globalId);
  if (link === undefined)
    throw new JiraError(404, `The remote issue link with global id '${globalId}' does not exist.`);
  return ok(bean(call.jira, issue, link));
}

function remove(call: Call, fits: (link: RemoteLink) => boolean): Reply {
  const issue = issueIn(call, true);
  const link = issue.remoteLinks.find(fits);
  if (link === undefined) throw new JiraError(404, 'The remote issue link does not exist.');
  change(call, issue, link, null);
  return empty();
}

export function addRemoteLinkRoutes(router: Router, api: string): void {
  const base = `${api}/issue/{issueIdOrKey}/remotelink`;
  router.add('GET', base, list);
  router.add('POST', base, upsert);
  router.add('DELETE', base, (call) => remove(call, (link) => link.globalId === call.query.get('globalId')));
  router.add('GET', `${base}/{linkId}`, (call) => {
    const issue = issueIn(call, false);
    return ok(bean(call.jira, issue, one(call, issue)));
  });
  router.add('PUT', `${base}/{linkId}`, (call) => {
    const issue = issueIn(call, true);
    const known = one(call, issue);
    const body = call.bodyObject();
    check(body);
    change(call, issue, known, {
      id: known.id,
      globalId: typeof body['globalId'] === 'string' ? body['globalId'] : null,
      value: body,
    });
    return empty();
  });
  router.add('DELETE', `${base}/{linkId}`, (call) => remove(call, (link) => String(link.id) === call.param('linkId')));
}
