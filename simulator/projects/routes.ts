import { STATUSES, issueTypeBean, statusBean } from '../meta/catalog.ts';
import { typesOf } from '../meta/screens.ts';
import { can, visibleProject } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError } from '../server/errors.ts';
import { ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { ProjectRecord } from '../store/records.ts';
import { leadBean } from '../users/bean.ts';
import { componentBean, fullProjectBean, listedProjectBean, roleId, versionBean } from './bean.ts';

function projectIn(call: Call): ProjectRecord {
  return visibleProject(call.jira, call.user, call.param('projectIdOrKey'));
}

function list(call: Call): Reply {
  const { jira } = call;
  const expand = (call.query.get('expand') ?? '').split(',');
  const seen = [...jira.store.projects.values()].filter(
    (one) => !one.archived && can(jira, call.user, 'BROWSE_PROJECTS', one),
  );
  seen.sort((a, b) => a.name.localeCompare(b.name));
  return ok(seen.map((one) => listedProjectBean(jira, one, expand)));
}

function statuses(call: Call): Reply {
  const { jira } = call;
  const beans = STATUSES.map((one) => statusBean(jira, one.id));
  return ok(
    typesOf(jira, projectIn(call)).map((type) => {
      const { self, id, name, subtask } = issueTypeBean(jira, type);
      return { self, id, name, subtask, statuses: beans };
    }),
  );
}

function components(call: Call): Reply {
  const { jira } = call;
  const project = projectIn(call);
  const user = jira.store.users.get(project.leadKey);
  const lead = user === undefined ? {} : { assignee: leadBean(jira, user), realAssignee: leadBean(jira, user) };
  return ok(
    project.components.map((one) => ({
      ...componentBean(jira, one), assigneeType: 'PROJECT_DEFAULT', realAssigneeType: 'PROJECT_DEFAULT', ...lead,
      isAssigneeTypeValid: true, project: project.key, projectId: Number(project.id), archived: false, deleted: false,
    })), // prettier-ignore
  );
}

function role(call: Call): Reply {
  const project = projectIn(call);
  const name = Object.keys(project.roles).find((one) => String(roleId(project, one)) === call.param('roleId'));
  if (name === undefined) throw new JiraError(404, `Can not retrieve a role actor for a null project role.`);
  const actors = (project.roles[name] ?? []).map((member, index) => {
    const group = member.startsWith('group:') ? member.slice(6) : null;
    const user = call.jira.store.userByName(member);
    return group === null
      ? { id: 10000 + index, displayName: user?.displayName ?? member, type: 'atlassian-user-role-actor', name: member }
      : { id: 10000 + index, displayName: group, type: 'atlassian-group-role-actor', name: group };
  });
  const self = `${call.jira.baseUrl}/rest/api/2/project/${project.id}/role/${call.param('roleId')}`;
  return ok({ self, name, id: roleId(project, name), description: '', actors });
}

export function addProjectRoutes(router: Router, api: string): void {
  router.add('GET', `${api}/project`, list);
  router.add('GET', `${api}/project/{projectIdOrKey}`, (call) => ok(fullProjectBean(call.jira, projectIn(call))));
  router.add('GET', `${api}/project/{projectIdOrKey}/statuses`, statuses);
  router.add('GET', `${api}/project/{projectIdOrKey}/components`, components);
  router.add('GET', `${api}/project/{projectIdOrKey}/versions`, (call) => {
    const project = projectIn(call);
    return ok(project.versions.map((one) => versionBean(call.jira, project, one)));
  });
  router.add('GET', `${api}/project/{projectIdOrKey}/role`, (call) =>
    ok(fullProjectBean(call.jira, projectIn(call))['roles']),
  );
  router.add('GET', `${api}/project/{projectIdOrKey}/role/{roleId}`, role);
}
