import { needAdmin } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError } from '../server/errors.ts';
import { ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { UserRecord } from '../store/records.ts';
import { foundUserBean, groupSelf } from './bean.ts';

const MOST = 50;

/** The group asked for, with its active members by name; for admins only. A group is there when somebody is in it. */
function groupIn(call: Call): { name: string; members: UserRecord[] } {
  needAdmin(call.user);
  const name = call.query.get('groupname') ?? '';
  const everybody = [...call.jira.store.users.values()].filter((user) => user.groups.includes(name));
  if (everybody.length === 0) throw new JiraError(404, `The group named '${name}' does not exist.`);
  const members = everybody.filter((user) => user.active).sort((a, b) => a.name.localeCompare(b.name));
  return { name, members };
}

/** The members are only counted, unless they are expanded. */
function group(call: Call): Reply {
  const { name, members } = groupIn(call);
  const items = call.query.get('expand')?.startsWith('users') === true ? members.slice(0, MOST) : [];
  const users = {
    size: members.length,
    items: items.map((user) => foundUserBean(call.jira, user)),
    'max-results': MOST,
    'start-index': 0,
    'end-index': Math.max(0, items.length - 1),
  };
  return ok({ name, self: groupSelf(call.jira, name), users, expand: 'users' });
}

function members(call: Call): Reply {
  const { name, members: all } = groupIn(call);
  const startAt = call.integer('startAt', 0);
  const maxResults = Math.min(call.integer('maxResults', MOST), MOST);
  const values = all.slice(startAt, startAt + maxResults).map((user) => foundUserBean(call.jira, user));
  const self = `${call.jira.baseUrl}/rest/api/2/group/member?groupname=${encodeURIComponent(name)}`;
  const isLast = startAt + values.length >= all.length;
  return ok({ self, maxResults, startAt, total: all.length, isLast, values });
}

export function addGroupRoutes(router: Router, api: string): void {
  router.add('GET', `${api}/group`, group);
  router.add('GET', `${api}/group/member`, members);
}
