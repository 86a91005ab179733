import { randomUUID } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { encode } from 'next-auth/jwt';
import { projectRoot } from '../scripts/lib/owned-process.ts';
import { createSecretBox } from '../src/kernel/secret-box.ts';
import { cookieNames } from '../src/server/cookies.ts';
import { builtActions, builtPages, builtRoutes, publicActions, routeAccess } from './attack-surface.ts';
import type { Action } from './attack-surface.ts';
import { acceptInvitation } from './connect.ts';
import { everyRow, whatAdminsChange, withDatabase } from './database.ts';
import { expect, test } from './fixtures.ts';
import type { Company, Page } from './fixtures.ts';
import { connectionIn, deleteConnection, development, exalate, initiateDialog, invite, testProject } from './wizard.ts';

/** Not to count against the addresses of other journeys. */
const attacker = { 'x-forwarded-for': '198.51.100.9' };
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

interface Caller {
  who: string;
  headers: Record<string, string>;
  /** A read with a real session but without Origin: browsers send none with their own reads. */
  mayRead?: true;
}

test('the list of ways in is complete: a new route has to say who may use it', async () => {
  expect((await builtRoutes()).map(({ path }) => path).toSorted()).toEqual(Object.keys(routeAccess).toSorted());
});

test('no page shows anything without a session', async ({ a }) => {
  for (const { path, url } of await builtPages()) {
    if (path === '/login' || path === '/setup' || path === '/') continue;
    const answer = await fetch(a.url + url, { redirect: 'manual', headers: attacker });
    const text = await answer.text();
    expect(`${path} ${answer.status} ${answer.headers.get('location') ?? text}`).toMatch(/\/login/);
    expect(text).not.toContain(a.jira.url);
  }
});

test('no route does anything for those who may not', async ({ a, signedIn }) => {
  const callers = await callersOf(a, await signedIn(a));
  const before = await whatAdminsChange(a);
  for (const { path, url } of await builtRoutes()) {
    const access = routeAccess[path]?.access;
    if (access === 'public') continue;
    for (const { who, headers, mayRead } of callers)
      for (const method of methods) {
        const what = `${method} ${path} by ${who}`;
        const answer = await fetch(a.url + url, {
          method,
          headers: { ...attacker, ...headers, 'content-type': 'application/json' },
          body: method === 'GET' ? null : JSON.stringify({ url: 'http://127.0.0.1:1', code: 'x', secret: 'x' }),
          redirect: 'manual',
          signal: AbortSignal.timeout(10_000),
        });
        await answer.body?.cancel();
        if (access === 'admin' && method === 'GET' && mayRead === true) continue;
        expect.soft([400, 401, 403, 404, 405], `${what}: ${answer.status}`).toContain(answer.status);
        // What a secret or a signature opens is refused for lack of that, whoever asks.
        if (access !== 'secret') expect.soft(answer.status, what).not.toBe(400);
      }
  }
  expect(await whatAdminsChange(a)).toBe(before);
});

test('no server action does anything for those who may not', async ({ a, b, signedIn }) => {
  const page = await signedIn(a);
  const { id } = await invite(page, b.url, testProject);
  const before = await whatAdminsChange(a);
  const actions = await builtActions();
  expect(actions.length).toBeGreaterThan(10);
  const cookie = await cookieOf(page);

  for (const action of actions) {
    if (action.name in publicActions) continue;
    for (const { who, headers } of await callersOf(a, page)) {
      const { status, text } = await callAction(a, action, id, headers);
      expect.soft(text, `${action.name} by ${who}: ${status}`).not.toContain('"ok":true');
      expect
        .soft(status >= 400 || text.includes('"ok":false') || text === '', `${action.name} by ${who}: ${status}`)
        .toBe(true);
    }
  }
  expect(await whatAdminsChange(a)).toBe(before);

  // The same call from the console's own page works: what was refused above was refused for the caller.
  const rename = actions.find(({ name }) => name === 'renameAction');
  const done = rename && (await callAction(a, rename, id, { cookie, origin: a.url }));
  expect(done?.text).toContain('"ok":true');
  expect(await whatAdminsChange(a)).not.toBe(before);
  await deleteConnection(page, id);
});

test('bodies that are too large are refused where anybody may send them', async ({ a }) => {
  const large = Buffer.alloc(20 * 1024 * 1024, 'x');
  for (const path of [
    '/api/node/v1/invitations/peek',
    '/api/node/v1/invitations/accept',
    '/api/node/v1/messages',
    '/api/node/v1/questions',
    '/api/auth/callback/jira',
    '/login',
  ]) {
    const answer = await fetch(a.url + path, {
      method: 'POST',
      body: large,
      headers: { ...attacker, 'content-type': 'application/json', 'next-action': '0'.repeat(42) },
      redirect: 'manual',
    }).catch(() => null);
    // Broken off while it was sent is as good.
    if (path.startsWith('/api/auth') && answer !== null) expect.soft(answer.status, path).toBe(413);
    if (answer !== null)
      expect.soft([400, 401, 404, 405, 409, 413, 500], `${path}: ${answer.status}`).toContain(answer.status);
  }
  expect((await fetch(`${a.url}/api/health`)).status).toBe(200);
});

test('guessing passwords never brings an account to its CAPTCHA', async ({ a }) => {
  const actions = await builtActions();
  const signIn = actions.find(({ name }) => name === 'signInAction');
  expect(signIn).toBeDefined();
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const form = new FormData();
    form.set('_1_kind', 'basic');
    form.set('_1_username', attempt % 2 === 0 ? 'mei' : 'MEI');
    form.set('_1_password', `guess-${attempt}`);
    form.set('0', '[{"problem":null,"username":""},"$K1"]');
    const answer = await fetch(`${a.url}/login`, {
      method: 'POST',
      headers: { 'next-action': signIn?.id ?? '', origin: a.url, 'x-forwarded-for': `203.0.113.${attempt}` },
      body: form,
    });
    expect(await answer.text()).toMatch(/password is wrong|Too many failed/);
  }
  const asked = await a.jira.control.requests({ last: 500 });
  expect(asked.filter(({ status, user }) => status === 401 && user === 'mei').length).toBeLessThanOrEqual(2);
  const myself = await fetch(`${a.jira.url}/rest/api/2/myself`, {
    headers: { authorization: `Basic ${Buffer.from('mei:mei').toString('base64')}` },
  });
  expect(myself.status).toBe(200);
});

test('who makes up another X-Forwarded-For each time is slowed down like one client', async ({ a }) => {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  test.skip(own === undefined, 'This machine has no address but its loopback, where a reverse proxy may be.');
  const { port, host: hostHeader } = new URL(a.url);
  /** As from another machine: the connection does not come from this machine's loopback. */
  const post = async (path: string, headers: Record<string, string>, body: Uint8Array) => {
    const { status, text } = await new Promise<{ status: number; text: Promise<string> }>((resolve, reject) => {
      const asked = request({ host: own, port, path, method: 'POST', headers: { ...headers, host: hostHeader } });
      asked.on('response', (answer) => resolve({ status: answer.statusCode ?? 0, text: textOf(answer) }));
      asked.on('error', reject).end(body);
    });
    return { status, text: await text };
  };
  const madeUp = (n: number): Record<string, string> => ({
    'x-forwarded-for': `203.0.113.${n}`,
    'x-exalate-peer': '::1',
  });

  await test.step('when it guesses invitations', async () => {
    const statuses = new Set<number>();
    const body = Buffer.from(JSON.stringify({ secret: 'A'.repeat(43) }));
    const headers = { 'content-type': 'application/json' };
    for (let n = 0; n < 40; n += 1)
      statuses.add((await post('/api/node/v1/invitations/peek', { ...headers, ...madeUp(n) }, body)).status);
    expect([...statuses]).toContain(429);
  });

  await test.step('when it tries one account after the other', async () => {
    const signIn = (await builtActions()).find(({ name }) => name === 'signInAction');
    const answers: string[] = [];
    try {
      for (let n = 0; n < 6; n += 1) {
        const form = new FormData();
        form.set('_1_kind', 'basic');
        form.set('_1_username', `account-${randomUUID()}`);
        form.set('_1_password', 'guess');
        form.set('0', '[{"problem":null,"username":""},"$K1"]');
        const sent = new Response(form);
        const headers = {
          'content-type': sent.headers.get('content-type') ?? '',
          'next-action': signIn?.id ?? '',
          origin: a.url,
          ...madeUp(n),
        };
        answers.push((await post('/login', headers, new Uint8Array(await sent.arrayBuffer()))).text);
      }
      expect(answers[0]).toContain('password is wrong');
      expect(answers.at(-1)).toContain('Too many failed sign-ins');
    } finally {
      await withDatabase(a, (client) => client.query(`DELETE FROM sign_in_throttle WHERE key LIKE 'address:${own}'`));
    }
  });
});

test('the name of a hostile partner is text and nothing else', async ({ a, signedIn }) => {
  const name = `<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">\u0000\u202eevil`;
  const partner = createServer((_request, response) => {
    const info = {
      name,
      callbackUrl: `http://127.0.0.1:${(partner.address() as AddressInfo).port}`,
      issueTrackerUrl: 'http://127.0.0.1/"onmouseover="alert(1)',
      nodeType: 'JIRA_SERVER',
      issueTrackerVersion: '<b>9</b>',
      nodeVersion: '0.1.0',
      protocol: { min: 1, max: 1 },
      modes: ['BASIC', '<script>'],
      instanceUid: randomUUID(),
      pollOnly: false,
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(info));
  });
  await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
  try {
    const page = await signedIn(a);
    const { id } = await invite(page, `http://127.0.0.1:${(partner.address() as AddressInfo).port}`, testProject);
    for (const path of ['/connections', `/connections/${id}`, `/connections/${id}?tab=info`, '/dashboard']) {
      await page.goto(a.url + path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect(await page.evaluate(() => 'hacked' in window), path).toBe(false);
    }
    await page.goto(`${a.url}/connections`);
    await expect(page.getByText('<script>window.hacked = 1</script>').first()).toBeVisible();
    await deleteConnection(page, id);
  } finally {
    partner.closeAllConnections();
    await new Promise((resolve) => partner.close(resolve));
  }
});

test('after a whole journey no secret is in logs, database, events, pages or what browsers load', async ({
  a,
  b,
  signedIn,
}) => {
  const page = await signedIn(a);
  const partner = await signedIn(b);
  const events = await listenToEvents(a, page);
  const { id, code } = await invite(page, b.url, testProject);
  await initiateDialog(page).getByRole('button', { name: 'Done' }).click();
  await acceptInvitation(partner, code, development);
  await expect(partner.getByText('Connection established successfully')).toBeVisible();
  const other = connectionIn(partner);
  const planted = `planted-in-sign-in-${randomUUID()}`;
  await failToSignIn(a, planted);
  await exalate(page, id, 'TEST-2');

  const channelKey = await withDatabase(a, async (client) => {
    const { rows } = await client.query<{ channelKey: string }>('SELECT "channelKey" FROM connection WHERE id = $1', [
      id,
    ]);
    return createSecretBox(a.secrets.encryptionKey).open(rows[0]?.channelKey ?? '', `connection/channelKey/${id}`);
  });
  const { invitationSecret } = JSON.parse(Buffer.from(code, 'base64').toString('utf8')) as { invitationSecret: string };
  const secrets: Record<string, string> = {
    'password of the proxy user': a.secrets.jiraPassword,
    'its Authorization header': Buffer.from(`exalate:${a.secrets.jiraPassword}`).toString('base64'),
    'encryption key': a.secrets.encryptionKey,
    'session secret': a.secrets.nextauthSecret,
    SYNC_TOKEN: a.secrets.syncToken,
    'channel key': channelKey,
    'invitation secret': invitationSecret,
    'invitation code': code.slice(0, 80),
    'password typed at sign-in': planted,
    'session cookie': (await cookieOf(page)).split('=')[1] ?? '',
  };
  for (const [name, value] of Object.entries(secrets)) expect(value.length, name).toBeGreaterThan(20);

  const places: Record<string, string> = {
    'log of A': await readFile(join(a.dataDir, 'node.log'), 'utf8'),
    'log of B': await readFile(join(b.dataDir, 'node.log'), 'utf8'),
    'database of A': await everyRow(a),
    'database of B': await everyRow(b),
    'server-sent events': events.stop(),
    'what browsers load': await staticFiles(),
  };
  for (const { path } of await builtPages()) {
    const url = path.replace('[id]', id);
    places[`page ${path}`] = await (await page.request.get(a.url + url)).text();
  }
  expect(places['server-sent events']).toContain('event: change');
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(0);
    for (const [name, value] of Object.entries(secrets))
      expect.soft(text.includes(value), `the ${name} in: ${place}`).toBe(false);
  }
  await deleteConnection(page, id);
  await deleteConnection(partner, other);
});

/** Everybody who is not an administrator on a page of this console. */
async function callersOf(company: Company, page: Page): Promise<Caller[]> {
  const cookie = await cookieOf(page);
  const own = { origin: company.url };
  const name = cookieNames(company.url).session;
  const claims = {
    administrator: true,
    name: 'jonas',
    displayName: 'Jonas',
    node: company.url,
    signedInMs: Date.now(),
  };
  const forged = async (changes: object, secret = company.secrets.nextauthSecret): Promise<Record<string, string>> => ({
    ...own,
    cookie: `${name}=${await encode({ token: { sub: 'jonas', ...claims, ...changes }, secret, maxAge: 3600 })}`,
  });
  return [
    { who: 'nobody', headers: own },
    { who: 'a session of somebody who is no administrator', headers: await forged({ administrator: false }) },
    { who: 'a session of another node', headers: await forged({ node: 'http://other.example' }) },
    { who: 'a session older than 8 hours', headers: await forged({ signedInMs: Date.now() - 9 * 3_600_000 }) },
    { who: 'a session signed with another secret', headers: await forged({}, 'y'.repeat(40)) },
    { who: 'another site', headers: { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } },
    { who: 'a sandboxed frame', headers: { cookie, origin: 'null' } },
    { who: 'no Origin', headers: { cookie }, mayRead: true },
  ];
}

async function cookieOf(page: Page): Promise<string> {
  const host = new URL(page.url());
  const name = cookieNames(host.origin).session;
  const found = (await page.context().cookies(host.origin)).find((cookie) => cookie.name === name);
  return `${name}=${found?.value ?? ''}`;
}

/** Calls an action as React does, with arguments that fit most of them. */
async function callAction(
  company: Company,
  action: Action,
  id: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
  const input = {
    id,
    connectionId: id,
    twinId: id,
    ids: [id],
    draftId: randomUUID(),
    active: false,
    name: `Taken over ${randomUUID()}`,
    description: '',
    issueKey: 'TEST-1',
    projectId: '10000',
    destinationUrl: null,
    mode: 'BASIC',
    code: 'x',
  };
  const answer = await fetch(company.url + action.url, {
    method: 'POST',
    headers: { ...attacker, ...headers, 'next-action': action.id, 'content-type': 'text/plain;charset=UTF-8' },
    body: JSON.stringify([input]),
    redirect: 'manual',
  });
  return { status: answer.status, text: await answer.text() };
}

async function failToSignIn(company: Company, password: string): Promise<void> {
  const signIn = (await builtActions()).find(({ name }) => name === 'signInAction');
  const form = new FormData();
  form.set('_1_kind', 'basic');
  form.set('_1_username', 'nobody-of-this-name');
  form.set('_1_password', password);
  form.set('0', '[{"problem":null,"username":""},"$K1"]');
  const answer = await fetch(`${company.url}/login`, {
    method: 'POST',
    headers: { 'next-action': signIn?.id ?? '', origin: company.url, 'x-forwarded-for': '203.0.113.200' },
    body: form,
  });
  expect(await answer.text()).toContain('password is wrong');
}

async function listenToEvents(company: Company, page: Page): Promise<{ stop(): string }> {
  const abort = new AbortController();
  const answer = await fetch(`${company.url}/api/events`, {
    headers: { cookie: await cookieOf(page), 'sec-fetch-site': 'same-origin' },
    signal: abort.signal,
  });
  let text = '';
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) text += decoder.decode(chunk, { stream: true });
  };
  read().catch(() => undefined);
  return {
    stop() {
      abort.abort();
      return text;
    },
  };
}

async function staticFiles(): Promise<string> {
  const folder = join(projectRoot, '.next', 'static');
  const texts: string[] = [];
  for await (const entry of glob('**/*', { cwd: folder, withFileTypes: true }))
    if (entry.isFile()) texts.push(await readFile(join(entry.parentPath, entry.name), 'utf8'));
  const text = texts.join('\n');
  // Neither server code nor its settings have got into what browsers load.
  for (const word of ['ENCRYPTION_KEY', 'NEXTAUTH_SECRET', 'createCipheriv', 'postgresql://', 'channelKey'])
    expect.soft(text.includes(word), word).toBe(false);
  return text;
}
