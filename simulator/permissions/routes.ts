import type { Call } from '../server/call.ts';
import { JiraError } from '../server/errors.ts';
import { ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { IssueRecord, ProjectRecord } from '../store/records.ts';
import { can, isAdmin, projectOf, visibleIssue, visibleProject } from './check.ts';
import { GLOBAL_PERMISSIONS, LEGACY, PROJECT_PERMISSIONS } from './permissions.ts';

function context(call: Call): { project: ProjectRecord | null; issue: IssueRecord | undefined } {
  const issueId = call.query.get('issueKey') ?? call.query.get('issueId');
  if (issueId !== null) {
    const issue = visibleIssue(call.jira, call.user, issueId);
    return { project: projectOf(call.jira, issue), issue };
  }
  const projectId = call.query.get('projectKey') ?? call.query.get('projectId');
  if (call.query.has('projectId') && !/^\d+$/.test(call.query.get('projectId') ?? '')) {
    throw new JiraError(400, 'The project id is not a number.');
  }
  return { project: projectId === null ? null : visibleProject(call.jira, call.user, projectId), issue: undefined };
}

function myPermissions(call: Call): Reply {
  if (call.jira.version.atLeast(10)) call.needUser();
  const { project, issue } = context(call);
  const has = (key: string): boolean =>
    project === null
      ? [...call.jira.store.projects.values()].some((one) => can(call.jira, call.user, key, one))
      : can(call.jira, call.user, key, project, issue);
  const permissions: Record<string, unknown> = {};
  for (const [key, { id, name }] of Object.entries(PROJECT_PERMISSIONS)) {
    permissions[key] = { id, key, name, description: `${name}.`, havePermission: has(key) };
  }
  for (const [key, { id, name }] of Object.entries(GLOBAL_PERMISSIONS)) {
    const open = key === 'USER_PICKER' && call.user !== null;
    permissions[key] = { id, key, name, description: `${name}.`, havePermission: open || isAdmin(call.user) };
  }
  for (const [key, now] of Object.entries(LEGACY)) {
    const { id = '', name = '' } = PROJECT_PERMISSIONS[now] ?? {};
    permissions[key] = { id, key, name, description: `${name}.`, havePermission: has(now), deprecatedKey: true };
  }
  return ok({ permissions });
}

export function addPermissionRoutes(router: Router, api: string): void {
  router.add('GET', `${api}/mypermissions`, myPermissions);
}
