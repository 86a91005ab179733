import type { Jira } from '../core/jira.ts';
import { defaultGrants } from '../permissions/permissions.ts';
import type { IssueRecord, IssueTypeRecord, ProjectRecord, SchemeRecord } from '../store/records.ts';
import { makeIssue } from './issues.ts';
import type { SeedIssueType, SeedProject, SeedScheme } from './types.ts';

const KNOWN_TYPES: Record<string, { description: string; avatarId: number | null; subtask?: boolean }> = {
  Epic: { description: 'Created by Jira Software - do not edit or delete. Issue type for a big user story that needs to be broken down.', avatarId: null },
  Story: { description: 'Created by Jira Software - do not edit or delete. Issue type for a user story.', avatarId: null },
  Task: { description: 'A task that needs to be done.', avatarId: 10318 },
  Bug: { description: 'A problem which impairs or prevents the functions of the product.', avatarId: 10303 },
  Improvement: { description: 'An improvement or enhancement to an existing feature or task.', avatarId: 10310 },
  'Sub-task': { description: 'The sub-task of the issue', avatarId: 10316, subtask: true },
}; // prettier-ignore

/** The issue type of that name, made when there is none. */
export function issueType(jira: Jira, seed: SeedIssueType): IssueTypeRecord {
  const found = jira.store.issueTypes.find((type) => type.name === seed.name);
  if (found !== undefined) return found;
  const known = KNOWN_TYPES[seed.name];
  return jira.store.issueTypes.put({
    id: jira.store.nextId('issuetype'),
    name: seed.name,
    description: seed.description ?? known?.description ?? '',
    subtask: seed.subtask ?? known?.subtask ?? /sub-?task/i.test(seed.name),
    avatarId: known?.avatarId === undefined ? 10300 : known.avatarId,
  });
}

export function makeScheme(jira: Jira, seed: SeedScheme): SchemeRecord {
  const types = seed.issueTypes.map((name) => issueType(jira, { name }));
  const fallback = types.find((type) => type.name === seed.defaultIssueType);
  return jira.store.schemes.put({
    id: jira.store.nextId('scheme'),
    name: seed.name,
    description: '',
    issueTypeIds: types.map((type) => type.id),
    defaultIssueTypeId: fallback?.id ?? null,
  });
}

/** Gives the project's scheme other types. */
export function setTypes(
  jira: Jira,
  project: ProjectRecord,
  names: string[],
  fallback: string | null | undefined,
): void {
  const scheme = jira.store.schemes.get(project.schemeId);
  if (scheme === undefined) throw new Error(`Project ${project.key} has no scheme`);
  const types = names.map((name) => issueType(jira, { name }));
  const wanted = types.find((type) => type.name === fallback)?.id ?? null;
  jira.store.schemes.put({
    ...scheme,
    issueTypeIds: types.map((type) => type.id),
    defaultIssueTypeId: fallback === undefined ? scheme.defaultIssueTypeId : wanted,
  });
}

const USUAL_TYPES = ['Epic', 'Story', 'Task', 'Sub-task', 'Bug'];

export async function makeProject(jira: Jira, seed: SeedProject): Promise<ProjectRecord> {
  if (jira.store.project(seed.key) !== undefined) throw new Error(`There is a project ${seed.key} already`);
  const scheme =
    jira.store.schemes.find((one) => one.name === seed.scheme) ??
    makeScheme(jira, {
      name: `${seed.key}: Issue Type Scheme`,
      issueTypes: seed.issueTypes ?? USUAL_TYPES,
      defaultIssueType: seed.defaultIssueType ?? null,
    });
  const lead = jira.store.userByName(seed.lead ?? 'admin') ?? [...jira.store.users.values()][0];
  if (lead === undefined) throw new Error('A project needs a user to lead it');
  const project = jira.store.projects.put({
    id: jira.store.nextId('project'),
    key: seed.key,
    name: seed.name,
    description: seed.description ?? '',
    leadKey: lead.id,
    projectTypeKey: 'software',
    schemeId: scheme.id,
    archived: false,
    lastNumber: 0,
    components: (seed.components ?? []).map((name) => ({ id: jira.store.nextId('component'), name, description: '' })),
    versions: (seed.versions ?? []).map((name) => ({ id: jira.store.nextId('version'), name, description: '' })),
    roles: { Administrators: ['group:jira-administrators'], ...seed.roles },
    grants: { ...defaultGrants(), ...seed.grants },
    denials: {},
    screens: {},
  });
  const made: IssueRecord[] = [];
  for (const issue of seed.issues ?? []) {
    const now = jira.store.projects.get(project.id) ?? project;
    made.push(makeIssue(jira, now, issue, made));
  }
  return jira.store.projects.get(project.id) ?? project;
}
