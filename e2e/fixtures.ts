/** Two companies for the browser tests: a simulated Jira and a real node each, started once and shared by all journeys. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { startSmtpServer } from '../tests/support/smtp-server.ts';
import type { SmtpServer } from '../tests/support/smtp-server.ts';
import { startSimulator } from '../simulator/index.ts';
import type { Simulator } from '../simulator/index.ts';
import type { IssueDump } from '../simulator/control/api.ts';
import { freePort } from '../scripts/lib/free-port.ts';
import { startNodeProcess } from '../scripts/lib/node-process.ts';
import type { ServiceProcess } from '../scripts/lib/service-process.ts';

export interface Company {
  name: string;
  /** Console. */
  url: string;
  jira: Simulator;
  /** The node's mail server; nobody gets mail until a journey enters recipients. */
  mail: SmtpServer;
  node: ServiceProcess;
  syncToken: string;
  /** Database, keys and log of the node. */
  dataDir: string;
  /** What must never be found where it does not belong. */
  secrets: { jiraPassword: string; encryptionKey: string; nextauthSecret: string; syncToken: string };
  /** REST as a person who is not the proxy user. */
  rest(method: string, path: string, body?: unknown): Promise<unknown>;
  issue(key: string): Promise<IssueDump>;
}

interface WorkerFixtures {
  a: Company;
  b: Company;
}

interface TestFixtures {
  /** A new browser signed in to this company's console. */
  signedIn(company: Company): Promise<Page>;
}

/** Signed-in sessions by console: signing in once is enough, the journeys of sign-in itself do it anew. */
const sessions = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>();

export const test = base.extend<TestFixtures, WorkerFixtures>({
  a: [async ({}, use) => withCompany('Company A', 'company-a', use), { scope: 'worker', timeout: 180_000 }],
  b: [async ({}, use) => withCompany('Company B', 'company-b', use), { scope: 'worker', timeout: 180_000 }],
  async signedIn({ browser, contextOptions }, use) {
    const contexts: BrowserContext[] = [];
    await use(async (company) => {
      const context = await newContext(browser, { ...contextOptions, storageState: sessions.get(company.url) });
      contexts.push(context);
      const page = await context.newPage();
      if (sessions.has(company.url)) await page.goto(`${company.url}/connections`);
      else await signIn(page, company);
      sessions.set(company.url, await context.storageState());
      return page;
    });
    for (const context of contexts) await context.close();
  },
});

export { expect } from '@playwright/test';
export type { Page } from '@playwright/test';

export async function signIn(page: Page, company: Company, path = '/connections'): Promise<void> {
  await page.goto(`${company.url}${path}`);
  await fillSignIn(page);
  await page.waitForURL(`${company.url}${path}`);
}

/** On the sign-in page, wherever it leads to. */
export async function fillSignIn(page: Page, username = 'admin', password = 'admin'): Promise<void> {
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function newContext(browser: Browser, options: object): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  return context;
}

async function withCompany(name: string, seed: string, use: (company: Company) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), `${seed}-`));
  const jira = await startSimulator({ port: 0, seed, serverTitle: `Jira of ${name}` });
  const mail = await startSmtpServer();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const secrets = {
    jiraPassword: `jira-password-${randomBytes(12).toString('hex')}`,
    encryptionKey: randomBytes(32).toString('base64'),
    nextauthSecret: randomBytes(32).toString('hex'),
    syncToken: `sync-token-${randomBytes(12).toString('hex')}`,
  };
  const { syncToken } = secrets;
  await jira.control.createUser({ name: 'exalate', password: secrets.jiraPassword, groups: ['jira-administrators'] });
  const node = await startNodeProcess({
    name,
    port,
    dataDir,
    settings: {
      NODE_NAME: name,
      EXALATE_URL: url,
      JIRA_URL: jira.url,
      JIRA_USERNAME: 'exalate',
      JIRA_PASSWORD: secrets.jiraPassword,
      ENCRYPTION_KEY: secrets.encryptionKey,
      NEXTAUTH_SECRET: secrets.nextauthSecret,
      ALLOWED_HOSTS: '127.0.0.1,localhost',
      POLL_INTERVAL_SECONDS: '2',
      SYNC_TOKEN: syncToken,
      SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    },
  });
  try {
    await node.ready();
    await use({
      name,
      url,
      jira,
      mail,
      node,
      syncToken,
      dataDir,
      secrets,
      rest: (method, path, body) => rest(jira.url, method, path, body),
      issue: (key) => issueOf(jira, key),
    });
  } finally {
    await node.stop();
    await jira.stop();
    await mail.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function rest(baseUrl: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${baseUrl}/rest/api/2${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
  return text === '' ? null : JSON.parse(text);
}

async function issueOf(jira: Simulator, key: string): Promise<IssueDump> {
  const found = (await jira.control.dump()).find((issue) => issue.key === key);
  if (found === undefined) throw new Error(`${key} is not in ${jira.url}`);
  return found;
}
