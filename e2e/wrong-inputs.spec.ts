import { acceptInvitation, exalateFirstIssue, initiateWithoutUrl, openConnections } from './connect.ts';
import { connectCompanies, newIssue } from './connected.ts';
import { expect, fillSignIn, test } from './fixtures.ts';
import type { Company, Page } from './fixtures.ts';

test.describe('signing in', () => {
  test('with a wrong password, or as somebody who is no administrator, is refused with its own text', async ({
    a,
    page,
  }) => {
    await page.goto(`${a.url}/connections`);
    await expect(page).toHaveURL(/\/login/);
    await fillSignIn(page, 'zofia', 'wrong');
    await expect(page.getByRole('alert').filter({ hasText: /password/i })).toBeVisible();
    await fillSignIn(page, 'jonas', 'jonas');
    await expect(page.getByRole('alert').filter({ hasText: /administrator/i })).toBeVisible();
  });

  test('keeps the address that was asked for', async ({ a, page }) => {
    await page.goto(`${a.url}/errors`);
    await fillSignIn(page);
    await expect(page.getByRole('heading', { name: 'Errors', level: 1 })).toBeVisible();
  });
});

test.describe('an invitation code', () => {
  test('that is truncated, altered or used gets its own text', async ({ a, b, signedIn }) => {
    const adminA = await signedIn(a);
    const adminB = await signedIn(b);
    const code = await initiateWithoutUrl(adminA, { typed: 'TEST', option: 'Test (TEST)' });
    const paste = async (text: string): Promise<string> => {
      await adminB.goto(`${b.url}/connections/accept`);
      const dialog = adminB.getByRole('dialog', { name: 'Accept invitation' });
      await dialog.getByRole('textbox', { name: 'Enter the invitation code' }).fill(text);
      await dialog.getByRole('button', { name: 'Next' }).click();
      return (await dialog.getByRole('alert').first().textContent()) ?? '';
    };
    const truncated = await paste(code.slice(0, -40));
    const altered = await paste(`${code.slice(0, 100)}${code[100] === 'A' ? 'B' : 'A'}${code.slice(101)}`);
    const nonsense = await paste('hello');
    await acceptInvitation(adminB, code, { typed: 'DEV', option: 'Development (DEV)' });
    await expect(adminB.getByText('Connection established successfully')).toBeVisible();
    const used = await paste(code);
    expect(new Set([truncated, altered, nonsense, used]).size).toBeGreaterThanOrEqual(3);
    expect(used).toMatch(/used|accepted/i);
  });
});

test('an id that cannot be right leads to a page that says so, wherever it stands', async ({ a, signedIn }) => {
  const page = await signedIn(a);
  for (const id of [
    'nonsense',
    'ffffffff-ffff-ffff-ffff-fffffffffff0',
    "'; DROP TABLE twin; --",
    '%F0%9F%98%80',
    'a\0b',
  ])
    for (const path of [
      `/connections/${encodeURIComponent(id)}`,
      `/connections/${encodeURIComponent(id)}?tab=info`,
      ...['connection', 'twin', 'cursor', 'key'].map((name) => `/status?${name}=${encodeURIComponent(id)}`),
      `/errors?error=${encodeURIComponent(id)}`,
      `/queue?connection=${encodeURIComponent(id)}&item=${encodeURIComponent(id)}`,
      `/clean-up?connection=${encodeURIComponent(id)}`,
      `/bulk-connect?run=${encodeURIComponent(id)}`,
      `/triggers?run=${encodeURIComponent(id)}`,
      `/audit?cursor=${encodeURIComponent(id)}`,
    ]) {
      await page.goto(a.url + path);
      await expect(page.getByRole('heading', { level: 1 }), path).toBeVisible();
      const shown = await page.getByRole('main').textContent();
      expect(shown, path).not.toMatch(/uuid|unexpected happened|could not be shown|couldn.t load|expected string/i);
      if (path.startsWith('/connections/')) expect(shown, path).toMatch(/not found|does not exist|no such/i);
    }
  await test.step('a path that is no UTF-8, and a file with NUL in its filter', async () => {
    expect((await page.goto(`${a.url}/connections/%ff`))?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: 'This page does not exist' })).toBeVisible();
    const file = await page.request.get(`${a.url}/api/csv/twins?key=a%00b`);
    expect(file.status()).toBe(400);
    expect(await file.text()).toContain('NUL');
  });
});

test.describe('an issue key', () => {
  test.beforeEach(({ a, b, signedIn }) => haveConnection(a, b, signedIn));

  test('that is malformed or unknown gets a clear text and leaves nothing behind', async ({ a, signedIn }) => {
    const admin = await signedIn(a);
    await admin.goto(`${a.url}/connections`);
    await admin
      .getByRole('button', { name: /^Actions for / })
      .first()
      .click();
    await admin.getByRole('menuitem', { name: 'Exalate' }).click();
    for (const [key, text] of [
      ['not a key', 'is not an issue key'],
      ['TEST-99999', 'was not found'],
    ] as const) {
      await admin.getByRole('textbox', { name: 'Issue key' }).fill(key);
      await admin.getByRole('button', { name: 'Exalate', exact: true }).click();
      await expect(admin.getByRole('alert').filter({ hasText: text })).toBeVisible();
    }
    await admin.goto(`${a.url}/status?key=TEST-99999`);
    await expect(admin.getByRole('rowheader', { name: 'TEST-99999' })).toHaveCount(0);
  });
});

test.describe('POST /api/sync', () => {
  test('without token is refused, and with it answers with counts', async ({ a, request }) => {
    expect((await request.post(`${a.url}/api/sync`)).status()).toBe(401);
    expect((await request.post(`${a.url}/api/sync`, { headers: { authorization: 'Bearer wrong' } })).status()).toBe(
      401,
    );
    const answer = await request.post(`${a.url}/api/sync`, { headers: { authorization: `Bearer ${a.syncToken}` } });
    expect(answer.status()).toBe(200);
    expect(await answer.json()).toMatchObject({ lanes: { done: expect.any(Number) as unknown } });
  });

  test.describe('with a connection', () => {
    test.beforeEach(({ a, b, signedIn }) => haveConnection(a, b, signedIn));

    test('called ten times at once makes no duplicate', async ({ a, b, signedIn, request }) => {
      const key = await newIssue(a, 'TEST', { summary: 'Asked for by ten' });
      const admin = await signedIn(a);
      await admin.goto(`${a.url}/connections`);
      const calls = Array.from({ length: 10 }, () =>
        request.post(`${a.url}/api/sync`, { headers: { authorization: `Bearer ${a.syncToken}` } }),
      );
      await exalateFirstIssue(admin, key);
      for (const answer of await Promise.all(calls)) expect(answer.status()).toBe(200);
      const twins = (await b.jira.control.dump()).filter(({ summary }) => summary === 'Asked for by ten');
      expect(twins).toHaveLength(1);
    });
  });
});

/** Journeys do not rely on each other: whoever needs a connection makes sure that there is one. */
async function haveConnection(a: Company, b: Company, signedIn: (company: Company) => Promise<Page>): Promise<void> {
  const adminA = await signedIn(a);
  await openConnections(adminA);
  if ((await adminA.getByRole('row').filter({ hasText: 'Active' }).count()) > 0) return;
  await connectCompanies(adminA, await signedIn(b));
}
