import type { Jira } from '../core/jira.ts';
import { JiraError } from '../server/errors.ts';
import type { IssueRecord, ProjectRecord, UserRecord, Visibility } from '../store/records.ts';

export const ADMIN_GROUP = 'jira-administrators';

export function isAdmin(user: UserRecord | null): boolean {
  return user?.groups.includes(ADMIN_GROUP) === true;
}

function inRole(project: ProjectRecord, user: UserRecord, role: string): boolean {
  return (project.roles[role] ?? []).some((member) =>
    member.startsWith('group:') ? user.groups.includes(member.slice(6)) : member === user.name,
  );
}

function holds(holder: string, user: UserRecord | null, project: ProjectRecord, issue?: IssueRecord): boolean {
  if (holder === 'anyone') return true;
  if (user === null) return false;
  if (holder === 'loggedIn') return true;
  if (holder === 'reporter') return issue !== undefined && issue.reporter === user.id;
  const [kind, name = ''] = holder.split(/:(.*)/s);
  if (kind === 'user') return user.name === name;
  if (kind === 'group') return user.groups.includes(name);
  return kind === 'role' && inRole(project, user, name);
}

/** Whether the user (null: anonymous) has that project permission. */
export function can(
  jira: Jira,
  user: UserRecord | null,
  permission: string,
  project: ProjectRecord,
  issue?: IssueRecord,
): boolean {
  void jira;
  const denied = project.denials[permission];
  if (denied?.some((holder) => holds(holder, user, project, issue)) === true) return false;
  return (project.grants[permission] ?? []).some((holder) => holds(holder, user, project, issue));
}

/** Whether a comment restricted like that is shown to the user. */
export function sees(user: UserRecord | null, visibility: Visibility | null, project: ProjectRecord): boolean {
  if (visibility === null) return true;
  if (user === null) return false;
  return visibility.type === 'group' ? user.groups.includes(visibility.value) : inRole(project, user, visibility.value);
}

export function projectOf(jira: Jira, issue: IssueRecord): ProjectRecord {
  const project = jira.store.projects.get(issue.projectId);
  if (project === undefined) throw new Error(`Issue ${issue.key} has no project`);
  return project;
}

/** The issue if the user may see it. 404 when there is none; 401 or 403 when it is hidden. */
export function visibleIssue(jira: Jira, user: UserRecord | null, idOrKey: string): IssueRecord {
  const issue = jira.store.issue(idOrKey);
  if (issue === undefined) throw new JiraError(404, 'Issue Does Not Exist');
  if (can(jira, user, 'BROWSE_PROJECTS', projectOf(jira, issue), issue)) return issue;
  const text = 'You do not have the permission to see the specified issue.';
  throw user === null ? new JiraError(401, [text, 'Login Required']) : new JiraError(403, text);
}

/** The project if the user may see it; otherwise it does not exist. */
export function visibleProject(jira: Jira, user: UserRecord | null, idOrKey: string): ProjectRecord {
  const project = jira.store.project(idOrKey);
  if (project === undefined || !can(jira, user, 'BROWSE_PROJECTS', project)) {
    throw new JiraError(
      404,
      /^\d+$/.test(idOrKey)
        ? `No project could be found with id '${idOrKey}'.`
        : `No project could be found with key '${idOrKey}'.`,
    );
  }
  return project;
}

/** Refuses everybody but Jira admins. */
export function needAdmin(user: UserRecord | null): void {
  if (user === null)
    throw new JiraError(401, 'You are not authenticated. Authentication required to perform this operation.');
  if (!isAdmin(user)) throw new JiraError(403, 'You must be a Jira administrator to perform this operation.');
}

/** Refuses writes to an archived project. */
export function needWritable(project: ProjectRecord): void {
  if (project.archived) throw new JiraError(403, `The project ${project.key} is archived. Its issues are read-only.`);
}
