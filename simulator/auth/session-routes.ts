import { jiraTimestamp } from '../core/zone.ts';
import type { Call } from '../server/call.ts';
import { JiraError, ReplyError } from '../server/errors.ts';
import { empty, json, ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import type { UserRecord } from '../store/records.ts';
import { sessionCookie } from './authenticate.ts';
import { captchaHeaders } from './pages.ts';
import { checkPassword } from './password.ts';

function loginInfo(call: Call, user: UserRecord): Record<string, unknown> {
  const now = jiraTimestamp(call.jira.now(), call.jira.settings.timeZone);
  return { failedLoginCount: call.jira.failedLogins.get(user.id) ?? 0, loginCount: 1, previousLoginTime: now };
}

function signIn(call: Call): Reply {
  const { username, password } = call.bodyObject();
  const result = checkPassword(call.jira, String(username ?? ''), String(password ?? ''));
  if (result.kind === 'captcha') {
    return json(403, { errorMessages: ['Login denied'], errors: {} }, captchaHeaders(call));
  }
  if (result.kind === 'wrong') {
    throw new ReplyError(
      json(401, { errorMessages: ['Login failed'], errors: {} }, { 'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED' }),
    );
  }
  const id = call.jira.sessions.create(result.user.id);
  call.setCookie(sessionCookie(call, id));
  call.user = result.user;
  return ok({ session: { name: 'JSESSIONID', value: id }, loginInfo: loginInfo(call, result.user) });
}

function current(call: Call): Reply {
  if (call.user === null)
    throw new JiraError(401, 'You are not authenticated. Authentication required to perform this operation.');
  const self = `${call.jira.baseUrl}/rest/api/latest/user?username=${encodeURIComponent(call.user.name)}`;
  return ok({ self, name: call.user.name, loginInfo: loginInfo(call, call.user) });
}

function signOut(call: Call): Reply {
  if (call.user === null)
    throw new JiraError(401, 'You are not authenticated. Authentication required to perform this operation.');
  if (call.sessionId !== null) call.jira.sessions.end(call.sessionId);
  return empty();
}

export function addSessionRoutes(router: Router): void {
  for (const base of ['/rest/auth/1', '/rest/auth/latest']) {
    router.add('POST', `${base}/session`, signIn);
    router.add('GET', `${base}/session`, current);
    router.add('DELETE', `${base}/session`, signOut);
    router.add('DELETE', `${base}/websudo`, (call) => {
      call.needUser();
      return empty();
    });
  }
}
