import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../scripts/lib/free-port.ts';
import { startNodeProcess } from '../scripts/lib/node-process.ts';
import { startSimulator } from '../simulator/index.ts';
import { expect, fillSignIn, test } from './fixtures.ts';
import { looksRight } from './looks.ts';

test('a node without Jira is attached on the set-up page by whoever reads its log, once and without a restart; its proxy user can be changed later', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const dataDir = await mkdtemp(join(tmpdir(), 'set-up-'));
  const jira = await startSimulator({ port: 0, seed: 'company-b', serverTitle: 'Jira to attach' });
  await jira.control.createUser({ name: 'sync', password: 'sync-password', groups: ['jira-administrators'] });
  const logInPage = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Log in</title>'),
  );
  await new Promise<void>((resolve) => logInPage.listen(0, '127.0.0.1', resolve));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const node = await startNodeProcess({ name: 'Node to set up', port, dataDir, settings: { EXALATE_URL: url } });
  const log = (): Promise<string> => readFile(join(dataDir, 'node.log'), 'utf8');
  try {
    await node.ready();
    await page.goto(`${url}/connections`);
    await expect(page).toHaveURL(`${url}/setup`);
    expect(await (await fetch(`${url}/api/health`)).json()).toMatchObject({ status: 'not_set_up', jira: 'not_set_up' });
    const token = /Set-up token, good once: ([A-Z0-9-]+)/.exec(await log())?.[1] ?? '';
    expect(token).toMatch(/^([A-Z0-9]{5}-){4}[A-Z0-9]{5}$/);

    const fill = (label: string, value: string): Promise<void> =>
      page.getByRole('textbox', { name: label }).fill(value);
    const save = page.getByRole('button', { name: 'Check and save' });
    const line = (name: string) =>
      page
        .getByRole('list', { name: 'Checks' })
        .getByRole('listitem')
        .filter({ hasText: new RegExp(`^(Yes|No|Not checked): ${name}`) });
    const nothingSaved = page.getByRole('alert').filter({ hasText: 'Nothing was saved.' });
    await looksRight(page, '/setup');
    await page.getByRole('radio', { name: 'User name and password' }).check();

    await test.step('what is missing is said at its field', async () => {
      await save.click();
      for (const label of ['Set-up token', 'Jira URL', 'User name of the proxy user', 'Password of the proxy user'])
        await expect(page.getByRole('textbox', { name: label })).toHaveAttribute('aria-invalid', 'true');
      await expect(page.getByRole('textbox', { name: 'Set-up token' })).toBeFocused();
    });

    await test.step('without the token of the log nothing is even contacted', async () => {
      await fill('Set-up token', 'AAAAA-BBBBB');
      await fill('Jira URL', jira.url);
      await fill('User name of the proxy user', 'admin');
      await fill('Password of the proxy user', 'admin');
      await jira.control.resetStatistics();
      await save.click();
      const alert = page.getByRole('alert').filter({ hasText: 'This is not the set-up token.' });
      await expect(alert).toContainText('Look for “Set-up token” in the log');
      expect(await jira.control.requests()).toEqual([]);
      await looksRight(page, '/setup with an error at its field');
      await fill('Set-up token', token.toLowerCase().replaceAll('-', ' '));
    });

    await test.step('an address where nothing answers', async () => {
      await fill('Jira URL', `127.0.0.1:${await freePort()}/browse/TEST-1`);
      await save.click();
      await expect(line('Jira answers')).toContainText('the connection was refused');
      await expect(line('Jira answers')).toContainText(
        'Check the address, its port and that no firewall is in between.',
      );
      await expect(line('Credentials')).toContainText('Not checked: ');
      await expect(nothingSaved).toBeVisible();
    });

    await test.step('a log-in page in the place of Jira', async () => {
      await fill('Jira URL', `http://127.0.0.1:${(logInPage.address() as AddressInfo).port}`);
      await save.click();
      await expect(line('Jira answers')).toContainText('Give the base URL of Jira with its context path');
      await expect(line('Jira answers')).toContainText(/^No: /);
      await expect(nothingSaved).toBeVisible();
    });

    await test.step('a wrong password', async () => {
      await fill('Jira URL', jira.url);
      await fill('Password of the proxy user', 'wrong');
      await page.getByRole('button', { name: 'Check only' }).click();
      await expect(line('Credentials')).toContainText(
        'No: CredentialsJira does not accept them.Check name and password',
      );
      await expect(line('Jira answers')).toContainText('Yes: ');
      await expect(line('Version')).toContainText('Not checked: ');
      await looksRight(page, '/setup with its checks');
    });

    await test.step('all of it right is saved, and administrators of that Jira can sign in at once', async () => {
      await fill('Password of the proxy user', 'admin');
      await save.click();
      await expect(page.getByText('This node is attached to your Jira')).toBeVisible();
      await expect(line('Version')).toContainText('Jira to attach, version');
      await expect(line('Create Issues')).toContainText('Yes: ');
      await looksRight(page, '/setup, done');
      await page.getByRole('link', { name: 'Sign in' }).click();
      await fillSignIn(page);
      await expect(page.getByRole('heading', { name: 'Connections', level: 1 })).toBeVisible();
      await page.goto(`${url}/setup`);
      await expect(page).not.toHaveURL(`${url}/setup`);
      // The worker has noticed by itself: it registers the webhook.
      await expect
        .poll(async () => (await jira.control.requests({ path: '/rest/webhooks' })).length)
        .toBeGreaterThan(0);
    });

    await test.step('later another proxy user takes over, in all processes and without a restart', async () => {
      await page.goto(`${url}/settings`);
      const form = page.getByRole('form', { name: 'Change proxy user' });
      await page.getByRole('button', { name: 'Change proxy user' }).click();
      await form.getByRole('radio', { name: 'User name and password' }).check();
      await form.getByRole('textbox', { name: 'User name of the proxy user' }).fill('sync');
      await form.getByRole('textbox', { name: 'Password of the proxy user' }).fill('mistyped');
      await form.getByRole('button', { name: 'Check and save' }).click();
      await expect(form.getByRole('alert')).toContainText('Nothing was saved: the node works as before.');
      await expect(line('Credentials')).toContainText('Jira does not accept them.');
      await looksRight(page, 'another proxy user in General Settings');
      await form.getByRole('textbox', { name: 'Password of the proxy user' }).fill('sync-password');
      await form.getByRole('button', { name: 'Check and save' }).click();
      await expect(page.getByText('The node works with this proxy user now')).toBeVisible();
      await expect
        .poll(async () => {
          await page.reload();
          return page.getByRole('main').textContent();
        })
        .toContain('(sync)');
      const searchers = async (): Promise<string[]> =>
        (await jira.control.requests({ path: '/rest/api/2/search' })).slice(-1).map(({ user }) => user ?? '');
      await expect.poll(searchers, { timeout: 45_000 }).toEqual(['sync']);
      await page.goto(`${url}/audit`);
      await expect(page.getByText('Changed the proxy user of this node').first()).toBeVisible();
    });
    const said = await log();
    for (const secret of ['"password":"admin"', 'sync-password', 'mistyped']) expect(said).not.toContain(secret);
  } finally {
    await node.stop();
    await jira.stop();
    await new Promise((resolve) => logInPage.close(resolve));
    await rm(dataDir, { recursive: true, force: true });
  }
});

test('the first request of a fresh console may be for a page', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'first-page-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const jira = await startSimulator({ port: 0, seed: 'empty' });
  const node = await startNodeProcess({
    name: 'Fresh node',
    port,
    dataDir,
    settings: { EXALATE_URL: url, JIRA_URL: jira.url, JIRA_USERNAME: 'admin', JIRA_PASSWORD: 'admin' },
  });
  try {
    await expect
      .poll(
        () =>
          fetch(`${url}/login`).then(
            ({ status }) => status,
            () => 'not there yet',
          ),
        { timeout: 60_000 },
      )
      .toBe(200);
  } finally {
    await node.stop();
    await jira.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
