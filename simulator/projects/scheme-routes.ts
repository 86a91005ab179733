import type { Jira } from '../core/jira.ts';
import { issueTypeBean } from '../meta/catalog.ts';
import { needAdmin } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError } from '../server/errors.ts';
import { empty, ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { SchemeRecord } from '../store/records.ts';
import { listedProjectBean } from './bean.ts';

function schemeBean(jira: Jira, scheme: SchemeRecord, expand: string[]): Record<string, unknown> {
  const fallback = jira.store.issueTypes.get(scheme.defaultIssueTypeId);
  const types = scheme.issueTypeIds.flatMap((id) => jira.store.issueTypes.get(id) ?? []);
  return {
    expand: 'defaultIssueType,issueTypes',
    self: `${jira.baseUrl}/rest/api/2/issuetypescheme/${scheme.id}`,
    id: scheme.id,
    name: scheme.name,
    description: scheme.description,
    ...(fallback !== undefined && expand.includes('defaultIssueType')
      ? { defaultIssueType: issueTypeBean(jira, fallback) }
      : {}),
    ...(expand.includes('issueTypes') ? { issueTypes: types.map((type) => issueTypeBean(jira, type)) } : {}),
  };
}

function schemeIn(call: Call): SchemeRecord {
  needAdmin(call.user);
  const scheme = call.jira.store.schemes.get(call.param('schemeId'));
  if (scheme === undefined) throw new JiraError(404, 'The issue type scheme does not exist.');
  return scheme;
}

function list(call: Call): Reply {
  needAdmin(call.user);
  const expand = (call.query.get('expand') ?? '').split(',').map((part) => part.replace(/^schemes\./, ''));
  return ok({
    expand: 'schemes',
    schemes: [...call.jira.store.schemes.values()].map((one) => schemeBean(call.jira, one, expand)),
  });
}

function save(call: Call, existing: SchemeRecord | null): Reply {
  const { name, description, defaultIssueTypeId, issueTypeIds } = call.bodyObject();
  if (typeof name !== 'string' || name === '') throw new JiraError(400, 'The scheme name is required.');
  const ids = Array.isArray(issueTypeIds) ? issueTypeIds.map(String) : (existing?.issueTypeIds ?? []);
  if (ids.length === 0 || ids.some((id) => call.jira.store.issueTypes.get(id) === undefined)) {
    throw new JiraError(400, 'The issue types are not valid.');
  }
  const scheme: SchemeRecord = {
    id: existing?.id ?? call.jira.store.nextId('scheme'),
    name,
    description: typeof description === 'string' ? description : (existing?.description ?? ''),
    issueTypeIds: ids,
    defaultIssueTypeId: typeof defaultIssueTypeId === 'string' ? defaultIssueTypeId : null,
  };
  call.jira.store.schemes.put(scheme);
  return ok(schemeBean(call.jira, scheme, ['defaultIssueType', 'issueTypes']));
}

function associate(call: Call): Reply {
  const scheme = schemeIn(call);
  const { idsOrKeys } = call.bodyObject();
  for (const idOrKey of Array.isArray(idsOrKeys) ? idsOrKeys : []) {
    const project = call.jira.store.project(String(idOrKey));
    if (project === undefined) throw new JiraError(404, `No project could be found with key '${String(idOrKey)}'.`);
    call.jira.store.projects.put({ ...project, schemeId: scheme.id });
  }
  return { ...ok(null), body: '' };
}

export function addSchemeRoutes(router: Router, api: string): void {
  const base = `${api}/issuetypescheme`;
  router.add('GET', base, list);
  router.add('POST', base, (call) => {
    needAdmin(call.user);
    return save(call, null);
  });
  router.add('GET', `${base}/{schemeId}`, (call) =>
    ok(schemeBean(call.jira, schemeIn(call), ['defaultIssueType', 'issueTypes'])),
  );
  router.add('PUT', `${base}/{schemeId}`, (call) => save(call, schemeIn(call)));
  router.add('DELETE', `${base}/{schemeId}`, (call) => {
    const scheme = schemeIn(call);
    if (call.jira.store.projects.find((one) => one.schemeId === scheme.id) !== undefined) {
      throw new JiraError(400, 'The issue type scheme is used by projects.');
    }
    call.jira.store.schemes.remove(scheme.id);
    return empty();
  });
  router.add('GET', `${base}/{schemeId}/associations`, (call) => {
    const scheme = schemeIn(call);
    const projects = [...call.jira.store.projects.values()].filter((one) => one.schemeId === scheme.id);
    return ok(projects.map((one) => listedProjectBean(call.jira, one, [])));
  });
  router.add('POST', `${base}/{schemeId}/associations`, associate);
  router.add('PUT', `${base}/{schemeId}/associations`, associate);
}
