import type { Jira } from '../core/jira.ts';
import { can } from '../permissions/check.ts';
import type { IssueRecord, IssueTypeRecord, ProjectRecord, Screen, UserRecord } from '../store/records.ts';
import { EPIC_LINK, EPIC_NAME } from './fields.ts';

const COMMON = [
  'summary',
  'issuetype',
  'reporter',
  'components',
  'description',
  'fixVersions',
  'priority',
  'labels',
  'attachment',
  'issuelinks',
];

/** The types of a project's scheme, in the scheme's order. */
export function typesOf(jira: Jira, project: ProjectRecord): IssueTypeRecord[] {
  const scheme = jira.store.schemes.get(project.schemeId);
  return (scheme?.issueTypeIds ?? []).flatMap((id) => jira.store.issueTypes.get(id) ?? []);
}

export function isEpic(type: IssueTypeRecord): boolean {
  return type.name === 'Epic';
}

/** The fields of the (project, type) screens as set up, before permissions. */
export function screenOf(jira: Jira, project: ProjectRecord, type: IssueTypeRecord): Screen {
  const customs = [...jira.store.customFields.values()].filter((field) => {
    if (field.custom === EPIC_NAME) return isEpic(type);
    if (field.custom === EPIC_LINK) return !isEpic(type) && !type.subtask;
    return true;
  });
  const ids = customs.map((field) => field.id);
  const screen: Screen = {
    create: [...COMMON, ...ids, 'assignee', ...(type.subtask ? ['parent'] : []), 'project'],
    edit: [...COMMON, ...ids, 'assignee', 'comment'],
    required: ['summary', 'issuetype', 'reporter', 'project', ...(type.subtask ? ['parent'] : [])],
  };
  for (const field of customs) if (field.custom === EPIC_NAME) screen.required.push(field.id);
  return { ...screen, ...project.screens['*'], ...project.screens[type.id] };
}

const NEEDS: Record<string, string> = {
  reporter: 'MODIFY_REPORTER',
  assignee: 'ASSIGN_ISSUES',
  issuelinks: 'LINK_ISSUES',
  attachment: 'CREATE_ATTACHMENTS',
  comment: 'ADD_COMMENTS',
  duedate: 'SCHEDULE_ISSUES',
};

/** What the user may set there: a missing permission takes the field off the screen. */
export function usableFields(
  jira: Jira,
  user: UserRecord | null,
  project: ProjectRecord,
  type: IssueTypeRecord,
  screen: 'create' | 'edit',
  issue?: IssueRecord,
): string[] {
  return screenOf(jira, project, type)[screen].filter((field) => {
    const permission = NEEDS[field];
    return permission === undefined || can(jira, user, permission, project, issue);
  });
}
