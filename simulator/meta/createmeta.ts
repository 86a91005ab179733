import type { Jira } from '../core/jira.ts';
import { can } from '../permissions/check.ts';
import { projectBean } from '../projects/bean.ts';
import type { Call } from '../server/call.ts';
import { JiraError, noSuchPath } from '../server/errors.ts';
import { ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { IssueTypeRecord, ProjectRecord, UserRecord } from '../store/records.ts';
import { issueTypeBean } from './catalog.ts';
import { fieldMeta } from './field-meta.ts';
import { typesOf, usableFields } from './screens.ts';

function creatable(jira: Jira, user: UserRecord | null, project: ProjectRecord): boolean {
  return !project.archived && can(jira, user, 'BROWSE_PROJECTS', project) && can(jira, user, 'CREATE_ISSUES', project);
}

/** Recorded: by id here, where the project itself lists the same types in another order. */
function listedTypes(jira: Jira, project: ProjectRecord): IssueTypeRecord[] {
  return typesOf(jira, project).sort((a, b) => Number(a.id) - Number(b.id));
}

function fieldMetas(call: Call, project: ProjectRecord, type: IssueTypeRecord): [string, Record<string, unknown>][] {
  const { jira, user } = call;
  const where = { jira, user, project, type, types: [type], issueKey: null };
  return usableFields(jira, user, project, type, 'create').flatMap((id) => {
    const meta = fieldMeta(where, id);
    return meta === null ? [] : [[id, meta] as [string, Record<string, unknown>]];
  });
}

function listParam(call: Call, name: string): string[] | null {
  const all = call.query
    .getAll(name)
    .flatMap((part) => part.split(','))
    .filter((part) => part !== '');
  return all.length === 0 ? null : all;
}

/** The one endpoint of 7.x and 8.x: everything at once. */
function oldCreateMeta(call: Call): Reply {
  // from 9.0 the path is an issue key like any other
  if (!call.jira.version.hasOldCreateMeta) throw new JiraError(404, 'Issue Does Not Exist');
  const { jira, user } = call;
  const keys = listParam(call, 'projectKeys');
  const ids = listParam(call, 'projectIds');
  const typeIds = listParam(call, 'issuetypeIds');
  const typeNames = listParam(call, 'issuetypeNames');
  const withFields = (call.query.get('expand') ?? '').includes('projects.issuetypes.fields');
  const projects = [...jira.store.projects.values()].filter(
    (one) =>
      creatable(jira, user, one) && (keys === null || keys.includes(one.key)) && (ids === null || ids.includes(one.id)),
  );
  return ok({
    expand: 'projects',
    projects: projects.map((project) => {
      const { self, id, key, name, avatarUrls } = projectBean(jira, project);
      const types = listedTypes(jira, project).filter(
        (type) =>
          (typeIds === null || typeIds.includes(type.id)) && (typeNames === null || typeNames.includes(type.name)),
      );
      const issuetypes = types.map((type) => ({
        ...issueTypeBean(jira, type, false),
        expand: 'fields',
        ...(withFields ? { fields: Object.fromEntries(fieldMetas(call, project, type)) } : {}),
      }));
      return { expand: 'issuetypes', self, id, key, name, avatarUrls, issuetypes };
    }),
  });
}

function projectIn(call: Call): ProjectRecord {
  if (!call.jira.version.hasPagedCreateMeta) throw noSuchPath(call);
  call.needUser();
  const project = call.jira.store.project(call.param('projectIdOrKey'));
  if (project === undefined || !creatable(call.jira, call.user, project)) {
    throw new JiraError(400, 'The project does not exist or you do not have permission to create issues in it.');
  }
  return project;
}

function page(call: Call, all: unknown[]): Reply {
  const startAt = call.integer('startAt', 0);
  const maxResults = call.integer('maxResults', 50);
  const values = all.slice(startAt, startAt + maxResults);
  return ok({ maxResults, startAt, total: all.length, isLast: startAt + values.length >= all.length, values });
}

export function addCreateMetaRoutes(router: Router, api: string): void {
  router.add('GET', `${api}/issue/createmeta`, oldCreateMeta);
  const base = `${api}/issue/createmeta/{projectIdOrKey}/issuetypes`;
  router.add('GET', base, (call) =>
    page(
      call,
      listedTypes(call.jira, projectIn(call)).map((type) => issueTypeBean(call.jira, type, false)),
    ),
  );
  router.add('GET', `${base}/{issueTypeId}`, (call) => {
    const project = projectIn(call);
    const type = typesOf(call.jira, project).find((one) => one.id === call.param('issueTypeId'));
    if (type === undefined) throw new JiraError(400, 'The issue type selected is invalid.');
    return page(
      call,
      fieldMetas(call, project, type).map(([, meta]) => meta),
    );
  });
}
