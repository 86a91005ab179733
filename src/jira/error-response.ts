import { TrackerError } from '#/engine/ports.ts';
import type { TrackerErrorCode, TrackerOutcome } from '#/engine/ports.ts';
import { describeAddress } from './base-url.ts';
import { readEnvelope } from './envelope.ts';
import { parseRetryAfter } from './retry-after.ts';

/** An answer as far as its meaning goes: `text` is the body (its beginning, for an error). */
export interface ReceivedAnswer {
  status: number;
  header(name: string): string | undefined;
  text: string;
}

export interface AnswerContext {
  /** For texts: method and route template. */
  what: string;
  /** False when the request may have changed something. */
  reads: boolean;
  /** Address that was asked, for resolving a redirect. */
  address: string;
  credentialsKind: 'token' | 'basic';
  /** 401 on this resource also means "not an administrator" (webhooks, issue type schemes). */
  adminOnly: boolean;
  nowMs: number;
}

/** A web page in place of REST: a login page, a single sign-on redirect, or something that is not Jira. */
export class WebPageError extends TrackerError {
  override readonly webPage = true;
}

/**
 * Whether an answer shows that the credentials are not accepted: `counted` when Jira counts it as a failed login (the third or
 * so brings the CAPTCHA), `uncounted` when it merely treated us as nobody or does not take this kind of login at all.
 */
export type CredentialsRefusal = 'counted' | 'uncounted';

/** Why an answer is an error; with `credentials`, they must not be sent again for a while. */
export interface Refusal {
  error: TrackerError;
  credentials: CredentialsRefusal | null;
}

/**
 * The meaning of an answer that is no plain success; null for one whose status and headers are fine. The order matters:
 * what a proxy or an overloaded Jira says comes before what the login says, and that before the meaning of the status.
 * Sources: reference facts 1.2 (failure matrix of 10.3.24), 1.3 (CAPTCHA), 1.5 (XSRF), 1.7 (envelopes), 9 (outages).
 */
export function refusalOf(answer: ReceivedAnswer, context: AnswerContext): Refusal | null {
  return outage(answer, context) ?? loginRefusal(answer, context) ?? refusedRequest(answer, context);
}

function outage(answer: ReceivedAnswer, context: AnswerContext): Refusal | null {
  const { status } = answer;
  const retryAfterMs = parseRetryAfter(answer.header('retry-after'), context.nowMs);
  if (status === 429) {
    // Refused by the rate limiter in front of the resource: never processed.
    return plain('rate_limited', answer, context, { outcome: 'refused', retryAfterMs, say: 'too many requests' });
  }
  if (status === 503) {
    // With Retry-After the refusal was deliberate; without, a proxy may have lost a request that Jira went on with.
    const outcome = retryAfterMs !== null || context.reads ? 'refused' : 'unknown';
    return plain('unavailable', answer, context, { outcome, retryAfterMs, say: 'Jira is not available' });
  }
  if (status === 502 || status === 504 || status === 408 || status > 504) {
    const outcome = context.reads ? 'refused' : 'unknown';
    return plain('unreachable', answer, context, { outcome, retryAfterMs, say: 'a gateway got no answer from Jira' });
  }
  return null;
}

function loginRefusal(answer: ReceivedAnswer, context: AnswerContext): Refusal | null {
  const { status } = answer;
  const reason = answer.header('x-seraph-loginreason') ?? '';
  const denied = answer.header('x-authentication-denied-reason') ?? '';
  if (denied.includes('CAPTCHA') || (status === 403 && reason.includes('AUTHENTICATION_DENIED'))) {
    const say = 'Jira asks this account to solve a CAPTCHA: log in once by browser, or have an administrator reset it';
    return { error: error('captcha', answer, context, { outcome: 'refused', say }), credentials: 'counted' };
  }
  if (reason.includes('AUTHENTICATED_FAILED')) {
    return credentials('counted', answer, context, 'the user name or password is wrong');
  }
  if (status === 403 && context.credentialsKind === 'basic' && /basic auth/i.test(bodyMessages(answer).join(' '))) {
    const say = 'Basic Authentication has been disabled; use a personal access token';
    return credentials('uncounted', answer, context, say);
  }
  // Before the user's name: a login page of single sign-on is an outage of that, whoever it was made for.
  const page = webPage(answer, context);
  if (page !== null) return page;
  const user = answer.header('x-ausername');
  if (user === 'anonymous') {
    const kind = status === 401 ? 'counted' : 'uncounted';
    return credentials(kind, answer, context, 'Jira did not accept the credentials');
  }
  if (status === 401 && (context.adminOnly || user !== undefined)) {
    return plain('forbidden', answer, context, { outcome: 'refused', say: 'the account may not do this' });
  }
  if (status === 401) return credentials('counted', answer, context, 'the credentials are not valid');
  return null;
}

function webPage(answer: ReceivedAnswer, context: AnswerContext): Refusal | null {
  const { status } = answer;
  if (status >= 300 && status < 400) {
    const location = answer.header('location');
    const target = location === undefined ? 'nowhere' : describeAddress(location, context.address);
    const say = `Jira redirected to ${target}, as a login page or single sign-on does`;
    return { error: web(answer, context, 'refused', say), credentials: null };
  }
  if (status >= 200 && status < 300 && isHtml(answer) && answer.text.trim() !== '') {
    const say = 'a web page came instead of an answer of the REST API, as from a login page';
    return { error: web(answer, context, context.reads ? 'refused' : 'unknown', say), credentials: null };
  }
  return null;
}

/** By these Jira says something about an issue or an account; the page of a proxy with the same status says nothing about either. */
const judgesRequest: ReadonlySet<number> = new Set([400, 403, 404, 409, 410, 422]);

/** Taking it for Jira's word would end the sync of healthy issues (404), or leave them in error for good (403, 400). */
function foreign(answer: ReceivedAnswer, context: AnswerContext): Refusal {
  const say =
    answer.status === 404
      ? 'this address is not a REST resource of Jira'
      : 'something in front of Jira refused it, such as a proxy or a firewall';
  return plain('unexpected', answer, context, { outcome: 'refused', say });
}

function refusedRequest(answer: ReceivedAnswer, context: AnswerContext): Refusal | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const outcome: TrackerOutcome = status < 500 || context.reads ? 'refused' : 'unknown';
  if (judgesRequest.has(status) && !isFromJira(answer)) return foreign(answer, context);
  switch (status) {
    case 400:
    case 409:
    case 410:
    case 422:
      return plain('invalid', answer, context, { outcome, say: 'Jira refused the request' });
    case 403:
      return plain('forbidden', answer, context, { outcome, say: forbiddenText(answer) });
    case 404:
      return plain('not_found', answer, context, { outcome, say: 'it does not exist or is not visible' });
    case 413:
      return plain('too_large', answer, context, { outcome, say: 'larger than the server accepts' });
    default:
      return plain('unexpected', answer, context, { outcome, say: 'an answer that Jira does not give here' });
  }
}

/** Plain text, and on old versions without any header of Jira (1.5). */
function isXsrfRefusal(answer: ReceivedAnswer): boolean {
  return answer.text.includes('XSRF');
}

function forbiddenText(answer: ReceivedAnswer): string {
  return isXsrfRefusal(answer) ? 'XSRF check failed; does a proxy change headers?' : 'the account may not do this';
}

function credentials(kind: CredentialsRefusal, answer: ReceivedAnswer, context: AnswerContext, say: string): Refusal {
  // A 2xx on a write means that an anonymous visitor was allowed to do it.
  const done = answer.status < 300 || answer.status >= 500;
  const outcome: TrackerOutcome = done && !context.reads ? 'unknown' : 'refused';
  return { error: error('credentials_refused', answer, context, { outcome, say }), credentials: kind };
}

function web(answer: ReceivedAnswer, context: AnswerContext, outcome: TrackerOutcome, say: string): TrackerError {
  return new WebPageError('credentials_refused', {
    message: text(answer, context, say),
    outcome,
    status: answer.status,
  });
}

interface Details {
  outcome: TrackerOutcome;
  say: string;
  retryAfterMs?: number | null;
}

function plain(code: TrackerErrorCode, answer: ReceivedAnswer, context: AnswerContext, details: Details): Refusal {
  return { error: error(code, answer, context, details), credentials: null };
}

function error(code: TrackerErrorCode, answer: ReceivedAnswer, context: AnswerContext, details: Details): TrackerError {
  return new TrackerError(code, {
    ...readEnvelope(parseJson(answer.text)),
    message: text(answer, context, details.say),
    outcome: details.outcome,
    status: answer.status,
    retryAfterMs: details.retryAfterMs ?? null,
  });
}

function text(answer: ReceivedAnswer, context: AnswerContext, say: string): string {
  const { messages, fieldErrors } = readEnvelope(parseJson(answer.text));
  const detail = [...messages, ...Object.entries(fieldErrors).map(([field, one]) => `${field}: ${one}`)].join(' ');
  return `${context.what} was answered ${answer.status}: ${say}.${detail === '' ? '' : ` Jira says: ${detail}`}`;
}

function bodyMessages(answer: ReceivedAnswer): string[] {
  return readEnvelope(parseJson(answer.text)).messages;
}

/** Whether an answer is a web page, by its type or, if a proxy lost that, its first character. */
export function isHtml(answer: ReceivedAnswer): boolean {
  const type = answer.header('content-type')?.toLowerCase() ?? '';
  const start = answer.text.trimStart().charAt(0);
  return start === '<' ? !type.includes('json') : type.includes('html') && start !== '{' && start !== '[';
}

const jiraHeaders = ['x-arequestid', 'x-anodeid', 'x-asessionid', 'x-ausername', 'x-seraph-loginreason'];

function isFromJira(answer: ReceivedAnswer): boolean {
  if (jiraHeaders.some((name) => answer.header(name) !== undefined) || isXsrfRefusal(answer)) return true;
  const data = parseJson(answer.text);
  return typeof data === 'object' && data !== null;
}

const mayBeUnstorable = /\\u(?:0000|d[89a-f])/i;

/**
 * The JSON value of a text; undefined when it is none. NUL and halves of surrogate pairs, which some databases of Jira keep and
 * PostgreSQL does not, are read as U+FFFD: what Jira shows always reads the same, so that is no change that anybody made.
 */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body, mayBeUnstorable.test(body) ? storable : undefined) as unknown;
  } catch {
    return undefined;
  }
}

function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD').toWellFormed() : value;
}
