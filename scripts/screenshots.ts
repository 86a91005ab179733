/**
 * Renders the pictures of the documentation into `docs/images` from a running demo: `npm run demo -- --reset` in one terminal,
 * `node scripts/screenshots.ts` in another. It connects the two companies as an admin would, so the demo is used afterwards.
 */
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { findChromium } from './find-chromium.ts';
import { endOnFailure } from './lib/end-on-failure.ts';
import { projectRoot } from './lib/owned-process.ts';

const folder = join(projectRoot, 'docs', 'images');
const companyA = 'http://localhost:3001';
const companyB = 'http://localhost:3002';

await endOnFailure(async () => {
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: userInfo().uid === 0 ? ['--no-sandbox'] : [],
  });
  try {
    await takeAll(browser);
  } finally {
    await browser.close();
  }
});

async function takeAll(browser: Browser): Promise<void> {
  const options = { viewport: { width: 1280, height: 800 }, locale: 'en-GB', reducedMotion: 'reduce' } as const;
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(`${companyA}/connections`);
  await take(page, 'sign-in');
  await signIn(page);
  const code = await initiate(page);

  const partner = await (await browser.newContext(options)).newPage();
  await partner.goto(`${companyB}/connections/accept`);
  await signIn(partner);
  await accept(partner, code);

  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('row').filter({ hasText: 'Active' }).first().waitFor();
  await syncFirstIssue(page);
  await page.goto(`${companyA}/connections`);
  await take(page, 'connections');
  await page.goto(`${companyA}/errors`);
  await take(page, 'errors');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${companyA}/dashboard`);
  await take(page, 'dashboard-dark');
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
async function initiate(page: Page): Promise<string> {
  await page.goto(`${companyA}/connections/new`);
  const dialog = page.getByRole('dialog', { name: 'Initiate connection' });
  const next = dialog.getByRole('button', { name: 'Next' });
  await dialog.getByRole('textbox', { name: 'Destination instance URL' }).fill(companyB);
  await next.click();
  await dialog.getByRole('radio', { name: 'Basic' }).check();
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

async function accept(page: Page, code: string): Promise<void> {
  await page.goto(`${companyB}/connections/accept`);
  const dialog = page.getByRole('dialog', { name: 'Accept invitation' });
  await dialog.getByRole('textbox', { name: 'Enter the invitation code' }).fill(code);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await choose(page, 'Support (SUP)');
  await take(page, 'accept-project');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('Connection established successfully').waitFor();
}

async function syncFirstIssue(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Actions for / })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Exalate' }).click();
  await page.getByRole('textbox', { name: 'Issue key' }).fill('TEST-1');
  await page.getByRole('button', { name: 'Exalate', exact: true }).click();
  await page
    .getByRole('region', { name: 'Sync status' })
    .getByRole('status')
    .filter({ hasText: 'Synchronized' })
    .waitFor({ timeout: 60_000 });
  await take(page, 'first-issue');
}

async function choose(page: Page, project: string): Promise<void> {
  const field = page.getByRole('combobox', { name: 'Select Project' });
  await field.click();
  await field.fill(project);
  await page.getByRole('option', { name: project }).click();
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  console.log(`docs/images/${name}.png`);
}
