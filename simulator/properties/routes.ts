import { mayEditComment, visibleComment } from '../comments/write.ts';
import { can, needWritable, projectOf, visibleIssue } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError } from '../server/errors.ts';
import { empty, ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { Json, JsonObject } from '../store/records.ts';
import { checkProperty } from './limits.ts';

/** Something that has properties: an issue or a comment. */
interface Owner {
  url: string;
  properties: JsonObject;
  save: (properties: JsonObject) => void;
}

function issueOwner(call: Call, write: boolean): Owner {
  const { jira } = call;
  if (write) call.needUser();
  const issue = visibleIssue(jira, call.user, call.param('issueIdOrKey'));
  call.issueKey = issue.key;
  if (write) {
    needWritable(projectOf(jira, issue));
    if (!can(jira, call.user, 'EDIT_ISSUES', projectOf(jira, issue), issue))
      throw new JiraError(403, 'You do not have permission to edit this issue.');
  }
  // no history, and `updated` stays
  const save = (properties: JsonObject): void => void jira.store.issues.put({ ...issue, properties });
  return { url: `${jira.baseUrl}/rest/api/2/issue/${issue.id}/properties`, properties: issue.properties, save };
}

function commentOwner(call: Call, write: boolean): Owner {
  const { jira } = call;
  if (write) call.needUser();
  const { comment, issue } = visibleComment(jira, call.user, call.param('commentId'), null);
  call.issueKey = issue.key;
  if (write && !mayEditComment(jira, call.user, issue, comment))
    throw new JiraError(403, 'You do not have the permission for this comment.');
  const save = (properties: JsonObject): void => void jira.store.comments.put({ ...comment, properties });
  return { url: `${jira.baseUrl}/rest/api/2/comment/${comment.id}/properties`, properties: comment.properties, save };
}

function rawValue(bytes: Buffer): Json {
  try {
    return JSON.parse(bytes.toString('utf8')) as Json;
  } catch {
    throw new JiraError(400, 'The property value must be a valid JSON.');
  }
}

function missing(key: string): JiraError {
  return new JiraError(404, `The property with key '${key}' does not exist.`);
}

function add(router: Router, base: string, owner: (call: Call, write: boolean) => Owner): void {
  router.add('GET', base, (call) => {
    const { url, properties } = owner(call, false);
    return ok({ keys: Object.keys(properties).map((key) => ({ self: `${url}/${encodeURIComponent(key)}`, key })) });
  });
  router.add('GET', `${base}/{propertyKey}`, (call) => {
    const key = call.param('propertyKey');
    const value = owner(call, false).properties[key];
    if (value === undefined) throw missing(key);
    return ok({ key, value });
  });
  const put = async (call: Call): Promise<Reply> => {
    const key = call.param('propertyKey');
    // the body is a bare JSON value, whatever its content type says
    const bytes = await call.readBytes();
    const { properties, save } = owner(call, true);
    const value = rawValue(bytes);
    checkProperty(key, value);
    save({ ...properties, [key]: value });
    return empty(properties[key] === undefined ? 201 : 200);
  };
  router.add('PUT', `${base}/{propertyKey}`, put, { rawBody: true });
  router.add('DELETE', `${base}/{propertyKey}`, (call) => {
    const key = call.param('propertyKey');
    const { properties, save } = owner(call, true);
    if (properties[key] === undefined) throw missing(key);
    save(Object.fromEntries(Object.entries(properties).filter(([name]) => name !== key)));
    return empty();
  });
}

export function addPropertyRoutes(router: Router, api: string): void {
  add(router, `${api}/issue/{issueIdOrKey}/properties`, issueOwner);
  add(router, `${api}/comment/{commentId}/properties`, commentOwner);
}
