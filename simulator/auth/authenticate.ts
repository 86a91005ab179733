import { randomBytes } from 'node:crypto';
import type { Call } from '../server/call.ts';
import { ReplyError } from '../server/errors.ts';
import { json, plain } from '../server/reply.ts';
import { captchaDenied, wrongPassword } from './pages.ts';
import { checkPassword } from './password.ts';
import { cookie } from './sessions.ts';
import { tokenOwner } from './tokens.ts';

/** Finds out who calls. A bad token means nobody; a wrong password stops the request. */
export function authenticate(call: Call): void {
  const header = call.header('authorization');
  if (header !== undefined && /^basic /i.test(header)) return byPassword(call, header.slice(6));
  if (header !== undefined && /^bearer /i.test(header)) return byToken(call, header.slice(7).trim());
  const session = cookie(call.header('cookie'), 'JSESSIONID');
  if (session === null) return;
  const user = call.jira.store.users.get(call.jira.sessions.userKey(session));
  if (user?.active !== true) return;
  call.sessionId = session;
  signedIn(call, 'session', user);
}

function signedIn(call: Call, auth: Call['auth'], user: NonNullable<Call['user']>): void {
  call.user = user;
  call.auth = auth;
  call.answerHeaders['X-Seraph-LoginReason'] = 'OK';
}

function byPassword(call: Call, encoded: string): void {
  if (call.jira.version.basicIsOff) {
    throw new ReplyError(json(403, { message: 'Basic Authentication has been disabled on this instance.' }));
  }
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 0) throw new ReplyError(wrongPassword(call));
  const result = checkPassword(call.jira, decoded.slice(0, colon), decoded.slice(colon + 1));
  if (result.kind === 'captcha') throw new ReplyError(captchaDenied(call));
  if (result.kind === 'wrong') throw new ReplyError(wrongPassword(call));
  signedIn(call, 'basic', result.user);
  if (cookie(call.header('cookie'), 'JSESSIONID') === null) {
    call.sessionId = call.jira.sessions.create(result.user.id);
    call.setCookie(sessionCookie(call, call.sessionId));
  }
}

function byToken(call: Call, raw: string): void {
  if (!call.jira.version.hasAccessTokens) return;
  if (!call.path.startsWith('/rest/') && !call.jira.version.tokensWorkOnDownloads) return;
  const user = tokenOwner(call.jira, raw);
  if (user !== null) signedIn(call, 'bearer', user);
}

export function sessionCookie(call: Call, sessionId: string): string {
  return `JSESSIONID=${sessionId}; Path=${call.jira.contextPath || '/'}; HttpOnly`;
}

/**
 * The cookie of the XSRF check of pages, given to every client that has none: the server's id, a random token, and whether it was
 * given to somebody logged in or logged out.
 */
export function offerXsrfToken(call: Call): void {
  if (cookie(call.header('cookie'), XSRF_COOKIE) !== null) return;
  const token = `${SERVER_ID}_${randomBytes(20).toString('hex')}_${call.user === null ? 'lout' : 'lin'}`;
  call.setCookie(`${XSRF_COOKIE}=${token}; Path=${call.jira.contextPath || '/'}`);
}

const XSRF_COOKIE = 'atlassian.xsrf.token';
const SERVER_ID = 'B5TW-1T0R-4S1M-J1R4';
const BROWSER = /^(Mozilla|Opera)\b/;

/** Refuses writes that a browser may have been tricked into, as the REST framework's XSRF filter does. */
export function checkXsrf(call: Call, multipart: boolean): void {
  if (call.method === 'GET' || call.method === 'HEAD' || call.method === 'OPTIONS') return;
  const token = call.header('x-atlassian-token')?.toLowerCase();
  if (token === 'no-check' || token === 'nocheck') return;
  if (multipart || BROWSER.test(call.header('user-agent') ?? '') || comesFromElsewhere(call)) {
    throw new ReplyError(plain(403, 'XSRF check failed'));
  }
}

function comesFromElsewhere(call: Call): boolean {
  const source = call.header('origin') ?? call.header('referer');
  if (source === undefined) return false;
  const own = [call.jira.baseUrl, `http://${call.header('host') ?? ''}`];
  return !own.some(
    (base) => URL.canParse(base) && URL.canParse(source) && new URL(base).origin === new URL(source).origin,
  );
}
