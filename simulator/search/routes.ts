import { issueBean, namesOf, schemaOf } from '../issues/bean.ts';
import type { View } from '../issues/field-values.ts';
import { selectFields } from '../issues/selection.ts';
import { escapeHtml } from '../issues/rendered.ts';
import type { Call } from '../server/call.ts';
import { JiraError } from '../server/errors.ts';
import { ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { Json } from '../store/records.ts';
import { searchIssues } from './run.ts';

interface SearchRequest {
  jql: string;
  startAt: number;
  maxResults: number;
  fields: string[];
  expand: string[];
  properties: string[];
  validate: boolean;
}

function words(value: string | null): string[] {
  return (value ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function fromQuery(call: Call): SearchRequest {
  return {
    jql: call.query.get('jql') ?? '',
    startAt: call.integer('startAt', 0),
    maxResults: call.integer('maxResults', 50),
    fields: call.query.getAll('fields').flatMap(words),
    expand: words(call.query.get('expand')),
    properties: words(call.query.get('properties')),
    validate: call.query.get('validateQuery') !== 'false',
  };
}

function strings(value: Json | undefined, name: string): string[] {
  if (value === undefined || value === null) return [];
  // a comma string is what GET takes; here the REST framework cannot read it
  if (!Array.isArray(value))
    throw new JiraError(
      400,
      `Can not deserialize instance of java.util.ArrayList out of VALUE_STRING token for '${name}'`,
    );
  return value.map(String);
}

function number(value: Json | undefined, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

function fromBody(call: Call): SearchRequest {
  const body = call.bodyObject();
  return {
    jql: typeof body['jql'] === 'string' ? body['jql'] : '',
    startAt: number(body['startAt'], 0),
    maxResults: number(body['maxResults'], 50),
    fields: strings(body['fields'], 'fields'),
    expand: strings(body['expand'], 'expand'),
    properties: strings(body['properties'], 'properties'),
    validate: body['validateQuery'] !== false,
  };
}

function search(call: Call, request: SearchRequest): Reply {
  const { jira, user } = call;
  const nulls = jira.version.writesNulls;
  const { issues, warnings } = searchIssues(jira, user, request.jql, request.validate);
  const startAt = Math.max(request.startAt, 0);
  // -1 asks for as many as there may be
  const most =
    request.maxResults < 0 ? jira.settings.searchLimit : Math.min(request.maxResults, jira.settings.searchLimit);
  const fields = selectFields(jira, request.fields, '*navigable');
  const view: View = { jira, user, source: 'index' };
  const page = issues.slice(startAt, startAt + most);
  const beans = page.map((issue) => issueBean(view, issue, fields, request.expand, request.properties));
  // 10.x writes what was not asked for, or cannot be expanded, as null; older versions leave it out
  const optional = (name: string, value: unknown): Record<string, unknown> => {
    if (value !== null) return { [name]: value };
    return nulls ? { [name]: null } : {};
  };
  return ok({
    ...optional('expand', beans.length === 0 ? null : nulls ? 'schema,names' : 'names,schema'),
    startAt,
    maxResults: most,
    total: issues.length,
    issues: beans,
    ...optional('warningMessages', warnings.length === 0 ? null : warnings),
    ...optional('names', request.expand.includes('names') ? namesOf(view, fields) : null),
    ...optional('schema', request.expand.includes('schema') ? schemaOf(view, fields) : null),
    ...(jira.version.atLeast(11) ? { maxResultWindow: 10_000 } : {}),
  });
}

function suggestions(call: Call): Reply {
  const wanted = (call.query.get('fieldValue') ?? '').toLowerCase();
  if (call.query.get('fieldName')?.toLowerCase() !== 'labels') return ok({ results: [] });
  const labels = new Set<string>();
  for (const issue of call.jira.store.issues.values())
    for (const label of issue.labels) if (label.toLowerCase().startsWith(wanted)) labels.add(label);
  const show = (label: string): string =>
    wanted === ''
      ? escapeHtml(label)
      : `<b>${escapeHtml(label.slice(0, wanted.length))}</b>${escapeHtml(label.slice(wanted.length))}`;
  return ok({ results: [...labels].slice(0, 15).map((label) => ({ value: label, displayName: show(label) })) });
}

export function addSearchRoutes(router: Router, api: string): void {
  router.add('GET', `${api}/search`, (call) => search(call, fromQuery(call)));
  router.add('POST', `${api}/search`, (call) => search(call, fromBody(call)));
  router.add('GET', `${api}/jql/autocompletedata/suggestions`, suggestions);
}
