import type { Jira } from '../core/jira.ts';
import { issueTypeBean } from '../meta/catalog.ts';
import { typesOf } from '../meta/screens.ts';
import type { ComponentRecord, ProjectRecord, VersionRecord } from '../store/records.ts';
import { leadBean } from '../users/bean.ts';

type Bean = Record<string, unknown>;

function avatarUrls(jira: Jira): Bean {
  const url = `${jira.baseUrl}/secure/projectavatar?`;
  return { '48x48': `${url}avatarId=10324`, '24x24': `${url}size=small&avatarId=10324`, '16x16': `${url}size=xsmall&avatarId=10324`, '32x32': `${url}size=medium&avatarId=10324` }; // prettier-ignore
}

/** As embedded in issues. */
export function projectBean(jira: Jira, project: ProjectRecord): Bean {
  return {
    self: `${jira.baseUrl}/rest/api/2/project/${project.id}`,
    id: project.id,
    key: project.key,
    name: project.name,
    projectTypeKey: project.projectTypeKey,
    avatarUrls: avatarUrls(jira),
  };
}

export function componentBean(jira: Jira, one: ComponentRecord): Bean {
  return {
    self: `${jira.baseUrl}/rest/api/2/component/${one.id}`,
    id: one.id,
    name: one.name,
    description: one.description,
  };
}

export function versionBean(jira: Jira, project: ProjectRecord, one: VersionRecord): Bean {
  return {
    self: `${jira.baseUrl}/rest/api/2/version/${one.id}`,
    id: one.id,
    description: one.description,
    name: one.name,
    archived: false,
    released: false,
    projectId: Number(project.id),
  };
}

function lead(jira: Jira, project: ProjectRecord): Bean {
  const user = jira.store.users.get(project.leadKey);
  return user === undefined ? {} : leadBean(jira, user);
}

const EXPANDABLE = 'description,lead,url,projectKeys';

/** An item of `GET /project`. */
export function listedProjectBean(jira: Jira, project: ProjectRecord, expand: string[]): Bean {
  return {
    expand: EXPANDABLE,
    self: `${jira.baseUrl}/rest/api/2/project/${project.id}`,
    id: project.id,
    key: project.key,
    ...(expand.includes('description') ? { description: project.description } : {}),
    ...(expand.includes('lead') ? { lead: lead(jira, project) } : {}),
    name: project.name,
    avatarUrls: avatarUrls(jira),
    projectTypeKey: project.projectTypeKey,
    archived: project.archived,
  };
}

export function roleId(project: ProjectRecord, role: string): number {
  return role === 'Administrators' ? 10002 : 10100 + Object.keys(project.roles).indexOf(role);
}

/** `GET /project/{key}`. Its types are in the order of the scheme, as in `/statuses`; createmeta has another order (both recorded). */
export function fullProjectBean(jira: Jira, project: ProjectRecord): Bean {
  const types = typesOf(jira, project);
  const self = `${jira.baseUrl}/rest/api/2/project/${project.id}`;
  return {
    expand: EXPANDABLE,
    self,
    id: project.id,
    key: project.key,
    description: project.description,
    lead: lead(jira, project),
    components: project.components.map((one) => ({ ...componentBean(jira, one), isAssigneeTypeValid: false })),
    issueTypes: types.map((type) => issueTypeBean(jira, type)),
    assigneeType: 'PROJECT_LEAD',
    versions: project.versions.map((one) => versionBean(jira, project, one)),
    name: project.name,
    roles: Object.fromEntries(
      Object.keys(project.roles).map((role) => [role, `${self}/role/${roleId(project, role)}`]),
    ),
    avatarUrls: avatarUrls(jira),
    projectTypeKey: project.projectTypeKey,
    archived: project.archived,
  };
}
