import { sessionCookie } from '../auth/authenticate.ts';
import { checkPassword } from '../auth/password.ts';
import type { Call } from '../server/call.ts';
import type { Reply } from '../server/reply.ts';
import { goTo } from './forms.ts';
import { markup, page } from './layout.ts';

function form(call: Call, error: string | null, destination: string): Reply {
  const body = markup`<section style="max-width:380px;margin:40px auto"><h1>Log in</h1>${error === null ? null : markup`<p class="error">${error}</p>`}
<form id="login-form" method="post" action="${call.jira.contextPath}/login.jsp"><input type="hidden" name="os_destination" value="${destination}">
<label for="login-form-username">Username</label><input id="login-form-username" name="os_username" autocomplete="username" autofocus>
<label for="login-form-password">Password</label><input id="login-form-password" name="os_password" type="password" autocomplete="current-password">
<button id="login-form-submit">Log In</button></form></section>`;
  return page(call.jira, call.user, 'Log in', body);
}

/** Only paths of this server: an address elsewhere would make the login page an open redirect. */
function safeDestination(text: string | null): string {
  return text !== null && /^\/(?![/\\])/.test(text) ? text : '/';
}

export function loginPage(call: Call): Reply {
  return form(call, null, safeDestination(call.query.get('os_destination')));
}

/** Signing in here also ends a CAPTCHA lock, as it does for a person in a browser. */
export async function signIn(call: Call): Promise<Reply> {
  const fields = new URLSearchParams((await call.readBytes()).toString('utf8'));
  const name = fields.get('os_username') ?? '';
  const destination = safeDestination(fields.get('os_destination'));
  const user = call.jira.store.userByName(name);
  if (user !== undefined && user.password === fields.get('os_password')) call.jira.failedLogins.delete(user.id);
  const result = checkPassword(call.jira, name, fields.get('os_password') ?? '');
  if (result.kind !== 'right')
    return form(call, 'Sorry, your username and password are incorrect - please try again.', destination);
  const id = call.jira.sessions.create(result.user.id);
  call.user = result.user;
  call.setCookie(sessionCookie(call, id));
  return goTo(call, destination);
}

export function signOut(call: Call): Reply {
  if (call.sessionId !== null) call.jira.sessions.end(call.sessionId);
  call.setCookie(`JSESSIONID=; Path=${call.jira.contextPath || '/'}; Max-Age=0`);
  return goTo(call, '/login.jsp');
}
