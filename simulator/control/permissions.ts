import type { Jira } from '../core/jira.ts';
import { fieldNamed } from '../meta/fields.ts';
import { screenOf, typesOf } from '../meta/screens.ts';
import { PROJECT_PERMISSIONS } from '../permissions/permissions.ts';
import type { IssueTypeRecord, ProjectRecord } from '../store/records.ts';
import type { ControlApi } from './api.ts';

function checkPermission(permission: string): void {
  if (PROJECT_PERMISSIONS[permission] === undefined) {
    throw new Error(`No permission ${permission}. There are: ${Object.keys(PROJECT_PERMISSIONS).join(', ')}`);
  }
}

/** With `onlyBack` a withdrawal is taken back but nothing is granted. */
export function grant(jira: Jira, project: ProjectRecord, permission: string, holder: string, onlyBack = false): void {
  checkPermission(permission);
  const denied = (project.denials[permission] ?? []).filter((one) => one !== holder);
  const held = project.grants[permission] ?? [];
  jira.store.projects.put({
    ...project,
    denials: { ...project.denials, [permission]: denied },
    grants: { ...project.grants, [permission]: onlyBack || held.includes(holder) ? held : [...held, holder] },
  });
}

export function withdraw(jira: Jira, project: ProjectRecord, permission: string, holder: string): void {
  checkPermission(permission);
  const denied = (project.denials[permission] ?? []).filter((one) => one !== holder);
  jira.store.projects.put({ ...project, denials: { ...project.denials, [permission]: [...denied, holder] } });
}

function idsOf(jira: Jira, names: string[] | undefined): string[] {
  return (names ?? []).map((name) => {
    const field = fieldNamed(jira, name);
    if (field === undefined) throw new Error(`No field ${name}`);
    return field.id;
  });
}

export function setScreen(jira: Jira, project: ProjectRecord, args: Parameters<ControlApi['setScreen']>[0]): void {
  const all = typesOf(jira, project);
  const types = args.type === undefined ? all : all.filter((type) => type.name === args.type || type.id === args.type);
  if (types.length === 0) throw new Error(`No issue type ${args.type ?? ''} in ${project.key}`);
  const [add, remove, require, unrequire] = [args.add, args.remove, args.require, args.unrequire].map((names) =>
    idsOf(jira, names),
  );
  const change = (ids: string[], more: string[] = [], less: string[] = []): string[] => [
    ...new Set([...ids, ...more].filter((id) => !less.includes(id))),
  ];
  const screens = { ...project.screens };
  for (const type of types satisfies IssueTypeRecord[]) {
    const screen = screenOf(jira, project, type);
    screens[type.id] = {
      create:
        args.screen === 'edit' ? screen.create : change(screen.create, [...(add ?? []), ...(require ?? [])], remove),
      edit: args.screen === 'create' ? screen.edit : change(screen.edit, [...(add ?? []), ...(require ?? [])], remove),
      required: change(screen.required, require, unrequire),
    };
  }
  jira.store.projects.put({ ...project, screens });
}
