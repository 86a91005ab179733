import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { verifyCredentials } from '#/jira/index.ts';
import { handClock, html, json, type myself, StubServer, wrongPassword } from './stub-server.ts';

const quarterHour = 15 * 60_000;

describe('a refused password', () => {
  it('is sent once, however many calls start at the same time, and not again by later ones', async () => {
    const { clock, delay } = handClock();
    await using stub = await StubServer.start((_request, response) => wrongPassword(response));
    const jira = stub.tracker({ clock, delay });
    const results = await Promise.allSettled(Array.from({ length: 16 }, (_, i) => jira.readIssue(`A-${i}`)));
    for (const result of results) expect(result).toMatchObject({ reason: { code: 'credentials_refused' } });
    expect(stub.seen).toHaveLength(1);
    await expect(jira.projects()).rejects.toMatchObject({ code: 'credentials_refused', outcome: 'not_performed' });
    await expect(jira.myself()).rejects.toMatchObject({ code: 'credentials_refused' });
    expect(stub.seen).toHaveLength(1);
  });

  it('is tried again by a single request after a quarter of an hour, and all goes on once it is right', async () => {
    const { clock, delay, advance } = handClock();
    let right = false;
    await using stub = await StubServer.start((request, response) => {
      if (!right) wrongPassword(response);
      else if (request.url.endsWith('/project')) json(response, 200, []);
    });
    const jira = stub.tracker({ clock, delay });
    await expect(jira.myself()).rejects.toThrow();
    advance(quarterHour - 1);
    await expect(jira.projects()).rejects.toMatchObject({ retryAfterMs: 1 });
    advance(1);
    await Promise.allSettled(Array.from({ length: 16 }, () => jira.projects()));
    expect(stub.seen).toHaveLength(2);
    right = true;
    advance(quarterHour);
    await Promise.all(Array.from({ length: 4 }, () => jira.projects()));
    expect(stub.calls.filter(({ url }) => url.endsWith('/project'))).toHaveLength(4);
  });

  it('fails no more than what was in flight when it changed', async () => {
    const { clock, delay } = handClock();
    let changed = false;
    const held: Array<() => void> = [];
    await using stub = await StubServer.start(async (request, response) => {
      if (request.url.endsWith('/myself')) return;
      await new Promise<void>((resolve) => {
        held.push(resolve);
        if (held.length === 4) {
          changed = true;
          for (const go of held) go();
        }
      });
      if (changed) wrongPassword(response);
    });
    const jira = stub.tracker({ concurrency: 4, clock, delay });
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => jira.projects()));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(stub.calls).toHaveLength(4);
  });

  it('is no longer sent either when Jira asks for a CAPTCHA', async () => {
    await using stub = await StubServer.start((_request, response) =>
      html(response, 403, { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=https://j/login.jsp' }),
    );
    const jira = stub.tracker();
    await expect(jira.projects()).rejects.toMatchObject({ code: 'captcha' });
    await expect(
      jira.createIssue({ projectId: '1', issueTypeId: '1', summary: 's', description: null }),
    ).rejects.toMatchObject({
      code: 'captcha',
      outcome: 'not_performed',
    });
    expect(stub.seen).toHaveLength(1);
  });

  it('a proof that fails for another reason does not count as a refusal', async () => {
    let up = false;
    await using stub = await StubServer.start((request, response) => {
      if (!up) html(response, 502);
      else if (request.url.endsWith('/project')) json(response, 200, []);
    });
    const jira = stub.tracker();
    await expect(jira.projects()).rejects.toMatchObject({ code: 'unreachable' });
    up = true;
    await expect(jira.projects()).resolves.toEqual([]);
  });
});

describe('a token', () => {
  const credentials = { kind: 'token', token: 'MDkyOTk2NTY3ODkx' } as const;

  it('that Jira treats as anonymous does not make an empty search believed', async () => {
    let revoked = false;
    await using stub = await StubServer.start((request, response) => {
      if (request.url.endsWith('/search'))
        json(response, 200, { startAt: 0, total: 0, issues: [] }, revoked ? { 'x-ausername': 'anonymous' } : {});
    });
    const jira = stub.tracker({ credentials });
    const query = { jql: 'project = A', startAt: 0, maxResults: 50 };
    await expect(jira.search(query)).resolves.toMatchObject({ total: 0, hits: [] });
    revoked = true;
    await expect(jira.search(query)).rejects.toMatchObject({ code: 'credentials_refused' });
  });

  it('is checked by /myself when an empty search does not say for whom it was made', async () => {
    let revoked = false;
    await using stub = await StubServer.start((request, response) => {
      if (request.url.endsWith('/myself') && revoked) {
        response.writeHead(401, { 'content-type': 'application/json' }).end('{"errorMessages":["Login Required"]}');
      } else if (request.url.endsWith('/search')) {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"total":0,"issues":[]}');
      }
    });
    const jira = stub.tracker({ credentials });
    const query = { jql: 'project = A', startAt: 0, maxResults: 50 };
    await expect(jira.search(query)).resolves.toMatchObject({ total: 0 });
    revoked = true;
    await expect(jira.search(query)).rejects.toMatchObject({ code: 'credentials_refused' });
  });

  it('is tried again after half a minute', async () => {
    const { clock, delay, advance } = handClock();
    await using stub = await StubServer.start((_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{}');
    });
    const jira = stub.tracker({ credentials, clock, delay });
    await expect(jira.projects()).rejects.toThrow();
    await expect(jira.projects()).rejects.toThrow();
    expect(stub.seen).toHaveLength(1);
    advance(30_000);
    await expect(jira.projects()).rejects.toThrow();
    expect(stub.seen).toHaveLength(2);
  });

  it('with characters that no header carries is refused without a request', async () => {
    await using stub = await StubServer.start(() => {});
    const jira = stub.tracker({ credentials: { kind: 'token', token: 'a\nb' } });
    await expect(jira.projects()).rejects.toMatchObject({ code: 'credentials_refused', outcome: 'not_performed' });
    expect(stub.seen).toHaveLength(0);
  });
});

describe('what is sent', () => {
  it('carries the credentials, asks for JSON, does not look like a browser, and marks writes', async () => {
    await using stub = await StubServer.start((request, response) => {
      response.setHeader('set-cookie', 'JSESSIONID=x');
      if (request.method === 'PUT') response.writeHead(204, { 'content-type': 'text/html' }).end();
    });
    const jira = stub.tracker();
    await jira.editIssue('A-1', { summary: 'ü' });
    await jira.myself();
    const [read, write, again] = stub.seen;
    expect(read?.url).toBe('/jira/rest/api/2/myself');
    expect(read?.headers).toMatchObject({
      accept: 'application/json',
      authorization: `Basic ${Buffer.from('ada:correct horse').toString('base64')}`,
    });
    expect(read?.headers['user-agent']).not.toMatch(/mozilla/i);
    expect(write?.headers).toMatchObject({ 'x-atlassian-token': 'no-check' });
    expect(JSON.parse(write?.body ?? '')).toEqual({ fields: { summary: 'ü' } });
    for (const request of [read, write, again]) {
      expect(request?.headers).not.toHaveProperty('cookie');
      expect(request?.headers).not.toHaveProperty('origin');
      expect(request?.headers).not.toHaveProperty('referer');
    }
  });

  it('never shows in an error, its cause or the log', async () => {
    const log: unknown[] = [];
    const write = (...args: unknown[]) => void log.push(args);
    await using stub = await StubServer.start((request, response) => {
      if (request.url.endsWith('/project')) response.destroy();
      else if (request.url.includes('/search'))
        html(response, 302, { location: 'https://ada:correct%20horse@sso/?t=hidden' });
    });
    const jira = stub.tracker({ logger: { debug: write, info: write, warn: write } });
    const errors = await Promise.allSettled([jira.projects(), jira.search({ jql: 'x', startAt: 0, maxResults: 1 })]);
    const everything = inspect([errors, log], { depth: 12, showHidden: true });
    expect(log.length).toBeGreaterThan(0);
    for (const secret of [
      'correct horse',
      'correct%20horse',
      Buffer.from('ada:correct horse').toString('base64'),
      'hidden',
    ]) {
      expect(everything).not.toContain(secret);
    }
  });
});

describe('checking credentials for the sign-in page', () => {
  const check = (baseUrl: string) =>
    verifyCredentials({
      baseUrl,
      credentials: { kind: 'basic', username: 'ada', password: 'x' },
      delay: async () => {},
    });

  it('tells who it is and whether an administrator, by two requests', async () => {
    await using stub = await StubServer.start((request, response) => {
      if (request.url.includes('/mypermissions')) {
        json(response, 200, {
          permissions: { ADMINISTER: { havePermission: true }, BROWSE: { havePermission: false } },
        });
      }
    });
    await expect(check(stub.url)).resolves.toMatchObject({
      user: { name: 'ada', timeZone: 'Europe/Berlin' },
      administrator: true,
    });
    expect(stub.seen).toHaveLength(2);
  });

  it.each([
    ['wrong password', (response) => wrongPassword(response), 'credentials_refused'],
    [
      'CAPTCHA',
      (response) => html(response, 403, { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE' }),
      'captcha',
    ],
    [
      'Basic disabled',
      (response) => json(response, 403, { message: 'Basic Authentication has been disabled on this instance.' }),
      'credentials_refused',
    ],
    ['a web page', (response) => html(response, 200), 'unexpected'],
    ['a redirect', (response) => html(response, 302, { location: 'https://sso.example/' }), 'unexpected'],
    ['another program', (response) => html(response, 404), 'unexpected'],
    ['JSON that is not Jira', (response) => json(response, 200, { hello: 'world' }), 'unexpected'],
    ['a gateway without Jira', (response) => html(response, 502), 'unreachable'],
  ] satisfies Array<[string, (response: Parameters<typeof myself>[0]) => void, string]>)(
    '%s',
    async (_name, answer, code) => {
      await using stub = await StubServer.start((_request, response) => answer(response));
      await expect(check(stub.url)).rejects.toMatchObject({ code });
    },
  );

  it('nobody there is unreachable', async () => {
    await expect(check('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'unreachable', outcome: 'not_performed' });
  });
});
