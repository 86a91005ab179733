import { createHmac, randomBytes } from 'node:crypto';
import { cookie } from '../auth/sessions.ts';
import type { Call } from '../server/call.ts';
import { ReplyError } from '../server/errors.ts';
import { html, redirect } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Markup } from './layout.ts';
import { markup } from './layout.ts';

const secret = randomBytes(32);

/** The form token of a session: a page elsewhere cannot know it. */
export function formToken(call: Call): string {
  return createHmac('sha256', secret)
    .update(cookie(call.header('cookie'), 'JSESSIONID') ?? '')
    .digest('hex')
    .slice(0, 32);
}

export function tokenField(call: Call): Markup {
  return markup`<input type="hidden" name="atl_token" value="${formToken(call)}">`;
}

function refuse(): never {
  throw new ReplyError(html(403, '<html><body><h1>XSRF Security Token Missing</h1></body></html>'));
}

/** The fields of a form post whose token is right. */
export async function formFields(call: Call): Promise<URLSearchParams> {
  const fields = new URLSearchParams((await call.readBytes()).toString('utf8'));
  if (fields.get('atl_token') !== formToken(call)) refuse();
  return fields;
}

/** A multipart form carries its token in the address. */
export function checkQueryToken(call: Call): void {
  if (call.query.get('atl_token') !== formToken(call)) refuse();
}

export function toLogin(call: Call): Reply {
  const query = call.req.url?.split('?')[1];
  const back = `${call.path}${query === undefined ? '' : `?${query}`}`;
  return redirect(
    `${call.jira.contextPath}/login.jsp?permissionViolation=true&os_destination=${encodeURIComponent(back)}`,
  );
}

export function goTo(call: Call, path: string): Reply {
  return redirect(`${call.jira.contextPath}${path}`, 303);
}
