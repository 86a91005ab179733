import { connectCompanies, disconnect, newIssue } from './connected.ts';
import { expect, test } from './fixtures.ts';
import type { Page } from './fixtures.ts';
import { looksRight } from './looks.ts';

const palette = (page: Page) => page.getByRole('dialog', { name: 'Search' });
const field = (page: Page) => palette(page).getByRole('combobox', { name: 'Page, issue key or connection' });
const results = (page: Page) => palette(page).getByRole('option');

test('the palette finds pages, pairs, issues to exalate and connections, by keyboard alone', async ({
  a,
  b,
  signedIn,
}) => {
  test.slow();
  const admin = await signedIn(a);
  const partner = await signedIn(b);
  const connection = await connectCompanies(admin, partner);
  const key = await newIssue(a, 'TEST', { summary: 'Found by its key' });
  const stranger = await newIssue(a, 'TEST');
  await admin.goto(`${a.url}/status?key=${key}`);
  await admin.getByRole('row').filter({ hasText: connection }).getByRole('button', { name: 'Exalate' }).click();
  await expect(admin.getByRole('region', { name: 'Sync status' }).getByRole('status')).toContainText('Synchronized', {
    timeout: 30_000,
  });

  await test.step('a page by its name', async () => {
    await admin.goto(`${a.url}/dashboard`);
    await admin.keyboard.press('Control+k');
    await expect(field(admin)).toBeFocused();
    await expect(results(admin).first()).toHaveText(/Getting Started/);
    await looksRight(admin, 'command palette');
    await field(admin).pressSequentially('queue');
    await expect(results(admin)).toHaveCount(1);
    await admin.keyboard.press('Enter');
    await expect(admin.getByRole('heading', { name: 'Sync Queue', level: 1 })).toBeVisible();
    await expect(palette(admin)).toBeHidden();
  });

  await test.step('a pair by either key', async () => {
    await admin.keyboard.press('Control+k');
    await field(admin).pressSequentially(` ${key.toLowerCase()}`);
    await expect(results(admin).first()).toContainText(`${key} ⇄ DEV-`);
    await admin.keyboard.press('Enter');
    await expect(admin).toHaveURL(new RegExp(`/status\\?key=${key}&twin=`));
    await expect(admin.getByRole('region', { name: 'Sync status' })).toBeVisible();
  });

  await test.step('an issue that is not under sync leads to where it can be exalated', async () => {
    await admin.keyboard.press('Control+k');
    await field(admin).pressSequentially(stranger);
    await expect(results(admin).first()).toContainText(`Exalate ${stranger}`);
    await admin.keyboard.press('Enter');
    await expect(
      admin.getByRole('row').filter({ hasText: connection }).getByRole('button', { name: 'Exalate' }),
    ).toBeVisible();
  });

  await test.step('a connection by part of its name, in upper case, with the arrow keys', async () => {
    await admin.keyboard.press('Control+k');
    await field(admin).pressSequentially(connection.slice(1, -1).toUpperCase());
    const option = results(admin).filter({ hasText: connection });
    await expect(option).toHaveCount(1);
    while ((await option.getAttribute('data-highlighted')) === null) await admin.keyboard.press('ArrowDown');
    await admin.keyboard.press('Enter');
    await expect(admin.getByRole('heading', { name: connection, level: 1 })).toBeVisible();
  });

  await test.step('by its button; what nobody is called; Escape gives the focus back', async () => {
    await admin.setViewportSize({ width: 320, height: 640 });
    const button = admin.getByRole('banner').getByRole('button', { name: 'Search' });
    await button.click();
    await field(admin).fill('nothing is called <b>so</b>');
    await expect(palette(admin).getByText('Nothing is called so.')).toBeVisible();
    const wider = await admin.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wider).toBeLessThanOrEqual(0);
    await admin.keyboard.press('Escape');
    await expect(palette(admin)).toBeHidden();
    await expect(button).toBeFocused();
    await admin.setViewportSize({ width: 1280, height: 800 });
  });

  await test.step('it stays closed over a dialog that asks for something', async () => {
    await admin.goto(`${a.url}/triggers?dialog=create`);
    await expect(admin.getByRole('dialog', { name: 'Create Trigger' })).toBeVisible();
    await admin.keyboard.press('Control+k');
    await expect(palette(admin)).toBeHidden();
  });

  await disconnect(admin);
  await disconnect(partner);
});

test('dialogs are part of the address: they survive a reload and close with Back', async ({ a, b, signedIn }) => {
  test.slow();
  const admin = await signedIn(a);
  const partner = await signedIn(b);
  const connection = await connectCompanies(admin, partner);
  const trigger = admin.getByRole('dialog', { name: 'Create Trigger' });

  await admin.goto(`${a.url}/triggers`);
  await admin.getByRole('button', { name: 'Create Trigger' }).first().click();
  await expect(admin).toHaveURL(`${a.url}/triggers?dialog=create`);
  await admin.reload();
  await expect(trigger).toBeVisible();
  await trigger.getByRole('textbox', { name: 'If' }).fill('labels = addressed');
  await trigger.getByRole('combobox', { name: 'Then sync with the connection' }).selectOption({ label: connection });
  await trigger.getByRole('button', { name: 'Create' }).click();
  await expect(trigger).toBeHidden();
  await expect(admin).toHaveURL(`${a.url}/triggers`);

  const row = admin.getByRole('row').filter({ hasText: 'labels = addressed' });
  await row.getByRole('button', { name: 'Edit' }).click();
  const edit = admin.getByRole('dialog', { name: 'Edit Trigger' });
  await expect(edit.getByRole('textbox', { name: 'If' })).toHaveValue('labels = addressed');
  await admin.goBack();
  await expect(edit).toBeHidden();

  await test.step('two tabs: what one has deleted, the other cannot change', async () => {
    const tab = await admin.context().newPage();
    await tab.goto(`${a.url}/triggers`);
    await tab.getByRole('row').filter({ hasText: 'labels = addressed' }).getByRole('button', { name: 'Edit' }).click();
    const other = tab.getByRole('dialog', { name: 'Edit Trigger' });
    await other.getByRole('textbox', { name: 'Notes' }).fill('Too late');
    await row.getByRole('button', { name: 'Delete' }).click();
    // The page of the other tab goes on without the row, and so without its dialog; or says that it is gone.
    await admin.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await expect(row).toHaveCount(0);
    await expect(tab.getByRole('row').filter({ hasText: 'labels = addressed' })).toHaveCount(0);
    await tab.close();
  });

  await admin.goto(`${a.url}/status?key=TEST-4&dialog=connect`);
  const connect = admin.getByRole('dialog', { name: 'Connect' });
  await expect(connect.getByRole('textbox', { name: 'Local issue key' })).toHaveValue('TEST-4');
  await connect.getByRole('button', { name: 'Cancel' }).click();
  await expect(connect).toBeHidden();
  await expect(admin).toHaveURL(`${a.url}/status?key=TEST-4`);

  await disconnect(admin);
  await disconnect(partner);
});
