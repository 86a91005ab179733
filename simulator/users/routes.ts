import type { Call } from '../server/call.ts';
import { JiraError } from '../server/errors.ts';
import { ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import { can } from '../permissions/check.ts';
import type { UserRecord } from '../store/records.ts';
import { foundUserBean, fullUserBean } from './bean.ts';

function expandOf(call: Call): string[] {
  return (call.query.get('expand') ?? '').split(',');
}

function oneUser(call: Call): Reply {
  call.needUser();
  const name = call.query.get('username');
  const key = call.query.get('key');
  if (name === null && key === null)
    throw new JiraError(400, "Either the 'username' or the 'key' query parameters need to be provided");
  const user = name === null ? call.jira.store.users.get(key) : call.jira.store.userByName(name);
  if (user === undefined) {
    throw new JiraError(
      404,
      name === null ? `The user with the key '${key}' does not exist` : `The user named '${name}' does not exist`,
    );
  }
  return ok(fullUserBean(call.jira, user, expandOf(call)));
}

function matches(user: UserRecord, text: string): boolean {
  const wanted = text.toLowerCase();
  const words = [user.name, user.email, user.displayName, ...user.displayName.split(/\s+/)];
  return words.some((word) => word.toLowerCase().startsWith(wanted));
}

function page(call: Call, users: UserRecord[]): Reply {
  const start = call.integer('startAt', 0);
  const sorted = users.sort((a, b) => a.name.localeCompare(b.name));
  return ok(
    sorted
      .slice(start, start + Math.min(call.integer('maxResults', 50), 1000))
      .map((one) => foundUserBean(call.jira, one)),
  );
}

function search(call: Call): Reply {
  call.needUser();
  const text = call.query.get('username');
  if (text === null) throw new JiraError(400, 'The username query parameter was not provided');
  return page(
    call,
    [...call.jira.store.users.values()].filter((user) => user.active && (text === '.' || matches(user, text))),
  );
}

function assignable(call: Call): Reply {
  call.needUser();
  const { jira } = call;
  const issue = jira.store.issue(call.query.get('issueKey') ?? '');
  const project =
    issue === undefined
      ? jira.store.project(call.query.get('project') ?? '')
      : jira.store.projects.get(issue.projectId);
  if (project === undefined) throw new JiraError(404, 'Issue or project does not exist');
  const text = call.query.get('username') ?? '';
  return page(
    call,
    [...jira.store.users.values()].filter(
      (user) => user.active && matches(user, text) && can(jira, user, 'ASSIGNABLE_USER', project),
    ),
  );
}

export function addUserRoutes(router: Router, api: string): void {
  router.add('GET', `${api}/myself`, (call) => ok(fullUserBean(call.jira, call.needUser(), expandOf(call))));
  router.add('GET', `${api}/user`, oneUser);
  router.add('GET', `${api}/user/search`, search);
  router.add('GET', `${api}/user/assignable/search`, assignable);
}
