import type { Jira } from '../core/jira.ts';
import { commentWrites, saveWithComments } from '../comments/operations.ts';
import { screenOf, typesOf, usableFields } from '../meta/screens.ts';
import { fieldById } from '../meta/fields.ts';
import { can, isAdmin, needWritable, projectOf } from '../permissions/check.ts';
import { checkProperty } from '../properties/limits.ts';
import { JiraError, fieldErrors } from '../server/errors.ts';
import type { IssueRecord, IssueTypeRecord, Json, JsonObject, ProjectRecord, UserRecord } from '../store/records.ts';
import { applyInput } from './apply.ts';
import { BadValue, assigneeKey } from './field-writers.ts';
import { isObject, issueInput } from './input.ts';
import { addLinkOperation } from './links.ts';
import { saveIssue } from './save.ts';

/** Types an issue may be changed to: its project's, on its side of standard and sub-task. */
export function allowedTypes(jira: Jira, project: ProjectRecord, issue: IssueRecord): IssueTypeRecord[] {
  return typesOf(jira, project).filter((type) => type.subtask === (issue.parentId !== null));
}

function newType(jira: Jira, project: ProjectRecord, issue: IssueRecord, value: Json): string {
  const { id, name } = isObject(value) ? value : {};
  const found = allowedTypes(jira, project, issue).find((type) =>
    id === undefined ? type.name === name : type.id === String(id),
  );
  if (found === undefined) throw fieldErrors({ issuetype: 'The issue type selected is invalid.' });
  return found.id;
}

function emptied(jira: Jira, required: string[], input: JsonObject): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const id of required) {
    const value = input[id];
    const gone = value === null || value === '' || (Array.isArray(value) && value.length === 0);
    if (gone && id !== 'summary' && id !== 'reporter') errors[id] = `${fieldById(jira, id)?.name ?? id} is required.`;
  }
  return errors;
}

function notValid(id: string): string {
  return `Field '${id}' is not valid for this operation.`;
}

/** Changes an issue as PUT issue does. With `free` screens and permissions do not matter. */
export function editIssue(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  body: JsonObject,
  free = false,
): void {
  const project = projectOf(jira, issue);
  const input = issueInput(body);
  needWritable(project);
  const type = jira.store.issueTypes.get(issue.typeId);
  if (type === undefined) throw new Error(`Issue ${issue.key} has no type`);
  const mayEdit = can(jira, user, 'EDIT_ISSUES', project, issue);
  const commentOnly = can(jira, user, 'ADD_COMMENTS', project, issue) ? ['comment'] : [];
  const usable = free ? null : mayEdit ? usableFields(jira, user, project, type, 'edit', issue) : commentOnly;
  const typeValue = input.fields['issuetype'] ?? input.update['issuetype']?.at(-1)?.value;
  const typeUsable = usable === null || usable.includes('issuetype');
  const applied = applyInput({ jira, project }, issue, input, usable, typeUsable ? ['issuetype'] : [], notValid);
  const required = free ? [] : screenOf(jira, project, type).required;
  const errors = { ...emptied(jira, required, input.fields), ...applied.errors };
  let after = applied.issue;
  if (typeValue !== undefined && typeUsable) {
    try {
      after = { ...after, typeId: newType(jira, project, issue, typeValue) };
    } catch (error) {
      if (!(error instanceof JiraError)) throw error;
      Object.assign(errors, error.errors);
    }
  }
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
  if (input.properties.length > 0) {
    if (!free && !mayEdit) throw new JiraError(403, 'You do not have permission to edit this issue.');
    for (const { key, value } of input.properties) checkProperty(key, value);
    after = {
      ...after,
      properties: {
        ...after.properties,
        ...Object.fromEntries(input.properties.map(({ key, value }) => [key, value])),
      },
    };
  }
  const comments = commentWrites(jira, user, issue, input.update['comment'] ?? []);
  saveWithComments(jira, user, issue, after, comments);
  for (const operation of input.update['issuelinks'] ?? []) addLinkOperation(jira, user, issue, operation);
}

/** `notifyUsers=false` is for admins of the server or the project. */
export function checkNotify(jira: Jira, user: UserRecord | null, issue: IssueRecord, notify: string | null): void {
  if (notify !== 'false') return;
  if (isAdmin(user) || can(jira, user, 'ADMINISTER_PROJECTS', projectOf(jira, issue))) return;
  throw new JiraError(403, 'To discard the user notification either admin or project admin permissions are required.');
}

/** PUT assignee. */
export function assignIssue(jira: Jira, user: UserRecord | null, issue: IssueRecord, body: JsonObject): void {
  const project = projectOf(jira, issue);
  needWritable(project);
  if (!can(jira, user, 'ASSIGN_ISSUES', project, issue)) {
    throw new JiraError(403, 'You do not have permission to assign issues.');
  }
  try {
    saveIssue(jira, user, issue, { ...issue, assignee: assigneeKey({ jira, project }, body) });
  } catch (error) {
    if (error instanceof BadValue) throw fieldErrors({ assignee: error.message });
    throw error;
  }
}
