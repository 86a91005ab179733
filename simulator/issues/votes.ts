import type { Jira } from '../core/jira.ts';
import { visibleIssue } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError } from '../server/errors.ts';
import { empty, ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { IssueRecord, UserRecord } from '../store/records.ts';
import { leadBean } from '../users/bean.ts';

/** The field `votes`; the resource of the same name adds the voters. */
export function votesBean(jira: Jira, user: UserRecord | null, issue: IssueRecord): Record<string, unknown> {
  const voters = issue.voters ?? [];
  return {
    self: `${jira.baseUrl}/rest/api/2/issue/${issue.key}/votes`,
    votes: voters.length,
    hasVoted: user !== null && voters.includes(user.id),
  };
}

function change(call: Call, add: boolean): Reply {
  const me = call.needUser();
  const issue = visibleIssue(call.jira, me, call.param('issueIdOrKey'));
  if (issue.reporter === me.id) throw new JiraError(404, 'You cannot vote for an issue you have reported.');
  const others = (issue.voters ?? []).filter((key) => key !== me.id);
  call.jira.store.issues.put({ ...issue, voters: add ? [...others, me.id] : others });
  return empty();
}

export function addVoteRoutes(router: Router, api: string): void {
  const base = `${api}/issue/{issueIdOrKey}/votes`;
  router.add('GET', base, (call) => {
    const issue = visibleIssue(call.jira, call.user, call.param('issueIdOrKey'));
    const voters = (issue.voters ?? []).flatMap((key) => call.jira.store.users.get(key) ?? []);
    return ok({
      ...votesBean(call.jira, call.user, issue),
      voters: voters.map((user) => leadBean(call.jira, user)),
    });
  });
  router.add('POST', base, (call) => change(call, true));
  router.add('DELETE', base, (call) => change(call, false));
}
