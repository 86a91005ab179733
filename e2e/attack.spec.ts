import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { builtActions, builtPages, builtRoutes, publicActions, routeAccess } from './attack-surface.ts';
import { attacker, callAction, callersOf, cookieOf } from './attackers.ts';
import { whatAdminsChange } from './database.ts';
import { expect, test } from './fixtures.ts';
import { deleteConnection, invite, testProject } from './wizard.ts';

const reads = new Set(['GET', 'HEAD']);
const methods = [...reads, 'POST', 'PUT', 'PATCH', 'DELETE'];

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
          body: reads.has(method) ? null : JSON.stringify({ url: 'http://127.0.0.1:1', code: 'x', secret: 'x' }),
          redirect: 'manual',
          signal: AbortSignal.timeout(10_000),
        });
        await answer.body?.cancel();
        if (access === 'admin' && reads.has(method) && mayRead === true) continue;
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
