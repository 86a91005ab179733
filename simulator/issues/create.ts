import type { Jira } from '../core/jira.ts';
import { DEFAULT_PRIORITY, FIRST_STATUS } from '../meta/catalog.ts';
import { fieldById } from '../meta/fields.ts';
import { screenOf, typesOf, usableFields } from '../meta/screens.ts';
import { can, needWritable } from '../permissions/check.ts';
import { checkProperty } from '../properties/limits.ts';
import { JiraError, fieldErrors } from '../server/errors.ts';
import type { IssueRecord, IssueTypeRecord, Json, JsonObject, ProjectRecord, UserRecord } from '../store/records.ts';
import { addComment, checkCommentInput } from '../comments/write.ts';
import { applyInput } from './apply.ts';
import { isObject, issueInput } from './input.ts';
import type { IssueInput } from './input.ts';
import { addLinkOperation } from './links.ts';

function projectIn(jira: Jira, user: UserRecord | null, value: Json | undefined): ProjectRecord {
  const { id, key } = isObject(value) ? value : {};
  const project = jira.store.project(String(id ?? key ?? ''));
  if (project === undefined || !can(jira, user, 'BROWSE_PROJECTS', project))
    throw fieldErrors({ project: 'project is required' });
  if (!can(jira, user, 'CREATE_ISSUES', project)) {
    throw new JiraError(
      400,
      user === null
        ? 'Anonymous users do not have permission to create issues in this project. Please try logging in first.'
        : 'You do not have permission to create issues in this project.',
    );
  }
  return project;
}

/** The issue type meant by `{id}` or `{name}`, within the project's scheme. */
export function typeIn(jira: Jira, project: ProjectRecord, value: Json | undefined): IssueTypeRecord {
  const { id, name } = isObject(value) ? value : {};
  const fits = (type: IssueTypeRecord): boolean => (id === undefined ? type.name === name : type.id === String(id));
  const found = typesOf(jira, project).find(fits);
  if (found !== undefined) return found;
  if (jira.store.issueTypes.find(fits) !== undefined)
    throw fieldErrors({ issuetype: 'The issue type selected is invalid.' });
  throw fieldErrors({
    issuetype: jira.version.atLeast(8, 17) ? 'issue type is required' : 'valid issue type is required',
  });
}

function parentIn(jira: Jira, project: ProjectRecord, type: IssueTypeRecord, value: Json | undefined): string | null {
  const { id, key } = isObject(value) ? value : {};
  const given = id ?? key;
  if (!type.subtask) {
    if (given !== undefined && given !== null)
      throw fieldErrors({ parent: "Field 'parent' cannot be set. It is not on the appropriate screen, or unknown." });
    return null;
  }
  if (given === undefined || given === null)
    throw fieldErrors({ parent: 'Issue type is a sub-task but parent issue key or id not specified.' });
  const parent = jira.store.issue(String(given));
  if (parent === undefined) throw fieldErrors({ parent: 'Could not find issue by id or key.' });
  if (parent.projectId !== project.id || parent.parentId !== null)
    throw fieldErrors({ parent: 'The parent issue is not valid for a sub-task of this project.' });
  return parent.id;
}

function requiredErrors(
  jira: Jira,
  issue: IssueRecord,
  required: string[],
  done: Record<string, string>,
): Record<string, string> {
  const errors: Record<string, string> = {};
  const values: Record<string, unknown> = {
    ...issue.custom, description: issue.description, environment: issue.environment, duedate: issue.duedate,
    assignee: issue.assignee, labels: issue.labels, components: issue.componentIds, fixVersions: issue.fixVersionIds, versions: issue.versionIds,
  }; // prettier-ignore
  if (issue.summary === '' && done['summary'] === undefined)
    errors['summary'] = 'You must specify a summary of the issue.';
  for (const id of required) {
    // these have a value in any case: the caller's, or one that was checked already
    if (['summary', 'issuetype', 'reporter', 'project', 'parent', 'priority'].includes(id) || done[id] !== undefined)
      continue;
    const value = values[id];
    const missing = value === null || value === undefined || (Array.isArray(value) && value.length === 0);
    if (missing) errors[id] = `${fieldById(jira, id)?.name ?? id} is required.`;
  }
  return errors;
}

/** Makes an issue as POST issue does. With `free` it may set any field, as if every one were on the screen. */
export function createIssue(jira: Jira, user: UserRecord | null, body: JsonObject, free = false): IssueRecord {
  const input: IssueInput = issueInput(body);
  const project = projectIn(jira, user, input.fields['project']);
  needWritable(project);
  const type = typeIn(jira, project, input.fields['issuetype']);
  const parentId = parentIn(jira, project, type, input.fields['parent']);
  const now = jira.now();
  const blank: IssueRecord = {
    id: '', key: '', oldKeys: [], projectId: project.id, number: 0, typeId: type.id, statusId: FIRST_STATUS, summary: '',
    description: null, environment: null, priorityId: DEFAULT_PRIORITY, resolutionId: null, resolved: null, labels: [],
    assignee: null, reporter: user?.id ?? null, creator: user?.id ?? null, parentId, componentIds: [], fixVersionIds: [],
    versionIds: [], duedate: null, custom: {}, properties: {}, remoteLinks: [], watchers: user === null ? [] : [user.id],
    created: now, updated: now,
  }; // prettier-ignore
  const usable = free
    ? null
    : [
        ...usableFields(jira, user, project, type, 'create'),
        ...(input.update['comment'] === undefined ? [] : ['comment']),
      ];
  const applied = applyInput({ jira, project }, blank, input, usable, ['project', 'issuetype', 'parent']);
  const required = free ? [] : screenOf(jira, project, type).required;
  const errors = { ...applied.errors, ...requiredErrors(jira, applied.issue, required, applied.errors) };
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
  for (const { key, value } of input.properties) checkProperty(key, value);
  const comments = (input.update['comment'] ?? []).map(({ value }) =>
    checkCommentInput(jira, user, project, isObject(value) ? value : {}),
  );

  const number = project.lastNumber + 1;
  jira.store.projects.put({ ...project, lastNumber: number });
  const issue = jira.store.issues.put({
    ...applied.issue,
    id: jira.store.nextId('issue'),
    key: `${project.key}-${number}`,
    number,
    properties: Object.fromEntries(input.properties.map(({ key, value }) => [key, value])),
  });
  jira.webhooks.issueCreated(user, issue);
  for (const comment of comments) addComment(jira, user, issue, comment);
  for (const operation of input.update['issuelinks'] ?? []) addLinkOperation(jira, user, issue, operation);
  return jira.store.issues.get(issue.id) ?? issue;
}
