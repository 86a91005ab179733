import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../scripts/lib/free-port.ts';
import { startNodeProcess } from '../scripts/lib/node-process.ts';
import type { ServiceProcess } from '../scripts/lib/service-process.ts';
import { startSimulator } from '../simulator/index.ts';
import { acceptInvitation, openConnections } from './connect.ts';
import { expect, fillSignIn, test } from './fixtures.ts';
import type { Page } from './fixtures.ts';
import { looksRight } from './looks.ts';
import { connectionIn, deleteConnection, development, exalate, invite, rowOf, testProject } from './wizard.ts';

const question = (page: Page) => page.getByText('This node has another Exalate URL than before');

test('a node under another Exalate URL syncs nothing until its admin has said whether it was moved or copied', async ({
  browser,
  b,
  signedIn,
}) => {
  test.setTimeout(360_000);
  const dataDir = await mkdtemp(join(tmpdir(), 'moved-'));
  const jira = await startSimulator({ port: 0, seed: 'company-a', serverTitle: 'Jira of a node that moves' });
  const port = await freePort();
  let node: ServiceProcess | null = null;
  const context = await browser.newContext();
  const page = await context.newPage();
  const start = async (url: string): Promise<void> => {
    node = await startNodeProcess({
      name: 'Node that moves',
      port,
      dataDir,
      settings: {
        NODE_NAME: 'Traveller',
        EXALATE_URL: url,
        JIRA_URL: jira.url,
        JIRA_USERNAME: 'admin',
        JIRA_PASSWORD: 'admin',
        ALLOWED_HOSTS: '127.0.0.1,localhost',
        POLL_INTERVAL_SECONDS: '1',
      },
    });
    await node.ready();
  };
  /** The same node and database, at another address; the admin signs in anew. */
  const startAt = async (url: string): Promise<void> => {
    await node?.stop();
    await context.clearCookies();
    await start(url);
    await page.goto(`${url}/connections`);
    await fillSignIn(page);
    await expect(page.getByRole('heading', { name: 'Connections', level: 1 })).toBeVisible();
  };
  const summaryAtPartner = async (key: string): Promise<string> => (await b.issue(key)).summary;
  const edit = async (key: string, summary: string): Promise<void> => {
    const answer = await fetch(`${jira.url}/rest/api/2/issue/${key}`, {
      method: 'PUT',
      headers: {
        authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ fields: { summary } }),
    });
    expect(answer.status).toBe(204);
  };
  try {
    const [before, after] = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
    await startAt(before);
    await expect(question(page)).toHaveCount(0);
    const { id, code } = await invite(page, b.url, testProject);
    const partner = await signedIn(b);
    await acceptInvitation(partner, code, development);
    await expect(partner.getByText('Connection established successfully')).toBeVisible();
    const other = connectionIn(partner);
    const twin = await exalate(page, id, 'TEST-1');

    await test.step('a page that is open while the node restarts stays, and goes on by itself', async () => {
      await page.goto(`${before}/connections`);
      let documents = 0;
      page.on('request', (request) => (documents += request.isNavigationRequest() ? 1 : 0));
      const askedInVain = () => page.waitForEvent('requestfailed', (request) => request.method() === 'HEAD');
      await Promise.all([askedInVain(), node?.stop()]);
      await askedInVain();
      await expect(rowOf(page, id)).toContainText('Active');
      const refreshed = page.waitForResponse((response) => response.request().headers()['rsc'] !== undefined);
      await start(before);
      expect((await refreshed).status()).toBe(200);
      expect(documents).toBe(0);
    });

    await test.step('moved: asked on every page, and once it is said, all goes on and the partner knows', async () => {
      await startAt(after);
      await expect(question(page)).toBeVisible();
      await expect(page.getByText(`Its data was last used at ${before}; now it runs at ${after}.`)).toBeVisible();
      await edit('TEST-1', 'Edited while nobody had said');
      for (const path of ['/dashboard', '/queue', '/settings']) {
        await page.goto(after + path);
        await expect(question(page)).toBeVisible();
      }
      await looksRight(page, 'the question to a moved node');
      expect(await summaryAtPartner(twin)).not.toBe('Edited while nobody had said');
      await page.getByRole('button', { name: 'It was moved here' }).click();
      await expect(page.getByText('The node goes on at its new address')).toBeVisible();
      await expect(question(page)).toHaveCount(0);
      await expect.poll(() => summaryAtPartner(twin), { timeout: 30_000 }).toBe('Edited while nobody had said');
      await partner.goto(`${b.url}/connections/${other}?tab=info`);
      await expect(partner.getByRole('link', { name: after, exact: true })).toBeVisible();
    });

    await test.step('a copy: it becomes a node of its own, whose connections are off', async () => {
      await startAt(before);
      await expect(question(page)).toBeVisible();
      await edit('TEST-1', 'Edited in what is a copy');
      await page.getByRole('button', { name: 'It is a copy of another node' }).click();
      await expect(page.getByText('The copy is a node of its own now')).toBeVisible();
      await expect(question(page)).toHaveCount(0);
      await openConnections(page);
      await expect(rowOf(page, id)).toContainText('Deactivated');
      await page.goto(`${before}/connections/${id}`);
      const copied = page.getByText('This node is a copy of another one; connect again');
      await expect(copied.filter({ visible: true })).toBeVisible();
      await page.goto(`${before}/audit`);
      await expect(page.getByText('Made this node a copy of its own').first()).toBeVisible();
      await expect(page.getByText('Confirmed that this node was moved').first()).toBeVisible();
      expect(await summaryAtPartner(twin)).toBe('Edited while nobody had said');
    });
    await deleteConnection(partner, other);
  } finally {
    await context.close();
    await (node as ServiceProcess | null)?.stop();
    await jira.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
