import { can, projectOf, visibleIssue } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError } from '../server/errors.ts';
import { empty, ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import { leadBean } from '../users/bean.ts';

function change(call: Call, name: string, add: boolean): Reply {
  const me = call.needUser();
  const issue = visibleIssue(call.jira, me, call.param('issueIdOrKey'));
  const user = call.jira.store.userByName(name);
  if (user === undefined) throw new JiraError(404, `The user '${name}' does not exist`);
  if (user.id !== me.id && !can(call.jira, me, 'MANAGE_WATCHERS', projectOf(call.jira, issue))) {
    throw new JiraError(403, `User '${me.name}' is not allowed to add watchers to issue '${issue.key}'`);
  }
  const others = issue.watchers.filter((key) => key !== user.id);
  call.jira.store.issues.put({ ...issue, watchers: add ? [...others, user.id] : others });
  return empty();
}

export function addWatcherRoutes(router: Router, api: string): void {
  const base = `${api}/issue/{issueIdOrKey}/watchers`;
  router.add('GET', base, (call) => {
    const issue = visibleIssue(call.jira, call.user, call.param('issueIdOrKey'));
    const watchers = issue.watchers.flatMap((key) => call.jira.store.users.get(key) ?? []);
    return ok({
      self: `${call.jira.baseUrl}/rest/api/2/issue/${issue.key}/watchers`,
      isWatching: call.user !== null && issue.watchers.includes(call.user.id),
      watchCount: watchers.length,
      watchers: watchers.map((user) => leadBean(call.jira, user)),
    });
  });
  router.add('POST', base, (call) =>
    change(call, typeof call.body === 'string' ? call.body : call.needUser().name, true),
  );
  router.add('DELETE', base, (call) => change(call, call.query.get('username') ?? '', false));
}
