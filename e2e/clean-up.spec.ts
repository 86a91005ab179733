import { readFile } from 'node:fs/promises';
import { exalateFirstIssue } from './connect.ts';
import { connectCompanies, disconnect, newIssue } from './connected.ts';
import { expect, test } from './fixtures.ts';
import { untilQuiet } from './wizard.ts';

test('pairs are ended by issue and by connection; issues stay and the pairs can be had as CSV', async ({
  a,
  b,
  signedIn,
}) => {
  test.slow();
  const admin = await signedIn(a);
  const adminB = await signedIn(b);
  const connection = await connectCompanies(admin, adminB);
  const [first, second] = [await newIssue(a, 'TEST'), await newIssue(a, 'TEST')];
  await exalateFirstIssue(admin, first);
  const twin = await exalateFirstIssue(admin, second);

  await test.step('both pairs are verified, and the result is shown', async () => {
    // A pair in progress is passed over.
    for (const company of [a, b]) await untilQuiet(company);
    await admin.goto(`${a.url}/settings`);
    await admin.getByRole('button', { name: 'Verify now' }).click();
    await expect(admin.getByRole('status').filter({ hasText: /^2 of 2 pairs$/ })).toBeVisible({ timeout: 30_000 });
    await expect(admin.getByRole('definition').filter({ hasText: 'started by admin' })).toBeVisible();
    await expect(admin.getByRole('definition').filter({ hasText: /^None$/ })).toBeVisible();
  });

  await test.step('by issue', async () => {
    await admin.goto(`${a.url}/clean-up`);
    await expect(admin.getByRole('heading', { name: 'Clean-up Tools', level: 1 })).toBeVisible();
    for (const wrong of ['TE ST-1', '<script>alert(1)</script>']) {
      await admin.getByRole('searchbox', { name: 'Issue key' }).fill(wrong);
      await admin.getByRole('button', { name: 'Show what is under sync' }).click();
      await expect(
        admin.getByRole('heading', { name: `Nothing of ${wrong.toUpperCase()} is under sync` }),
      ).toBeVisible();
    }
    await admin.getByRole('searchbox', { name: 'Issue key' }).fill(` ${first.toLowerCase()} `);
    await admin.getByRole('button', { name: 'Show what is under sync' }).click();
    const row = admin.getByRole('row').filter({ has: admin.getByRole('rowheader', { name: first }) });
    await expect(row).toContainText('Synchronized');
    await row.getByRole('button', { name: 'Clean up' }).click();
    const confirm = admin.getByRole('alertdialog');
    await expect(confirm).toContainText('What stays:');
    await confirm.getByRole('button', { name: 'Clean up' }).click();
    await expect(admin.getByRole('heading', { name: `Nothing of ${first} is under sync` })).toBeVisible();
  });

  await test.step('by connection', async () => {
    await admin.getByRole('tab', { name: 'By connection' }).click();
    await admin.getByRole('combobox', { name: 'Connection' }).selectOption({ label: connection });
    await admin.getByRole('button', { name: 'Show what is under sync' }).click();
    await admin.getByRole('button', { name: 'Clean up 1 pair' }).click();
    await admin.getByRole('alertdialog').getByRole('button', { name: 'Clean up' }).click();
    await expect(admin.getByRole('progressbar', { name: 'Done: 1 of 1 pairs' })).toBeVisible({ timeout: 30_000 });
    const link = admin.getByRole('link', { name: 'Pairs (CSV)' }).first();
    const [download] = await Promise.all([admin.waitForEvent('download'), link.click()]);
    expect(await readFile(await download.path(), 'utf8')).toContain(`${second},${twin}`);
    expect(await b.issue(twin)).toMatchObject({ summary: 'An issue of a test' });
  });

  await test.step('the audit log says who did it', async () => {
    await admin.goto(`${a.url}/settings`);
    await admin.getByRole('link', { name: 'Audit log' }).click();
    await expect(admin.getByRole('heading', { name: 'Audit log', level: 1 })).toBeVisible();
    await expect(admin.getByRole('row').filter({ hasText: 'Started the clean-up of a connection' })).toContainText(
      'admin',
    );
    await expect(admin.getByRole('row').filter({ hasText: 'Cleaned up an issue' })).toContainText(first);
  });

  await disconnect(admin);
  await disconnect(adminB);
});
