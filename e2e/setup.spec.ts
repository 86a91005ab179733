import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../scripts/lib/free-port.ts';
import { startNodeProcess } from '../scripts/lib/node-process.ts';
import { startSimulator } from '../simulator/index.ts';
import { expect, test } from './fixtures.ts';

test('a node without Jira is attached on the set-up page by whoever reads its log, once and without a restart', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const dataDir = await mkdtemp(join(tmpdir(), 'set-up-'));
  const jira = await startSimulator({ port: 0, seed: 'company-b', serverTitle: 'Jira to attach' });
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const node = await startNodeProcess({ name: 'Node to set up', port, dataDir, settings: { EXALATE_URL: url } });
  try {
    await node.ready();
    await page.goto(`${url}/connections`);
    await expect(page).toHaveURL(`${url}/setup`);
    const log = await readFile(join(dataDir, 'node.log'), 'utf8');
    const token = /Set-up token, good once: ([A-Z0-9-]+)/.exec(log)?.[1] ?? '';
    expect(token).toMatch(/^([A-Z0-9]{5}-){4}[A-Z0-9]{5}$/);

    const fill = (label: string, value: string): Promise<void> =>
      page.getByRole('textbox', { name: label }).fill(value);
    const check = page.getByRole('button', { name: 'Check only' });
    const save = page.getByRole('button', { name: 'Check and save' });
    const line = (name: string) =>
      page
        .getByRole('list', { name: 'Checks' })
        .getByRole('listitem')
        .filter({ hasText: new RegExp(`^(Yes|No|Not checked): ${name}`) });
    await page.getByRole('radio', { name: 'User name and password' }).check();
    await fill('Set-up token', 'AAAAA-BBBBB');
    await fill('Jira URL', jira.url);
    await fill('User name of the proxy user', 'admin');
    await fill('Password of the proxy user', 'admin');
    await jira.control.resetStatistics();
    await save.click();
    await expect(page.getByRole('alert').filter({ hasText: 'This is not the set-up token.' })).toBeVisible();
    expect(await jira.control.requests()).toEqual([]);

    await fill('Set-up token', token.toLowerCase().replaceAll('-', ' '));
    await fill('Jira URL', `http://127.0.0.1:${await freePort()}`);
    await save.click();
    await expect(line('Jira answers')).toContainText('No: ');
    await expect(line('Jira answers')).toContainText('the connection was refused');
    await expect(page.getByRole('alert').filter({ hasText: 'Nothing was saved.' })).toBeVisible();

    await fill('Jira URL', jira.url);
    await fill('Password of the proxy user', 'wrong');
    await check.click();
    await expect(line('Credentials')).toContainText('No: ');
    await expect(line('Jira answers')).toContainText('Yes: ');

    await fill('Password of the proxy user', 'admin');
    await save.click();
    await expect(page.getByText('This node is attached to your Jira')).toBeVisible();
    await expect(line('Version')).toContainText('Jira to attach, version');
    await expect(line('Create Issues')).toContainText('Yes: ');

    await page.getByRole('link', { name: 'Sign in' }).click();
    await fill('Username', 'admin');
    await fill('Password', 'admin');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { name: 'Connections', level: 1 })).toBeVisible();
    await page.goto(`${url}/setup`);
    await expect(page).not.toHaveURL(`${url}/setup`);
    // The worker has noticed by itself: it registers the webhook.
    await expect.poll(async () => (await jira.control.requests({ path: '/rest/webhooks' })).length).toBeGreaterThan(0);
    expect(await readFile(join(dataDir, 'node.log'), 'utf8')).not.toContain('"password":"admin"');
  } finally {
    await node.stop();
    await jira.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
