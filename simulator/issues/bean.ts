import { allFields, fieldById } from '../meta/fields.ts';
import { editMeta } from '../meta/editmeta.ts';
import type { IssueRecord, Json } from '../store/records.ts';
import { changelogBean } from './changelog.ts';
import type { View } from './field-values.ts';
import { fieldValues } from './field-values.ts';
import { renderedFields } from './rendered-fields.ts';
import { transitionBeans } from './transitions.ts';

/** What GET issue says can be expanded; search says the same in another order. */
const EXPAND = {
  database: 'renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations',
  index: 'operations,versionedRepresentations,editmeta,changelog,renderedFields',
};

function pickProperties(issue: IssueRecord, keys: string[]): Record<string, Json> {
  const all = keys.includes('*all');
  return Object.fromEntries(Object.entries(issue.properties).filter(([key]) => all || keys.includes(key)));
}

/** An issue as GET and search give it. */
export function issueBean(
  view: View,
  issue: IssueRecord,
  fields: readonly string[],
  expand: readonly string[],
  properties: string[],
): Record<string, unknown> {
  const { jira, user, source } = view;
  const values = fieldValues(view, issue, fields);
  const bean: Record<string, unknown> = {
    expand: EXPAND[source],
    id: issue.id,
    self: `${jira.baseUrl}/rest/api/2/issue/${issue.id}`,
    key: issue.key,
    fields: values,
  };
  if (expand.includes('renderedFields')) bean['renderedFields'] = renderedFields(view, issue, values);
  else if (jira.version.writesNulls) bean['renderedFields'] = null;
  if (properties.length > 0) bean['properties'] = pickProperties(issue, properties);
  if (expand.includes('names') && source === 'database') bean['names'] = namesOf(view, fields);
  if (expand.includes('schema') && source === 'database') bean['schema'] = schemaOf(view, fields);
  if (expand.includes('transitions')) bean['transitions'] = transitionBeans(jira, user, issue, false);
  if (expand.includes('operations')) bean['operations'] = { linkGroups: [] };
  if (expand.includes('editmeta')) bean['editmeta'] = editMeta(jira, user, issue);
  if (expand.includes('changelog')) bean['changelog'] = changelogBean(jira, issue);
  return bean;
}

export function namesOf(view: View, fields: readonly string[]): Record<string, string> {
  const known = new Map(allFields(view.jira).map((field) => [field.id, field.name]));
  return Object.fromEntries(fields.map((id) => [id, known.get(id) ?? id]));
}

export function schemaOf(view: View, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((id) => [id, fieldById(view.jira, id)?.schema]));
}
