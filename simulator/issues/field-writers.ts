import type { Jira } from '../core/jira.ts';
import { PRIORITIES } from '../meta/catalog.ts';
import type { Field } from '../meta/fields.ts';
import { can } from '../permissions/check.ts';
import type { IssueRecord, Json, JsonObject, ProjectRecord } from '../store/records.ts';

/** Why a value was refused; becomes the text under `errors.<field>`. */
export class BadValue extends Error {}

export interface WriteContext {
  jira: Jira;
  project: ProjectRecord;
}

function object(value: Json): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new BadValue('data was not an object');
  return value;
}

function array(value: Json): Json[] {
  if (!Array.isArray(value)) throw new BadValue('data was not an array');
  return value;
}

function string(value: Json): string {
  if (typeof value !== 'string') throw new BadValue('Operation value must be a string');
  return value;
}

/** A long text within the limit; empty text is no text. */
export function longText(jira: Jira, value: Json): string | null {
  if (value === null) return null;
  const text = string(value);
  const limit = jira.settings.textLimit;
  if (limit > 0 && text.length > limit) throw new BadValue(tooLong(limit));
  return text === '' ? null : text;
}

export function tooLong(limit: number): string {
  return `The entered text is too long. It exceeds the allowed limit of ${limit.toLocaleString('en-US')} characters.`;
}

function summary(value: Json): string {
  const text = value === null ? '' : string(value).trim();
  if (text === '') throw new BadValue('You must specify a summary of the issue.');
  if (/[\r\n]/.test(text)) throw new BadValue('The summary is invalid because it contains newline characters.');
  if (text.length > 255) throw new BadValue('Summary must be less than 255 characters.');
  return text;
}

function labels(value: Json): string[] {
  const all = value === null ? [] : array(value).map(string);
  for (const label of all) {
    if (/\s/.test(label)) throw new BadValue(`The label '${label}' contains spaces which is invalid.`);
    if (label.length > 255) throw new BadValue(`The label '${label}' exceeds 255 characters which is invalid.`);
  }
  return [...new Set(all)].sort();
}

function userKey(jira: Jira, value: Json, missing: (name: string) => string): string | null {
  if (value === null) return null;
  const name = object(value)['name'];
  if (name === null || name === undefined || name === '') return null;
  const user = jira.store.userByName(string(name));
  if (user === undefined || !user.active) throw new BadValue(missing(string(name)));
  return user.id;
}

/** `-1` is automatic: the project lead. */
export function assigneeKey(context: WriteContext, value: Json): string | null {
  // as a number too: the server's JSON reader makes a string of it
  if (value !== null && String(object(value)['name']) === '-1') return context.project.leadKey;
  const key = userKey(context.jira, value, (name) => `User '${name}' does not exist.`);
  const user = context.jira.store.users.get(key);
  if (user !== undefined && !can(context.jira, user, 'ASSIGNABLE_USER', context.project)) {
    throw new BadValue(`User '${user.name}' cannot be assigned issues.`);
  }
  return key;
}

function reporterKey(jira: Jira, value: Json): string | null {
  const key = userKey(jira, value, () => 'The reporter specified is not a user.');
  if (key === null) throw new BadValue('Reporter is required.');
  return key;
}

function chosen<T extends { id: string; name: string }>(list: T[], value: Json, what: string): string {
  const { id, name } = object(value);
  const found = list.find((one) => (id !== undefined && id !== null ? one.id === String(id) : one.name === name));
  if (found !== undefined) return found.id;
  throw new BadValue(
    id === undefined || id === null
      ? `${what} name '${String(name)}' is not valid`
      : `${what} id '${String(id)}' is not valid`,
  );
}

function date(value: Json): string | null {
  if (value === null || value === '') return null;
  const text = string(value);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new BadValue(`Error parsing date string: ${text}`);
  return text;
}

function customValue(jira: Jira, field: Field, value: Json): Json {
  if (value === null || value === '') return null;
  switch (field.schema.type) {
    case 'number':
      if (typeof value !== 'number') throw new BadValue('Operation value must be a number');
      return value;
    case 'string':
      return longText(jira, value);
    case 'date':
      return date(value);
    case 'array':
      return array(value);
    case 'option':
      return { value: string(object(value)['value'] ?? null) };
    default:
      return value;
  }
}

/** The change that setting the field to the value makes. Throws {@link BadValue}. */
export function writeField(context: WriteContext, issue: IssueRecord, field: Field, value: Json): IssueRecord {
  const { jira, project } = context;
  switch (field.id) {
    case 'summary':
      return { ...issue, summary: summary(value) };
    case 'description':
      return { ...issue, description: longText(jira, value) };
    case 'environment':
      return { ...issue, environment: longText(jira, value) };
    case 'labels':
      return { ...issue, labels: labels(value) };
    case 'priority':
      return { ...issue, priorityId: chosen(PRIORITIES, value, 'Priority') };
    case 'assignee':
      return { ...issue, assignee: assigneeKey(context, value) };
    case 'reporter':
      return { ...issue, reporter: reporterKey(jira, value) };
    case 'components':
      return {
        ...issue,
        componentIds: (value === null ? [] : array(value)).map((one) => chosen(project.components, one, 'Component')),
      };
    case 'fixVersions':
      return {
        ...issue,
        fixVersionIds: (value === null ? [] : array(value)).map((one) => chosen(project.versions, one, 'Version')),
      };
    case 'versions':
      return {
        ...issue,
        versionIds: (value === null ? [] : array(value)).map((one) => chosen(project.versions, one, 'Version')),
      };
    case 'duedate':
      return { ...issue, duedate: date(value) };
    default:
      if (!field.custom) throw new BadValue(notOnScreen(field.id));
      return { ...issue, custom: { ...issue.custom, [field.id]: customValue(jira, field, value) } };
  }
}

export function notOnScreen(id: string): string {
  return `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`;
}

/** The value as it would be sent back in, for `add` and `remove` operations on lists. */
export function listValue(context: WriteContext, issue: IssueRecord, id: string): Json[] {
  switch (id) {
    case 'labels':
      return issue.labels;
    case 'components':
      return issue.componentIds.map((one) => ({ id: one }));
    case 'fixVersions':
      return issue.fixVersionIds.map((one) => ({ id: one }));
    case 'versions':
      return issue.versionIds.map((one) => ({ id: one }));
    default: {
      const value = issue.custom[id];
      return Array.isArray(value) ? value : [];
    }
  }
}
