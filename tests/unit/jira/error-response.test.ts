import { describe, expect, it } from 'vitest';
import { parseJson, refusalOf, WebPageError } from '#/jira/error-response.ts';
import type { AnswerContext } from '#/jira/error-response.ts';

const html = { 'content-type': 'text/html;charset=UTF-8' };
const json = { 'content-type': 'application/json;charset=UTF-8' };
const ada = { 'x-ausername': 'ada' };

function judge(status: number, headers: Record<string, string>, text: string, context: Partial<AnswerContext> = {}) {
  return refusalOf(
    { status, header: (name) => headers[name], text },
    {
      what: 'GET /x',
      reads: true,
      address: 'https://jira.example/jira/rest/api/2/x',
      credentialsKind: 'basic',
      adminOnly: false,
      nowMs: 0,
      ...context,
    },
  );
}

describe('answers that are errors', () => {
  it.each([
    // name, status, headers, body, context, code, outcome for a read, outcome for a write, credentials refused
    [
      'wrong password',
      401,
      { ...html, 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
      '<html>',
      {},
      'credentials_refused',
      'refused',
      'refused',
      'counted',
    ],
    [
      'bad token, JSON without Seraph',
      401,
      json,
      '{"errorMessages":["Login Required"],"errors":{}}',
      {},
      'credentials_refused',
      'refused',
      'refused',
      'counted',
    ],
    [
      'anonymous answer',
      200,
      { ...json, 'x-ausername': 'anonymous' },
      '{"total":0}',
      {},
      'credentials_refused',
      'refused',
      'unknown',
      'uncounted',
    ],
    [
      'anonymous 401 without a reason',
      401,
      { ...json, 'x-ausername': 'anonymous' },
      '{}',
      {},
      'credentials_refused',
      'refused',
      'refused',
      'counted',
    ],
    [
      'login page made for nobody',
      200,
      { ...html, 'x-ausername': 'anonymous' },
      '<html>',
      {},
      'credentials_refused',
      'refused',
      'unknown',
      null,
    ],
    [
      'anonymous 404',
      404,
      { ...json, 'x-ausername': 'anonymous' },
      '{}',
      {},
      'credentials_refused',
      'refused',
      'refused',
      'uncounted',
    ],
    [
      '200 with an empty body and a failed login (JRA-41559)',
      200,
      { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
      '',
      {},
      'credentials_refused',
      'refused',
      'unknown',
      'counted',
    ],
    [
      '401 for a known account',
      401,
      { ...json, ...ada },
      '{"errorMessages":["no"]}',
      {},
      'forbidden',
      'refused',
      'refused',
      null,
    ],
    [
      '401 where administrators only may read',
      401,
      json,
      '{}',
      { adminOnly: true },
      'forbidden',
      'refused',
      'refused',
      null,
    ],
    [
      'wrong password where administrators only may read',
      401,
      { ...html, 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
      '',
      { adminOnly: true },
      'credentials_refused',
      'refused',
      'refused',
      'counted',
    ],
    [
      'CAPTCHA',
      403,
      { ...html, 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=https://j/login.jsp' },
      '',
      {},
      'captcha',
      'refused',
      'refused',
      'counted',
    ],
    [
      'CAPTCHA with the other reason',
      403,
      {
        ...html,
        'x-seraph-loginreason': 'AUTHENTICATED_FAILED',
        'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE',
      },
      '',
      {},
      'captcha',
      'refused',
      'refused',
      'counted',
    ],
    [
      'CAPTCHA told by Seraph alone',
      403,
      { ...html, 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' },
      '',
      {},
      'captcha',
      'refused',
      'refused',
      'counted',
    ],
    [
      'Basic disabled (Jira 11)',
      403,
      json,
      '{"message":"Basic Authentication has been disabled on this instance."}',
      {},
      'credentials_refused',
      'refused',
      'refused',
      'uncounted',
    ],
    [
      'no permission',
      403,
      { ...json, ...ada },
      '{"errorMessages":["You do not have permission"],"errors":{}}',
      {},
      'forbidden',
      'refused',
      'refused',
      null,
    ],
    ['XSRF', 403, { 'content-type': 'text/plain' }, 'XSRF check failed', {}, 'forbidden', 'refused', 'refused', null],
    [
      'redirect to a login page',
      302,
      { location: '/jira/login.jsp?os_destination=x' },
      '',
      {},
      'credentials_refused',
      'refused',
      'refused',
      null,
    ],
    ['login page', 200, html, '<!DOCTYPE html><form>', {}, 'credentials_refused', 'refused', 'unknown', null],
    ['login page whose type a proxy lost', 200, {}, '  <html>', {}, 'credentials_refused', 'refused', 'unknown', null],
    [
      'invalid',
      400,
      json,
      '{"errorMessages":[],"errors":{"summary":"too long"}}',
      {},
      'invalid',
      'refused',
      'refused',
      null,
    ],
    [
      'missing issue',
      404,
      json,
      '{"errorMessages":["Issue Does Not Exist"],"errors":{}}',
      {},
      'not_found',
      'refused',
      'refused',
      null,
    ],
    ["missing, empty body but Jira's headers", 404, { ...ada }, '', {}, 'not_found', 'refused', 'refused', null],
    ["a proxy's 404 page", 404, html, '<h1>Not Found</h1>', {}, 'unexpected', 'refused', 'refused', null],
    [
      "a proxy's plain 404",
      404,
      { 'content-type': 'text/plain' },
      '404 page not found',
      {},
      'unexpected',
      'refused',
      'refused',
      null,
    ],
    ['too large for a proxy', 413, html, '<h1>413</h1>', {}, 'too_large', 'refused', 'refused', null],
    ['rate limited', 429, html, '<html>', {}, 'rate_limited', 'refused', 'refused', null],
    [
      'unavailable with Retry-After',
      503,
      { ...html, 'retry-after': '7' },
      '<html>',
      {},
      'unavailable',
      'refused',
      'refused',
      null,
    ],
    ['plain 503', 503, html, '<html>', {}, 'unavailable', 'refused', 'unknown', null],
    ['bad gateway', 502, html, '<html>', {}, 'unreachable', 'refused', 'unknown', null],
    ['gateway timeout', 504, html, '<html>', {}, 'unreachable', 'refused', 'unknown', null],
    [
      '503 of a cluster whose nodes think we are anonymous',
      503,
      { 'x-ausername': 'anonymous' },
      '',
      {},
      'unavailable',
      'refused',
      'unknown',
      null,
    ],
    ['server error', 500, json, '{}', {}, 'unexpected', 'refused', 'unknown', null],
  ] as const)('%s', (_name, status, headers, body, context, code, readOutcome, writeOutcome, credentials) => {
    const read = judge(status, headers, body, context);
    expect(read?.error.code).toBe(code);
    expect(read?.error.outcome).toBe(readOutcome);
    expect(read?.error.status).toBe(status);
    expect(read?.credentials).toBe(credentials);
    expect(judge(status, headers, body, { ...context, reads: false })?.error.outcome).toBe(writeOutcome);
  });

  it.each([
    ['JSON', 200, json, '{"a":1}'],
    ['204 with text/html and no body', 204, html, ''],
    ['empty 201 with text/html', 201, html, ''],
    ['JSON that calls itself html', 200, html, '{"a":1}'],
  ] as const)('%s is a success', (_name, status, headers, body) => {
    expect(judge(status, { ...headers, ...ada, 'x-seraph-loginreason': 'OK' }, body)).toBeNull();
  });
});

describe('what an error tells', () => {
  it('names field errors and messages, in whichever envelope they come', () => {
    const error = judge(400, json, '{"errorMessages":"one string","errors":{"summary":"bad","n":3}}')?.error;
    expect(error?.messages).toEqual(['one string']);
    expect(error?.fieldErrors).toEqual({ summary: 'bad' });
    expect(judge(400, json, '{"message":"m","status-code":404}')?.error.messages).toEqual(['m']);
    expect(judge(400, json, '{"errorMessage":"sm"}')?.error.messages).toEqual(['sm']);
    expect(judge(400, json, '{"errors":["a","b"]}')?.error.messages).toEqual(['a', 'b']);
    expect(judge(400, json, 'null')?.error.messages).toEqual([]);
  });

  it('says where a redirect leads, without its query', () => {
    const error = judge(302, { location: 'https://user:pw@sso.example/login?SAMLRequest=secret' }, '')?.error;
    expect(error).toBeInstanceOf(WebPageError);
    expect(error?.message).toContain('https://sso.example/login');
    expect(error?.message).not.toMatch(/secret|pw/);
  });

  it('never contains the HTML of the answer', () => {
    const error = judge(401, html, '<html><b>AUTHENTICATED_FAILED</b></html>')?.error;
    expect(error?.message).not.toContain('<');
    expect(judge(400, json, '{"errorMessages":["<b>x</b>"]}')?.error.message).not.toContain('<');
  });

  it.each([
    ['7', 7000],
    ['0', 0],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 60_000],
    ['soon', null],
    ['999999', 3_600_000],
  ])('Retry-After %s is %s ms', (header, ms) => {
    expect(judge(429, { 'retry-after': header }, '')?.error.retryAfterMs).toBe(ms);
  });
});

describe('the JSON of an answer', () => {
  it.each([
    ['a NUL', String.raw`"a\u0000b"`, 'a\uFFFDb'],
    ['the first half of a surrogate pair', String.raw`"a\ud83db"`, 'a\uFFFDb'],
    ['the second half of one', String.raw`"a\uDE00b"`, 'a\uFFFDb'],
    ['a whole pair', String.raw`"a\ud83d\ude00b"`, 'a😀b'],
    ['a backslash before the letter u', String.raw`"a\\u0000b"`, String.raw`a\u0000b`],
  ])('has no character that cannot be stored: %s', (_name, json, text) => {
    expect(parseJson(`{"body": [${json}]}`)).toEqual({ body: [text] });
  });
});
