import type { Jira } from '../core/jira.ts';
import { isObject } from '../issues/input.ts';
import { touchIssue } from '../issues/save.ts';
import { tooLong } from '../issues/field-writers.ts';
import { can, needWritable, projectOf, sees, visibleIssue } from '../permissions/check.ts';
import { checkProperty } from '../properties/limits.ts';
import { JiraError, fieldErrors } from '../server/errors.ts';
import type {
  CommentRecord,
  IssueRecord,
  Json,
  JsonObject,
  ProjectRecord,
  UserRecord,
  Visibility,
} from '../store/records.ts';

export interface CommentInput {
  body: string;
  visibility: Visibility | null;
  properties: JsonObject;
}

/** What Jackson, the server's JSON reader, says of a word that is none of an enum's: the names of the enum are lower case. */
function notAVisibilityType(type: Json | undefined): string {
  return `Can not construct instance of com.atlassian.jira.issue.fields.rest.json.beans.VisibilityJsonBean$VisibilityType from String value '${String(type ?? '')}': value not one of declared Enum instance names`;
}

/** The restriction a comment asks for; one that is not whole is refused, it never makes a public comment. */
function visibilityIn(
  jira: Jira,
  user: UserRecord | null,
  project: ProjectRecord,
  value: Json | undefined,
): Visibility | null {
  if (value === undefined || value === null) return null;
  const { type, value: name } = isObject(value) ? value : {};
  if (type !== 'role' && type !== 'group') throw fieldErrors({ comment: notAVisibilityType(type) });
  if (typeof name !== 'string' || name === '')
    throw fieldErrors({ commentLevel: type === 'group' ? 'Group:  does not exist.' : 'Invalid role level specified.' });
  const visibility: Visibility = { type, value: name };
  if (type === 'group') {
    const exists = jira.store.users.find((one) => one.groups.includes(name)) !== undefined;
    if (!exists) throw fieldErrors({ commentLevel: `Group: ${name} does not exist.` });
    if (!sees(user, visibility, project))
      throw fieldErrors({ commentLevel: `You are currently not a member of the group: ${name}.` });
  } else {
    if (project.roles[name] === undefined) throw fieldErrors({ commentLevel: 'Invalid role level specified.' });
    if (!sees(user, visibility, project))
      throw fieldErrors({ commentLevel: `You are currently not a member of the project role: ${name}.` });
  }
  return visibility;
}

function propertiesIn(value: Json | undefined): JsonObject {
  const properties: JsonObject = {};
  for (const one of Array.isArray(value) ? value : []) {
    if (!isObject(one) || typeof one['key'] !== 'string') continue;
    checkProperty(one['key'], one['value'] ?? null);
    properties[one['key']] = one['value'] ?? null;
  }
  return properties;
}

/** Checks what a new or edited comment brings. */
export function checkCommentInput(
  jira: Jira,
  user: UserRecord | null,
  project: ProjectRecord,
  input: JsonObject,
): CommentInput {
  const { body, visibility, properties } = input;
  if (body !== undefined && body !== null && typeof body !== 'string')
    throw fieldErrors({ comment: 'Operation value must be a string' });
  if (typeof body !== 'string' || body.trim() === '') throw fieldErrors({ comment: 'Comment body can not be empty!' });
  const limit = jira.settings.textLimit;
  if (limit > 0 && body.length > limit) throw fieldErrors({ comment: tooLong(limit) });
  return { body, visibility: visibilityIn(jira, user, project, visibility), properties: propertiesIn(properties) };
}

/** The status of a refused comment write is not the same in all versions; 400 in old ones. */
function refusal(jira: Jira, text: string): JiraError {
  return new JiraError(jira.version.atLeast(10) ? 403 : 400, text);
}

export function needCommenting(jira: Jira, user: UserRecord | null, issue: IssueRecord): void {
  const project = projectOf(jira, issue);
  needWritable(project);
  if (can(jira, user, 'ADD_COMMENTS', project, issue)) return;
  const text = 'you do not have the permission to comment on this issue.';
  throw refusal(jira, user === null ? `Y${text.slice(1)}` : `${user.displayName}, ${text}`);
}

/** Stores a new comment and tells of it; that the issue has changed is for the caller to tell. */
export function storeComment(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  input: CommentInput,
): CommentRecord {
  needCommenting(jira, user, issue);
  const now = jira.now();
  const comment = jira.store.comments.put({
    id: jira.store.nextId('comment'),
    issueId: issue.id,
    author: user?.id ?? null,
    updateAuthor: user?.id ?? null,
    body: input.body,
    created: now,
    updated: now,
    visibility: input.visibility,
    properties: input.properties,
  });
  jira.webhooks.commentCreated(issue, comment);
  return comment;
}

/** Adds a comment: two webhooks, and the issue's `updated` moves. */
export function addComment(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  input: CommentInput,
): CommentRecord {
  const before = jira.store.issues.get(issue.id) ?? issue;
  const comment = storeComment(jira, user, before, input);
  jira.webhooks.issueCommented(user, before, comment);
  touchIssue(jira, issue.id);
  return comment;
}

/**
 * A comment the user may see; with an issue given it has to be that issue's. What the user may not see is as if it were not
 * there, except where a comment is named without its issue.
 */
export function visibleComment(
  jira: Jira,
  user: UserRecord | null,
  id: string,
  issueIdOrKey: string | null,
): { comment: CommentRecord; issue: IssueRecord } {
  const wanted = issueIdOrKey === null ? null : visibleIssue(jira, user, issueIdOrKey);
  const comment = jira.store.comments.get(id);
  const missing = new JiraError(404, `Can not find a comment for the id: ${id}.`);
  if (comment === undefined || (wanted !== null && wanted.id !== comment.issueId)) throw missing;
  const issue = wanted ?? visibleIssue(jira, user, comment.issueId);
  if (!sees(user, comment.visibility, projectOf(jira, issue)))
    throw wanted === null ? new JiraError(403, 'You do not have the permission for this comment.') : missing;
  return { comment, issue };
}

function mayTouch(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  comment: CommentRecord,
  verb: 'EDIT' | 'DELETE',
): boolean {
  const project = projectOf(jira, issue);
  if (can(jira, user, `${verb}_ALL_COMMENTS`, project, issue)) return true;
  return user !== null && comment.author === user.id && can(jira, user, `${verb}_OWN_COMMENTS`, project, issue);
}

export function mayEditComment(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  comment: CommentRecord,
): boolean {
  return mayTouch(jira, user, issue, comment, 'EDIT');
}

export function mayDeleteComment(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  comment: CommentRecord,
): boolean {
  return mayTouch(jira, user, issue, comment, 'DELETE');
}

/** Refuses who may not edit or delete that comment. */
export function needTouching(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  comment: CommentRecord,
  verb: 'EDIT' | 'DELETE',
): void {
  needWritable(projectOf(jira, issue));
  if (!mayTouch(jira, user, issue, comment, verb))
    throw refusal(jira, 'You do not have the permission for this comment.');
}

/** Edits a comment. Properties left out stay; a visibility left out is cleared. */
export function editComment(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  comment: CommentRecord,
  body: JsonObject,
): CommentRecord {
  needTouching(jira, user, issue, comment, 'EDIT');
  const input = checkCommentInput(jira, user, projectOf(jira, issue), body);
  const edited = jira.store.comments.put({
    ...comment,
    body: input.body,
    visibility: input.visibility,
    properties: { ...comment.properties, ...input.properties },
    updateAuthor: user?.id ?? null,
    updated: jira.now(),
  });
  const before = jira.store.issues.get(issue.id) ?? issue;
  jira.webhooks.commentUpdated(user, before, edited);
  touchIssue(jira, issue.id);
  return edited;
}

export function deleteComment(jira: Jira, user: UserRecord | null, issue: IssueRecord, comment: CommentRecord): void {
  needTouching(jira, user, issue, comment, 'DELETE');
  jira.store.comments.remove(comment.id);
  const touched = touchIssue(jira, issue.id);
  jira.webhooks.commentDeleted(user, touched ?? issue, comment);
}
