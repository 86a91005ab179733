import { connectCompanies, disconnect, newIssue } from './connected.ts';
import { expect, test } from './fixtures.ts';

test('a trigger is made, corrected by Jira, run in bulk, works by itself, and goes', async ({ a, b, signedIn }) => {
  test.slow();
  const admin = await signedIn(a);
  const adminB = await signedIn(b);
  const connection = await connectCompanies(admin, adminB);
  const labels = ['by-trigger'];
  for (let i = 1; i <= 3; i += 1) await newIssue(a, 'TEST', { labels, summary: `Matches ${i}` });
  const twins = async (start: string): Promise<number> =>
    (await b.jira.control.dump()).filter(({ summary }) => summary.startsWith(start)).length;

  await test.step('a broken query is refused in Jira’s words, at its field', async () => {
    await admin.goto(`${a.url}/triggers`);
    await expect(admin.getByRole('heading', { name: 'Triggers', level: 1 })).toBeVisible();
    await admin.getByRole('button', { name: 'Create Trigger' }).first().click();
    const dialog = admin.getByRole('dialog', { name: 'Create Trigger' });
    await expect(dialog.getByRole('combobox', { name: 'Entity type' })).toBeDisabled();
    await dialog.getByRole('combobox', { name: 'Then sync with the connection' }).selectOption({ index: 0 });
    await dialog.getByRole('button', { name: 'Create' }).click();
    for (const text of ['Please enter a query.', 'Please choose a connection.'])
      await expect(dialog.getByRole('alert').filter({ hasText: text })).toBeVisible();
    await expect(dialog.getByRole('textbox', { name: 'If' })).toBeFocused();
    const query = dialog.getByRole('textbox', { name: 'If' });
    await dialog.getByRole('combobox', { name: 'Then sync with the connection' }).selectOption({ label: connection });
    await query.fill('labels = = <b>x</b>');
    await expect(dialog.getByRole('alert')).toContainText(/JQL|query/i);
    await dialog.getByRole('button', { name: 'Create' }).click();
    await expect(dialog.getByRole('alert')).toBeVisible();
    await expect(query).toHaveAttribute('aria-invalid', 'true');
    await query.fill('labels = by-trigger');
    await expect(dialog.getByRole('status')).toContainText('3 issues match now');
    await dialog.getByRole('textbox', { name: 'Notes' }).fill('For the partner; "quoted" <i>and</i> so on');
    await expect(dialog.getByRole('checkbox', { name: 'Activate trigger' })).toBeChecked();
    await dialog.getByRole('button', { name: 'Create' }).click();
    await expect(dialog).toBeHidden();
  });

  const row = admin.getByRole('row').filter({ has: admin.getByRole('rowheader', { name: 'labels = by-trigger' }) });

  await test.step('Bulk Exalate puts the matches under sync; its progress survives a reload', async () => {
    await row.getByRole('button', { name: 'Bulk Exalate' }).click();
    const confirm = admin.getByRole('alertdialog');
    await expect(confirm).toContainText('3 issues match now');
    await confirm.getByRole('button', { name: 'Bulk Exalate' }).click();
    await expect(admin.getByRole('progressbar', { name: 'Done: 3 of 3 issues' })).toBeVisible({ timeout: 30_000 });
    await admin.reload();
    await expect(admin.getByRole('progressbar', { name: 'Done: 3 of 3 issues' })).toBeVisible();
    expect(await twins('Matches')).toBe(3);
  });

  await test.step('what matches from now on comes under sync by itself', async () => {
    await newIssue(a, 'TEST', { labels, summary: 'Later, by itself' });
    await expect.poll(() => twins('Later, by itself'), { timeout: 20_000 }).toBe(1);
  });

  await test.step('it is switched off, edited and found on its connection', async () => {
    await row.getByRole('switch').click();
    await expect(row.getByRole('switch')).not.toBeChecked();
    await row.getByRole('button', { name: 'Edit' }).click();
    const dialog = admin.getByRole('dialog', { name: 'Edit Trigger' });
    await dialog.getByRole('textbox', { name: 'Notes' }).fill('Changed');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(row).toContainText('Changed');
    await row.getByRole('link', { name: connection }).click();
    await expect(admin.getByRole('tab', { name: 'Triggers', selected: true })).toBeVisible();
    await expect(row).toHaveCount(1);
  });

  await test.step('why a bulk run is refused is said in the dialog that asked', async () => {
    await admin.goto(`${a.url}/connections`);
    await admin.getByRole('button', { name: `Actions for ${connection}` }).click();
    await admin.getByRole('menuitem', { name: 'Deactivate' }).click();
    await expect(admin.getByRole('row').filter({ hasText: connection })).toContainText('Deactivated');
    await admin.goto(`${a.url}/triggers`);
    await row.getByRole('button', { name: 'Bulk Exalate' }).click();
    const confirm = admin.getByRole('alertdialog');
    await expect(confirm).toContainText('issues match now');
    await confirm.getByRole('button', { name: 'Bulk Exalate' }).click();
    await expect(confirm.getByRole('alert')).toContainText('Activate the connection first.');
    await confirm.getByRole('button', { name: 'Cancel' }).click();
    await admin.goto(`${a.url}/connections`);
    await admin.getByRole('button', { name: `Actions for ${connection}` }).click();
    await admin.getByRole('menuitem', { name: 'Activate' }).click();
    await expect(admin.getByRole('row').filter({ hasText: connection })).toContainText('Active');
    await admin.goto(`${a.url}/triggers`);
  });

  await test.step('Bulk Unexalate and Delete', async () => {
    await row.getByRole('button', { name: 'Bulk Unexalate' }).click();
    await admin.getByRole('alertdialog').getByRole('button', { name: 'Bulk Unexalate' }).click();
    await expect(admin.getByRole('progressbar', { name: 'Done: 4 of 4 issues' })).toBeVisible({ timeout: 30_000 });
    await row.getByRole('button', { name: 'Delete' }).click();
    await admin.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await expect(row).toHaveCount(0);
  });

  await disconnect(admin);
  await disconnect(adminB);
});
