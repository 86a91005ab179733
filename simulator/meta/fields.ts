import type { Jira } from '../core/jira.ts';
import type { CustomFieldRecord } from '../store/records.ts';

export const EPIC_NAME = 'com.pyxis.greenhopper.jira:gh-epic-label';
export const EPIC_LINK = 'com.pyxis.greenhopper.jira:gh-epic-link';
export const SPRINT = 'com.pyxis.greenhopper.jira:gh-sprint';

export interface FieldSchema {
  type: string;
  items?: string;
  system?: string;
  custom?: string;
  customId?: number;
}

export interface Field {
  id: string;
  name: string;
  custom: boolean;
  orderable: boolean;
  navigable: boolean;
  searchable: boolean;
  clauseNames: string[];
  schema: FieldSchema;
  operations: string[];
}

function system(
  id: string,
  name: string,
  type: string,
  more: {
    items?: string;
    ops?: string[];
    orderable?: boolean;
    navigable?: boolean;
    searchable?: boolean;
    clauses?: string[];
  } = {},
): Field {
  return {
    id,
    name,
    custom: false,
    orderable: more.orderable ?? more.ops !== undefined,
    navigable: more.navigable ?? true,
    searchable: more.searchable ?? true,
    clauseNames: more.clauses ?? [id.toLowerCase()],
    schema: { type, ...(more.items === undefined ? {} : { items: more.items }), system: id },
    operations: more.ops ?? [],
  };
}

const SET = ['set'];
const LIST = ['add', 'set', 'remove'];
/** Sums with the sub-tasks: no JQL knows them. */
const SUM = { searchable: false, clauses: [] };

/** The system fields, in the order in which they are listed and read. */
export const SYSTEM_FIELDS: Field[] = [
  system('issuetype', 'Issue Type', 'issuetype', { ops: [], clauses: ['issuetype', 'type'] }),
  system('project', 'Project', 'project', { ops: SET, orderable: false }),
  system('timespent', 'Time Spent', 'number', { searchable: false }),
  system('aggregatetimespent', 'Σ Time Spent', 'number', SUM),
  system('fixVersions', 'Fix Version/s', 'array', {
    items: 'version',
    ops: ['set', 'add', 'remove'],
    clauses: ['fixVersion'],
  }),
  system('resolution', 'Resolution', 'resolution', { orderable: true }),
  system('resolutiondate', 'Resolved', 'datetime', { clauses: ['resolutiondate', 'resolved'] }),
  system('workratio', 'Work Ratio', 'number'),
  system('lastViewed', 'Last Viewed', 'datetime'),
  system('watches', 'Watchers', 'watches', { clauses: ['watchers'] }),
  system('created', 'Created', 'datetime', { clauses: ['created', 'createdDate'] }),
  system('priority', 'Priority', 'priority', { ops: SET }),
  system('timeestimate', 'Remaining Estimate', 'number', {
    searchable: false,
    clauses: ['remainingEstimate', 'timeestimate'],
  }),
  system('aggregatetimeoriginalestimate', 'Σ Original Estimate', 'number', SUM),
  system('labels', 'Labels', 'array', { items: 'string', ops: LIST }),
  system('versions', 'Affects Version/s', 'array', {
    items: 'version',
    ops: ['set', 'add', 'remove'],
    clauses: ['affectedVersion'],
  }),
  system('issuelinks', 'Linked Issues', 'array', { items: 'issuelinks', ops: ['add'], clauses: [] }),
  system('assignee', 'Assignee', 'user', { ops: SET }),
  system('updated', 'Updated', 'datetime', { clauses: ['updated', 'updatedDate'] }),
  system('status', 'Status', 'status'),
  system('components', 'Component/s', 'array', { items: 'component', ops: LIST, clauses: ['component'] }),
  system('timeoriginalestimate', 'Original Estimate', 'number', {
    searchable: false,
    clauses: ['originalEstimate', 'timeoriginalestimate'],
  }),
  system('description', 'Description', 'string', { ops: SET }),
  system('timetracking', 'Time Tracking', 'timetracking', { orderable: true, navigable: false, clauses: [] }),
  system('security', 'Security Level', 'securitylevel', { orderable: true, clauses: ['level'] }),
  system('aggregatetimeestimate', 'Σ Remaining Estimate', 'number', SUM),
  system('attachment', 'Attachment', 'array', {
    items: 'attachment',
    ops: [],
    navigable: false,
    clauses: ['attachments'],
  }),
  system('summary', 'Summary', 'string', { ops: SET }),
  system('creator', 'Creator', 'user'),
  system('subtasks', 'Sub-Tasks', 'array', { items: 'issuelinks', clauses: ['subtasks'] }),
  system('reporter', 'Reporter', 'user', { ops: SET }),
  system('aggregateprogress', 'Σ Progress', 'progress', SUM),
  system('environment', 'Environment', 'string', { ops: SET }),
  system('duedate', 'Due Date', 'date', { ops: SET, clauses: ['due', 'duedate'] }),
  system('progress', 'Progress', 'progress', { searchable: false }),
  system('votes', 'Votes', 'votes', { searchable: false }),
  system('comment', 'Comment', 'comments-page', { ops: ['add', 'edit', 'remove'], navigable: false }),
  system('worklog', 'Log Work', 'array', { items: 'worklog', ops: ['add'], navigable: false, clauses: [] }),
  system('parent', 'Parent', 'issuelink', { ops: SET, orderable: false, navigable: false, clauses: ['parent'] }),
];
const SYSTEM_BY_ID = new Map(SYSTEM_FIELDS.map((field) => [field.id, field]));

function customField(record: CustomFieldRecord): Field {
  const customId = Number(record.id.slice('customfield_'.length));
  return {
    id: record.id,
    name: record.name,
    custom: true,
    orderable: true,
    navigable: true,
    searchable: true,
    clauseNames: [`cf[${customId}]`, record.name],
    schema: {
      type: record.type,
      ...(record.items === null ? {} : { items: record.items }),
      custom: record.custom,
      customId,
    },
    operations: record.type === 'array' && record.custom !== SPRINT ? ['add', 'set', 'remove'] : SET,
  };
}

export function fieldById(jira: Jira, id: string): Field | undefined {
  const known = SYSTEM_BY_ID.get(id);
  if (known !== undefined) return known;
  const record = jira.store.customFields.get(id);
  return record === undefined ? undefined : customField(record);
}

export function allFields(jira: Jira): Field[] {
  return [...SYSTEM_FIELDS, ...[...jira.store.customFields.values()].map(customField)];
}

/** The first custom field of that plug-in type, e.g. Epic Name. */
export function customFieldOf(jira: Jira, custom: string): CustomFieldRecord | undefined {
  return jira.store.customFields.find((one) => one.custom === custom);
}

/** A field by id or by name, any case. */
export function fieldNamed(jira: Jira, nameOrId: string): Field | undefined {
  return fieldById(jira, nameOrId) ?? allFields(jira).find((one) => one.name.toLowerCase() === nameOrId.toLowerCase());
}

function fieldBean(field: Field): Record<string, unknown> {
  const { id, name, custom, orderable, navigable, searchable, clauseNames, schema } = field;
  return { id, name, custom, orderable, navigable, searchable, clauseNames, schema };
}

/** Columns of the issue navigator: `GET /field` lists them, no issue has a value under their ids. */
const COLUMNS = [
  { id: 'issuekey', name: 'Key', clauseNames: ['id', 'issue', 'issuekey', 'key'] },
  { id: 'thumbnail', name: 'Images', clauseNames: [] },
].map((column) => ({ ...column, custom: false, orderable: false, navigable: true, searchable: false }));

/** As `GET /field` lists them. */
export function fieldBeans(jira: Jira): Record<string, unknown>[] {
  return [...allFields(jira).map(fieldBean), ...COLUMNS];
}
