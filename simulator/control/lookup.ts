import type { Jira } from '../core/jira.ts';
import type { IssueRecord, ProjectRecord, UserRecord } from '../store/records.ts';

export function userNamed(jira: Jira, name: string): UserRecord {
  const user = jira.store.userByName(name);
  if (user === undefined) throw new Error(`No user ${name}`);
  return user;
}

export function projectNamed(jira: Jira, idOrKey: string): ProjectRecord {
  const project = jira.store.project(idOrKey);
  if (project === undefined) throw new Error(`No project ${idOrKey}`);
  return project;
}

export function issueNamed(jira: Jira, idOrKey: string): IssueRecord {
  const issue = jira.store.issue(idOrKey);
  if (issue === undefined) throw new Error(`No issue ${idOrKey}`);
  return issue;
}
