/**
 * Renders the pictures of the documentation into `docs/images`: starts the two companies of the demo with data of their own,
 * and goes the way that an admin would. `npm run screenshots`; the ports of the demo have to be free.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { startSimulator } from '../simulator/index.ts';
import { findChromium } from './find-chromium.ts';
import { endOnFailure } from './lib/end-on-failure.ts';
import { startNodeProcess } from './lib/node-process.ts';
import { projectRoot } from './lib/owned-process.ts';

const folder = join(projectRoot, 'docs', 'images');

interface Company {
  url: string;
  jiraUrl: string;
  stop: () => Promise<void>;
}

await endOnFailure(async () => {
  const data = await mkdtemp(join(tmpdir(), 'screenshots-'));
  const companies: Company[] = [];
  let browser: Browser | null = null;
  try {
    for (const [name, slug, jiraPort, port] of [
      ['Company A', 'company-a', 8081, 3001],
      ['Company B', 'company-b', 8082, 3002],
    ] as const)
      companies.push(await startCompany({ name, slug, jiraPort, port, dataDir: join(data, slug) }));
    browser = await chromium.launch({
      executablePath: await findChromium(),
      args: userInfo().uid === 0 ? ['--no-sandbox'] : [],
    });
    const [a, b] = companies;
    if (a && b) await takeAll(browser, a, b);
  } finally {
    await browser?.close();
    for (const { stop } of companies) await stop();
    await rm(data, { recursive: true, force: true });
  }
});

async function startCompany(company: {
  name: string;
  slug: 'company-a' | 'company-b';
  jiraPort: number;
  port: number;
  dataDir: string;
}): Promise<Company> {
  const { name, slug, jiraPort, port, dataDir } = company;
  const jira = await startSimulator({ port: jiraPort, seed: slug, serverTitle: `Jira of ${name}` });
  const url = `http://localhost:${port}`;
  const jiraUrl = `http://localhost:${jiraPort}`;
  const node = await startNodeProcess({
    name,
    port,
    dataDir,
    settings: {
      NODE_NAME: name,
      EXALATE_URL: url,
      JIRA_URL: jiraUrl,
      JIRA_USERNAME: 'admin',
      JIRA_PASSWORD: 'admin',
      ALLOWED_HOSTS: '127.0.0.1,localhost',
      POLL_INTERVAL_SECONDS: '2',
    },
  });
  await node.ready();
  return { url, jiraUrl, stop: () => node.stop().then(() => jira.stop()) };
}

async function takeAll(browser: Browser, a: Company, b: Company): Promise<void> {
  const options = { viewport: { width: 1280, height: 800 }, locale: 'en-GB', reducedMotion: 'reduce' } as const;
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(`${a.url}/connections`);
  await page.getByRole('textbox', { name: 'Username' }).waitFor();
  await take(page, 'sign-in');
  await signIn(page);
  const code = await initiate(page, a, b);

  const partner = await (await browser.newContext(options)).newPage();
  await partner.goto(`${b.url}/connections/accept`);
  await signIn(partner);
  await accept(partner, b, code);

  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('row').filter({ hasText: 'Active' }).first().waitFor();
  const id = await syncIssues(page, ['TEST-1', 'TEST-2', 'TEST-3', 'TEST-4']);
  await edit(a, 'TEST-1', 'Invoice PDF shows the wrong VAT rate for orders from Switzerland and Norway');
  await invite(page, a);

  await page.goto(`${a.url}/connections`);
  await page.getByRole('row').filter({ hasText: 'Pending' }).first().waitFor();
  await take(page, 'connections');
  await page.goto(`${a.url}/connections/${id}?tab=info`);
  await page.getByRole('button', { name: 'Rotate key' }).waitFor();
  await take(page, 'connection-info', 960);
  await page.goto(`${a.url}/status?key=TEST-1`);
  await page.getByRole('link', { name: 'Details of TEST-1' }).click();
  await page.getByRole('heading', { name: 'Timeline of TEST-1' }).waitFor();
  await take(page, 'entity-sync-status', 960);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${a.url}/dashboard`);
  await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor();
  await take(page, 'dashboard-dark');
  await page.emulateMedia({ colorScheme: 'light' });

  // What an admin sees when the other company's node is down.
  await b.stop();
  b.stop = () => Promise.resolve();
  await edit(a, 'TEST-1', 'Invoice PDF shows the wrong VAT rate for orders from outside the EU');
  await page.goto(`${a.url}/errors`);
  const error = page.getByText('The partner node cannot be reached.').first();
  await error.waitFor({ timeout: 60_000 });
  await page.reload();
  await error.click();
  await page.getByText('Ask the partner whether its node runs.').first().waitFor();
  await take(page, 'errors');
}

async function signIn(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Username' }).fill('admin');
  await page.getByRole('textbox', { name: 'Password' }).fill('admin');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page
    .getByRole('heading', { name: 'Connections', level: 1, includeHidden: true })
    .waitFor({ state: 'attached' });
}

/** Through the wizard to the invitation code. */
async function initiate(page: Page, a: Company, b: Company): Promise<string> {
  await page.goto(`${a.url}/connections/new`);
  const dialog = page.getByRole('dialog', { name: 'Initiate connection' });
  const next = dialog.getByRole('button', { name: 'Next' });
  await dialog.getByRole('textbox', { name: 'Destination instance URL' }).fill(b.url);
  await take(page, 'initiate-destination');
  await next.click();
  await dialog.getByRole('radio', { name: 'Basic' }).check();
  await take(page, 'initiate-mode');
  await next.click();
  await choose(page, 'Test (TEST)');
  await take(page, 'initiate-project');
  await next.click();
  await dialog.getByRole('radio', { name: "No, I don't have admin access" }).check();
  await take(page, 'initiate-access');
  await dialog.getByRole('button', { name: 'Initiate' }).click();
  const code = dialog.getByRole('textbox', { name: 'Invitation code' });
  await code.waitFor();
  await take(page, 'initiate-invitation');
  return code.inputValue();
}

async function accept(page: Page, b: Company, code: string): Promise<void> {
  await page.goto(`${b.url}/connections/accept`);
  const dialog = page.getByRole('dialog', { name: 'Accept invitation' });
  await dialog.getByRole('textbox', { name: 'Enter the invitation code' }).fill(code);
  await take(page, 'accept-code');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await choose(page, 'Support (SUP)');
  await take(page, 'accept-project');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('Connection established successfully').waitFor();
}

/** Exalates one after the other from the page of the connection, whose id it gives. */
async function syncIssues(page: Page, keys: readonly string[]): Promise<string> {
  await page
    .getByRole('button', { name: /^Actions for / })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Exalate' }).click();
  const field = page.getByRole('textbox', { name: 'Issue key' });
  await field.waitFor();
  const address = new URL(page.url());
  for (const [n, key] of keys.entries()) {
    if (n > 0) await page.goto(`${address.origin}${address.pathname}?tab=first-issue`);
    await field.fill(key);
    await page.getByRole('button', { name: 'Exalate', exact: true }).click();
    await page
      .getByRole('region', { name: 'Sync status' })
      .getByRole('status')
      .filter({ hasText: 'Synchronized' })
      .waitFor({ timeout: 60_000 });
    if (n === 0) await take(page, 'first-issue', 820);
  }
  return address.pathname.split('/').at(-1) ?? '';
}

/** A second connection, which waits for its invitation to be accepted. */
async function invite(page: Page, a: Company): Promise<void> {
  await page.goto(`${a.url}/connections/new`);
  const dialog = page.getByRole('dialog', { name: 'Initiate connection' });
  const next = dialog.getByRole('button', { name: 'Next' });
  await dialog.getByRole('checkbox', { name: "I don't have a URL" }).check();
  await next.click();
  await dialog.getByRole('radio', { name: 'Basic' }).check();
  await next.click();
  await choose(page, 'Service Desk (SD)');
  await dialog.getByRole('button', { name: /Next|Initiate/ }).click();
  await dialog.getByRole('textbox', { name: 'Invitation code' }).waitFor();
}

async function edit(company: Company, key: string, summary: string): Promise<void> {
  const answer = await fetch(`${company.jiraUrl}/rest/api/2/issue/${key}`, {
    method: 'PUT',
    headers: {
      authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ fields: { summary } }),
  });
  if (!answer.ok) throw new Error(`${key} could not be edited: status ${answer.status}.`);
}

async function choose(page: Page, project: string): Promise<void> {
  const field = page.getByRole('combobox', { name: 'Select Project' });
  await field.click();
  await field.fill(project);
  await page.getByRole('option', { name: project }).click();
  await page.getByRole('listbox').waitFor({ state: 'hidden' });
}

async function take(page: Page, name: string, height = 800): Promise<void> {
  await page.setViewportSize({ width: 1280, height });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  await page.setViewportSize({ width: 1280, height: 800 });
  console.log(`docs/images/${name}.png`);
}
