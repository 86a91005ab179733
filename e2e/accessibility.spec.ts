import { acceptInvitation, chooseProject, initiateWithoutUrl, openConnections } from './connect.ts';
import { builtPages } from './attack-surface.ts';
import { expect, test } from './fixtures.ts';
import { looksRight } from './looks.ts';
import {
  acceptDialog,
  connectionIn,
  deleteConnection,
  development,
  exalate,
  initiateDialog,
  invite,
  listed,
  newIssue,
  openInitiate,
  rowOf,
  testProject,
  toProjectStep,
} from './wizard.ts';

test('every page, with and without content', async ({ a, b, signedIn }) => {
  test.setTimeout(600_000);
  const page = await signedIn(a);
  const partner = await signedIn(b);
  const { id, code } = await invite(page, b.url, testProject);
  await acceptInvitation(partner, code, development);
  await expect(partner.getByText('Connection established successfully')).toBeVisible();
  const other = connectionIn(partner);
  await exalate(page, id, await newIssue(a, 'TEST', 'Looked at by axe'));
  await looksRight(page, 'the first issue, synchronized');
  await page.goto(`${a.url}/connections/${id}?tab=first-issue`);
  await looksRight(page, 'the first issue, to be chosen');
  await page.getByRole('textbox', { name: 'Issue key' }).fill('no key');
  await page.getByRole('button', { name: 'Exalate', exact: true }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await looksRight(page, 'the first issue, with its error');

  for (const { path } of await builtPages()) {
    if (['/', '/login', '/setup', '/connections/new', '/connections/accept'].includes(path)) continue;
    await page.goto(a.url + path.replace('[id]', id));
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await looksRight(page, path);
  }
  for (const tab of ['triggers', 'statistics', 'info']) {
    await page.goto(`${a.url}/connections/${id}?tab=${tab}`);
    await looksRight(page, `/connections/[id]?tab=${tab}`);
  }
  await page.goto(`${a.url}/connections/00000000-0000-4000-8000-000000000000`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await looksRight(page, 'a connection that is not there');
  await openConnections(page);
  await rowOf(page, id)
    .getByRole('button', { name: /^Actions for / })
    .click();
  await looksRight(page, 'menu of a connection');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await looksRight(page, 'question before deleting');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  await deleteConnection(page, id);
  await deleteConnection(partner, other);
});

test('the sign-in page, both ways and with its error', async ({ a, page }) => {
  for (const [method, label] of [
    ['basic', 'Password'],
    ['token', 'Personal access token'],
  ] as const) {
    await page.goto(`${a.url}/login?method=${method}`);
    await expect(page.getByRole('textbox', { name: label })).toBeVisible();
    await looksRight(page, `/login?method=${method}`);
  }
  await page.getByRole('textbox', { name: 'Personal access token' }).fill('no token');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'token' })).toBeVisible();
  await looksRight(page, '/login with its error');
});

test('every step of both wizards', async ({ a, b, signedIn }) => {
  test.setTimeout(600_000);
  const page = await signedIn(a);
  const dialog = await openInitiate(page);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await looksRight(page, 'destination with its error');
  await dialog.getByRole('textbox', { name: 'Destination instance URL' }).fill(b.url);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('radio', { name: 'Basic' }).check();
  await looksRight(page, 'configuration mode');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await chooseProject(page, 'Select Project', testProject.typed, testProject.option);
  await dialog.getByText('View the generated sync rules').click();
  await looksRight(page, 'project');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('radio', { name: "No, I don't have admin access" }).check();
  await looksRight(page, 'admin access');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await looksRight(page, 'question before leaving');
  await page.getByRole('button', { name: 'Stay' }).click();

  await toProjectStep(page, a.url);
  await looksRight(page, 'both projects of a local connection');
  const code = await initiateWithoutUrl(page, testProject);
  const id = await listed(page);
  await looksRight(page, 'invitation');
  await initiateDialog(page).getByRole('button', { name: 'Done' }).click();

  const partner = await signedIn(b);
  await partner.goto(`${b.url}/connections/accept`);
  await acceptDialog(partner).getByRole('textbox', { name: 'Enter the invitation code' }).fill('nonsense');
  await acceptDialog(partner).getByRole('button', { name: 'Next' }).click();
  await expect(acceptDialog(partner).getByRole('alert')).toBeVisible();
  await looksRight(partner, 'code with its error');
  await acceptDialog(partner).getByRole('textbox', { name: 'Enter the invitation code' }).fill(code);
  await acceptDialog(partner).getByRole('button', { name: 'Next' }).click();
  await expect(acceptDialog(partner).getByText('Invited by')).toBeVisible();
  await looksRight(partner, 'project of the accepting side');
  await deleteConnection(page, id);
});
