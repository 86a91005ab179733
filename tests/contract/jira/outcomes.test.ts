import { describe, expect, it } from 'vitest';
import { createJira } from '#/jira/index.ts';
import type { JiraOptions, RequestInfo } from '#/jira/index.ts';
import { handClock, html, issueBody, json, StubServer } from './stub-server.ts';
import type { Handler } from './stub-server.ts';

const newIssue = { projectId: '10', issueTypeId: '1', summary: 's', description: null };

function unlessMyself(handler: Handler): Handler {
  return (request, response) => (request.url.endsWith('/myself') ? undefined : handler(request, response));
}

describe('a write that gets no proper answer', () => {
  it.each<[string, Handler, string, string]>([
    ['cut after it was sent', (_request, response) => response.destroy(), 'unreachable', 'unknown'],
    ['bad gateway', (_request, response) => html(response, 502), 'unreachable', 'unknown'],
    ['gateway timeout', (_request, response) => html(response, 504), 'unreachable', 'unknown'],
    ['plain 503', (_request, response) => html(response, 503), 'unavailable', 'unknown'],
    [
      '503 with Retry-After',
      (_request, response) => html(response, 503, { 'retry-after': '1' }),
      'unavailable',
      'refused',
    ],
    ['server error', (_request, response) => json(response, 500, {}), 'unexpected', 'unknown'],
    ['login page with 200', (_request, response) => html(response, 200), 'credentials_refused', 'unknown'],
    [
      'redirect',
      (_request, response) => html(response, 302, { location: '/login.jsp' }),
      'credentials_refused',
      'refused',
    ],
    [
      '201 whose body is cut off',
      (_request, response) => {
        response.writeHead(201, { 'content-type': 'application/json', 'content-length': '500' });
        response.write('{"id":"1');
        setImmediate(() => response.destroy());
      },
      'unreachable',
      'unknown',
    ],
    [
      '201 with something else',
      (_request, response) => json(response, 201, { created: true }),
      'unexpected',
      'unknown',
    ],
    [
      '400',
      (_request, response) => json(response, 400, { errorMessages: [], errors: { summary: 'no' } }),
      'invalid',
      'refused',
    ],
    ['403', (_request, response) => json(response, 403, { errorMessages: ['no'] }), 'forbidden', 'refused'],
  ])('%s: sent once, and the outcome told', async (_name, handler, code, outcome) => {
    await using stub = await StubServer.start(unlessMyself(handler));
    await expect(stub.tracker().createIssue(newIssue)).rejects.toMatchObject({ code, outcome });
    expect(stub.calls).toHaveLength(1);
  });

  it('no answer in time is unknown', async () => {
    await using stub = await StubServer.start(unlessMyself(() => new Promise(() => {})));
    await expect(stub.tracker({ timeoutMs: 300 }).createIssue(newIssue)).rejects.toMatchObject({
      code: 'unreachable',
      outcome: 'unknown',
    });
    expect(stub.calls).toHaveLength(1);
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:1', {}],
    ['no such host', 'http://jira.invalid', {}],
  ] satisfies Array<[string, string, Partial<JiraOptions>]>)(
    '%s: nothing was performed',
    async (_name, baseUrl, more) => {
      const jira = createJira({
        baseUrl,
        credentials: { kind: 'token', token: 't' },
        concurrency: 2,
        delay: async () => {},
        ...more,
      });
      await expect(jira.createIssue(newIssue)).rejects.toMatchObject({ code: 'unreachable', outcome: 'not_performed' });
      await jira.close();
    },
  );

  it('TLS that fails after the credentials were proved: nothing was performed', async () => {
    await using stub = await StubServer.start(() => {});
    const jira = createJira({
      baseUrl: stub.url.replace('http:', 'https:'),
      credentials: { kind: 'token', token: 't' },
      concurrency: 2,
      delay: async () => {},
    });
    await expect(jira.createIssue(newIssue)).rejects.toMatchObject({ code: 'unreachable', outcome: 'not_performed' });
    await jira.close();
  });

  it('a closed client sends nothing', async () => {
    await using stub = await StubServer.start(() => {});
    const jira = stub.tracker();
    await jira.myself();
    await jira.close();
    await expect(jira.createIssue(newIssue)).rejects.toMatchObject({ code: 'unreachable', outcome: 'not_performed' });
  });
});

describe('a read that fails', () => {
  it.each<[string, Handler]>([
    ['cut', (_request, response) => response.destroy()],
    ['502', (_request, response) => html(response, 502)],
    ['503', (_request, response) => html(response, 503)],
  ])('%s: is repeated at most twice, then told', async (_name, handler) => {
    await using stub = await StubServer.start(unlessMyself(handler));
    await expect(stub.tracker().readIssue('A-1')).rejects.toMatchObject({
      outcome: expect.not.stringMatching('unknown'),
    });
    expect(stub.calls).toHaveLength(3);
  });

  it('is repeated with success once the fault is over, searches too', async () => {
    let failures = 2;
    await using stub = await StubServer.start(
      unlessMyself((request, response) => {
        if (failures-- > 0) response.destroy();
        else if (request.method === 'POST') json(response, 200, { startAt: 0, total: 0, issues: [] });
        else json(response, 200, issueBody);
      }),
    );
    const jira = stub.tracker();
    await expect(jira.readIssue('A-1')).resolves.toMatchObject({ key: 'A-1' });
    failures = 1;
    await expect(jira.search({ jql: 'x', startAt: 0, maxResults: 1 })).resolves.toMatchObject({ total: 0 });
  });

  it("a proxy's 404 page is not a missing issue", async () => {
    await using stub = await StubServer.start(unlessMyself((_request, response) => html(response, 404)));
    await expect(stub.tracker().readIssue('A-1')).rejects.toMatchObject({ code: 'unexpected', status: 404 });
  });

  it.each([400, 403, 409, 410, 422])(
    "a %i page of a proxy or firewall is not Jira's refusal, neither of a read nor of a write",
    async (status) => {
      await using stub = await StubServer.start(unlessMyself((_request, response) => html(response, status)));
      const jira = stub.tracker();
      const inFront = { code: 'unexpected', outcome: 'refused', status, message: expect.stringContaining('in front') };
      await expect(jira.readIssue('A-1')).rejects.toMatchObject(inFront);
      await expect(jira.createIssue(newIssue)).rejects.toMatchObject(inFront);
      await expect(jira.editIssue('A-1', { summary: 's' })).rejects.toMatchObject(inFront);
    },
  );

  it('a refusal as a web page with the headers of Jira is a refusal by Jira', async () => {
    await using stub = await StubServer.start(
      unlessMyself((_request, response) => html(response, 403, { 'x-arequestid': '1002x5x1', 'x-ausername': 'ada' })),
    );
    await expect(stub.tracker().readIssue('A-1')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('a missing issue is only believed while the credentials are good', async () => {
    let revoked = false;
    await using stub = await StubServer.start((request, response) => {
      const status = request.url.endsWith('/myself') ? (revoked ? 401 : 200) : 404;
      if (status !== 200)
        response.writeHead(status, { 'content-type': 'application/json' }).end('{"errorMessages":["no"]}');
    });
    const { clock, delay, advance } = handClock();
    const jira = stub.tracker({ clock, delay });
    await expect(jira.readIssue('A-1')).rejects.toMatchObject({ code: 'not_found' });
    revoked = true;
    advance(61_000);
    await expect(jira.readIssue('A-1')).rejects.toMatchObject({ code: 'credentials_refused' });
  });
});

describe('when Jira asks for less', () => {
  it('a write refused by the rate limiter is sent again after Retry-After', async () => {
    const { clock, delay, waited } = handClock();
    let limited = true;
    await using stub = await StubServer.start(
      unlessMyself((_request, response) => {
        if (limited) html(response, 429, { 'retry-after': '5' });
        else json(response, 201, { id: '1', key: 'A-1' });
        limited = false;
      }),
    );
    await expect(stub.tracker({ clock, delay }).createIssue(newIssue)).resolves.toEqual({ id: '1', key: 'A-1' });
    expect(waited.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(5000);
    expect(stub.calls).toHaveLength(2);
  });

  it('a write that may not be made any more when its turn comes is not sent', async () => {
    const { clock, delay } = handClock();
    await using stub = await StubServer.start(
      unlessMyself((_request, response) => html(response, 429, { 'retry-after': '5' })),
    );
    const gone = new Error('the lane has another owner');
    const jira = stub.tracker({ clock, delay }).guarded(() => {
      if (stub.calls.length > 0) throw gone;
    });
    await expect(jira.createIssue(newIssue)).rejects.toBe(gone);
    expect(stub.calls).toHaveLength(1);
  });

  it('a long pause fails all calls at once and sends nothing until it is over', async () => {
    const { clock, delay, advance } = handClock();
    let limited = true;
    await using stub = await StubServer.start(
      unlessMyself((_request, response) => {
        if (limited) html(response, 503, { 'retry-after': '120' });
        else json(response, 200, []);
      }),
    );
    const jira = stub.tracker({ clock, delay });
    await expect(jira.projects()).rejects.toMatchObject({ code: 'unavailable' });
    const sent = stub.seen.length;
    await expect(jira.createIssue(newIssue)).rejects.toMatchObject({
      code: 'unavailable',
      outcome: 'not_performed',
      retryAfterMs: expect.any(Number),
    });
    expect(stub.seen).toHaveLength(sent);
    limited = false;
    advance(120_000);
    await expect(jira.projects()).resolves.toEqual([]);
  });

  it('fewer requests are in flight after a 429', async () => {
    let inFlight = 0;
    let most = 0;
    let limited = true;
    await using stub = await StubServer.start(
      unlessMyself(async (_request, response) => {
        if (limited) {
          limited = false;
          return html(response, 429, { 'retry-after': '0' });
        }
        most = Math.max(most, ++inFlight);
        await new Promise((resolve) => setImmediate(resolve));
        inFlight--;
        json(response, 200, []);
      }),
    );
    const jira = stub.tracker({ concurrency: 16 });
    await jira.projects();
    most = 0;
    await Promise.all(Array.from({ length: 16 }, () => jira.projects()));
    expect(most).toBeLessThanOrEqual(10);
  });

  it('tells the metrics of every exchange, with the route and not the address', async () => {
    const told: RequestInfo[] = [];
    await using stub = await StubServer.start(unlessMyself((_request, response) => json(response, 200, issueBody)));
    const jira = stub.tracker({ onRequest: (info) => void told.push(info) });
    await jira.readIssue('A-1');
    expect(told.map(({ method, route, status }) => [method, route, status])).toEqual([
      ['GET', '/myself', 200],
      ['GET', '/issue/{id}', 200],
    ]);
    expect(told.every(({ ms }) => ms >= 0)).toBe(true);
  });
});
