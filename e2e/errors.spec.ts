import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { faults } from '../src/engine/fault/faults.ts';
import { connectCompanies, disconnect, newIssue } from './connected.ts';
import { withDatabase } from './database.ts';
import { expect, test } from './fixtures.ts';
import type { Company, Page } from './fixtures.ts';
import { looksRight } from './looks.ts';

/** Required fields are what an admin of the other Jira can take back, so that a retry helps. */
async function demandEnvironment(company: Company, demand: boolean): Promise<void> {
  await company.jira.control.setScreen({
    project: 'DEV',
    ...(demand ? { add: ['environment'], require: ['environment'] } : { unrequire: ['environment'] }),
  });
}

/** Exalates without waiting for the end. */
async function exalate(page: Page, company: Company, key: string, connection: string): Promise<void> {
  await page.goto(`${company.url}/status?key=${key}`);
  await page.getByRole('row').filter({ hasText: connection }).getByRole('button', { name: 'Exalate' }).click();
  await expect(page.getByRole('region', { name: 'Sync status' })).toBeVisible();
}

const badge = (page: Page) => page.getByRole('banner').getByRole('link', { name: /open problems?$/ });

test('from the badge to cause and retry are two actions; "Retry all" cures the rest', async ({ a, b, signedIn }) => {
  test.slow();
  const admin = await signedIn(a);
  const partner = await signedIn(b);
  const connection = await connectCompanies(admin, partner);
  await demandEnvironment(b, true);
  const keys = [await newIssue(a, 'TEST'), await newIssue(a, 'TEST'), await newIssue(a, 'TEST')];
  await partner.goto(`${b.url}/dashboard`);
  for (const key of keys) await exalate(admin, a, key, connection);
  await expect(badge(partner)).toHaveText('3 open problems', { timeout: 30_000 });
  await demandEnvironment(b, false);

  await test.step('two actions', async () => {
    let actions = 0;
    const click = async (what: ReturnType<Page['getByRole']>): Promise<void> => {
      actions += 1;
      await what.click();
    };
    await click(badge(partner));
    const row = partner.getByRole('row').filter({ hasText: 'demands fields' }).first();
    await expect(row).toContainText(faults.required_fields.why);
    await click(row.getByRole('button', { name: 'Retry' }));
    await expect(badge(partner)).toHaveText('2 open problems', { timeout: 30_000 });
    expect(actions).toBeLessThanOrEqual(2);
    console.log(`from the error badge to the cause and a retry: ${actions} actions`);
  });

  await test.step('the rest at once', async () => {
    await partner.getByRole('button', { name: 'Retry all' }).click();
    await expect(partner.getByText('No open errors')).toBeVisible({ timeout: 30_000 });
    await expect(badge(partner)).toHaveCount(0);
    const made = (await b.jira.control.dump()).filter(({ key }) => key.startsWith('DEV-'));
    for (const key of keys) {
      await admin.goto(`${a.url}/status?key=${key}`);
      await expect(admin.getByRole('row').filter({ hasText: key })).toContainText('Synchronized', { timeout: 30_000 });
    }
    expect(made.length).toBeGreaterThanOrEqual(3);
  });

  await test.step('two tabs: what one has put aside, the other is told about', async () => {
    await withDatabase(b, (client) => client.query(insertError, errorValues('jira_invalid', 1)));
    const tab = await partner.context().newPage();
    for (const page of [partner, tab]) await page.goto(`${b.url}/errors`);
    await tab.getByRole('button', { name: 'Resolve' }).click();
    await expect(partner.getByText('No open errors')).toBeVisible();
    await tab.close();
    await withDatabase(b, (client) => client.query('DELETE FROM sync_error'));
  });

  await disconnect(admin);
  await disconnect(partner);
});

test('every fault is shown with its cause and what to do; equal ones are one row with count and times', async ({
  a,
  signedIn,
}) => {
  test.slow();
  const admin = await signedIn(a);
  const codes = Object.entries(faults);
  const ids = await withDatabase(a, async (client) => {
    const made: string[] = [];
    for (const [index, [code]] of codes.entries()) {
      const values = errorValues(code, index + 2);
      await client.query(insertError, values);
      made.push(String(values[0]));
    }
    return made;
  });
  await admin.goto(`${a.url}/errors`);
  const rows = admin.getByRole('row').filter({ has: admin.getByRole('rowheader') });
  await expect(rows).toHaveCount(codes.length);
  await looksRight(admin, 'errors of every kind');
  await test.step('details of a row far down come into view with the focus, which goes back when they are closed', async () => {
    const link = rows.last().getByRole('link');
    await link.click();
    const close = admin.getByRole('link', { name: 'Close details' });
    await expect(close).toBeInViewport();
    await admin.keyboard.press('Tab');
    await expect(close).toBeFocused();
    await close.click();
    await expect(close).toHaveCount(0);
    await expect(link).toBeFocused();
    await expect(link).toBeInViewport();
  });
  await test.step('in a narrow window what can be done with a row stays in view', async () => {
    const size = admin.viewportSize();
    for (const width of [1024, 320]) {
      await admin.setViewportSize({ width, height: 700 });
      const retry = rows.first().getByRole('button', { name: 'Retry' });
      await retry.scrollIntoViewIfNeeded();
      await expect(retry).toBeInViewport({ ratio: 1 });
      expect(await rows.first().evaluate((row) => row.closest('[role=region]')?.scrollLeft)).toBe(0);
    }
    if (size !== null) await admin.setViewportSize(size);
  });
  for (const [index, [code, { summary, why, remedy }]] of codes.entries()) {
    const row = rows.filter({ has: admin.getByRole('link', { name: summary, exact: true }) });
    await expect(row, code).toContainText(why);
    await expect(row.getByRole('cell', { name: String(index + 2), exact: true })).toBeVisible();
    await admin.goto(`${a.url}/errors?error=${ids[index]}`);
    // What is still streamed in stands beside the page for a moment, hidden.
    const detail = admin.locator('section').filter({ hasText: remedy, visible: true });
    await expect(detail, code).toContainText(why);
    await expect(detail).toContainText(remedy);
    await expect(detail).toContainText(`${index + 2} times since`);
    await expect(detail.getByRole('button', { name: 'Retry' })).toBeVisible();
  }
  const [download] = await Promise.all([
    admin.waitForEvent('download'),
    admin.getByRole('link', { name: 'Export CSV' }).click(),
  ]);
  const csv = await readFile(await download.path(), 'utf8');
  for (const [, { remedy }] of codes) expect(csv.replaceAll('""', '"')).toContain(remedy);
  await withDatabase(a, (client) => client.query('DELETE FROM sync_error'));
});

const insertError = `INSERT INTO sync_error (id, impact, code, summary, detail, fingerprint, count, "firstAt")
  VALUES ($1, $2, $3, $4, $5, $6, $7, now() - interval '3 hours')`;

function errorValues(code: string, count: number): unknown[] {
  const { impact, summary } = faults[code as keyof typeof faults];
  return [randomUUID(), impact, code, summary, `Technical detail of ${code}.`, randomUUID(), count];
}
