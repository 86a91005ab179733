import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSimulator } from '../simulator/index.ts';
import { freePort } from '../scripts/lib/free-port.ts';
import { acceptInvitation, chooseProject, initiateWithoutUrl, openConnections } from './connect.ts';
import { expect, fillSignIn, test } from './fixtures.ts';
import {
  acceptDialog,
  chooseInRow,
  connectionIn,
  deleteConnection,
  development,
  exalate,
  initiateDialog,
  invite,
  newIssue,
  openInitiate,
  rowOf,
  support,
  testProject,
  toAccessStep,
  toProjectStep,
  untilQuiet,
} from './wizard.ts';

test('with admin access the browser carries the code over in the fragment only, and both sides become active', async ({
  a,
  b,
  signedIn,
}) => {
  const page = await signedIn(a);
  const sent: string[] = [];
  page.context().on('request', (request) => {
    sent.push(request.url().replace(/#.*$/s, ''), JSON.stringify(request.headers()));
  });
  await toAccessStep(page, b.url, testProject, 'Yes, I have admin access');
  await initiateDialog(page).getByRole('button', { name: 'Initiate' }).click();

  await page.waitForURL(`${b.url}/login**`);
  await page.getByRole('textbox', { name: 'Username' }).fill('admin');
  await page.getByRole('textbox', { name: 'Password' }).fill('admin');
  const code = await page.evaluate(() => Object.values(sessionStorage).find((value) => value.startsWith('eyJ')) ?? '');
  expect(code.length).toBeGreaterThan(200);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await chooseProject(page, 'Select Project', support.typed, support.option);
  expect(page.url()).not.toContain('eyJ');
  await acceptDialog(page).getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText('Connection established successfully')).toBeVisible();
  const accepted = connectionIn(page);
  for (const text of sent) expect(text).not.toContain(code.slice(0, 60));

  await page.goto(`${a.url}/connections`);
  const row = page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader') })
    .first();
  await expect(row).toContainText('Active');
  const [href] = await row.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  await page.goto(`${b.url}/connections`);
  await expect(rowOf(page, accepted)).toContainText('Active');

  await test.step('the Jira of a known partner is as good as its Exalate URL', async () => {
    await page.goto(`${a.url}/connections/new`);
    await initiateDialog(page).getByRole('textbox', { name: 'Destination instance URL' }).fill(b.jira.url);
    await initiateDialog(page).getByRole('button', { name: 'Next' }).click();
    await expect(initiateDialog(page).getByText(b.name).first()).toBeVisible();
    await expect(initiateDialog(page).getByRole('radio', { name: 'Basic' })).toBeEnabled();
  });
  await deleteConnection(page, (href ?? '').replace('/connections/', ''));
  await page.goto(`${b.url}/connections`);
  await deleteConnection(page, accepted);
});

test('a local connection syncs between two projects of one Jira without looping', async ({ a, signedIn }) => {
  const page = await signedIn(a);
  await toProjectStep(page, a.url);
  await chooseProject(page, 'Select Project (first side)', 'TEST', 'Test (TEST)');
  await chooseProject(page, 'Select Project (second side)', 'SD', /\(SD\)$/);
  await initiateDialog(page).getByRole('button', { name: 'Confirm' }).click();
  await page.waitForURL(/tab=first-issue/);
  const id = connectionIn(page);

  const key = await newIssue(a, 'TEST', 'Local pair');
  const twin = await exalate(page, id, key);
  expect(twin).toMatch(/^SD-/);
  await a.rest('PUT', `/issue/${key}`, { fields: { summary: 'Local pair, edited' } });
  await expect.poll(async () => (await a.issue(twin)).summary).toBe('Local pair, edited');
  await a.rest('POST', `/issue/${twin}/comment`, { body: 'Said on the twin' });
  await expect.poll(async () => (await a.issue(key)).comments.length).toBe(1);
  await untilQuiet(a);

  const pair = (await a.jira.control.dump()).filter(({ summary }) => summary.startsWith('Local pair'));
  expect(pair.map((issue) => issue.key).toSorted()).toEqual([key, twin].toSorted());
  for (const issue of pair) expect(issue.comments).toHaveLength(1);
  await deleteConnection(page, id);
});

test('of several addresses that cannot be used each says what it is and what to do', async ({ a, signedIn }) => {
  const page = await signedIn(a);
  const lonely = await startSimulator({ port: 0, seed: 'empty', serverTitle: 'Lonely Jira' });
  const older = await startNodeOfVersion('0.0.9', { min: 0, max: 0 });
  const newer = await startNodeOfVersion('7.0.0', { min: 5, max: 6 });
  try {
    const dialog = await openInitiate(page);
    const url = dialog.getByRole('textbox', { name: 'Destination instance URL' });
    for (const [typed, text] of [
      ['', 'Enter the address'],
      [older.url, /runs an older version.*It is version 0\.0\.9.*update that node to version 0\.1\.0 or later/s],
      [newer.url, /runs a newer version.*It is version 7\.0\.0.*Update this node to version 7\.0\.0/s],
      [lonely.url, /Lonely Jira, Jira \d.*no Exalate node was found.*General Settings/s],
      [`http://localhost:${await freePort()}`, /Nothing accepts connections.*Check the port/s],
      ['http://jira.company.com', 'must begin with https://'],
      ['not an address', 'This is not an address'],
    ] as const) {
      await url.fill(typed);
      await dialog.getByRole('button', { name: 'Next' }).click();
      await expect(dialog.getByRole('alert').filter({ hasText: text })).toBeVisible();
      await expect(url).toHaveAttribute('aria-invalid', 'true');
    }
  } finally {
    await lonely.stop();
    for (const node of [older, newer]) await node.stop();
  }
});

/** What a node of another time says of itself. */
async function startNodeOfVersion(
  nodeVersion: string,
  protocol: { min: number; max: number },
): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((_request, response) => {
    const info = {
      name: `Node ${nodeVersion}`,
      callbackUrl: url,
      issueTrackerUrl: null,
      nodeType: 'JIRA_SERVER',
      issueTrackerVersion: '9.12.0',
      nodeVersion,
      protocol,
      modes: ['BASIC'],
      instanceUid: randomUUID(),
      pollOnly: false,
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(info));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('the wizard keeps its step over a reload, and Escape asks before it throws work away', async ({
  a,
  b,
  signedIn,
}) => {
  const page = await signedIn(a);
  await toProjectStep(page, b.url);
  const dialog = initiateDialog(page);
  await chooseProject(page, 'Select Project', testProject.typed, testProject.option);
  await page.reload();
  await expect(dialog.getByRole('combobox', { name: 'Select Project' })).toHaveValue(testProject.option);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await expect(dialog.getByRole('heading', { name: 'Do you have admin access' })).toBeVisible();
  await page.goBack();
  await expect(dialog.getByRole('combobox', { name: 'Select Project' })).toHaveValue(testProject.option);

  await test.step('the mode stays as well, and going back to it costs nothing that was chosen since', async () => {
    await page.goBack();
    const basic = dialog.getByRole('radio', { name: 'Basic' });
    await expect(basic).toBeChecked();
    await page.reload();
    await expect(basic).toBeChecked();
    await dialog.getByRole('button', { name: 'Next' }).click();
    await expect(dialog.getByRole('combobox', { name: 'Select Project' })).toHaveValue(testProject.option);
    await dialog.getByRole('button', { name: '< Previous' }).click();
    await expect(basic).toBeChecked();
    await dialog.getByRole('button', { name: 'Next' }).click();
  });

  const question = page.getByRole('alertdialog', { name: 'Leave without finishing?' });
  await page.keyboard.press('Escape');
  await question.getByRole('button', { name: 'Stay' }).click();
  await expect(dialog.getByRole('combobox', { name: 'Select Project' })).toHaveValue(testProject.option);
  await page.keyboard.press('Escape');
  await question.getByRole('button', { name: 'Leave' }).click();
  await expect(page).toHaveURL(`${a.url}/connections`);
  await expect(dialog).toHaveCount(0);
});

test('what changes meanwhile neither loads the page anew nor fetches more than that, and signing in again loses nothing', async ({
  a,
  b,
  signedIn,
}) => {
  const page = await signedIn(a);
  let documents = 0;
  let fetched = 0;
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents++;
    else if (request.headers()['rsc'] !== undefined) fetched++;
  });
  await test.step('a change every 100 ms, while the wizard is gone through five times', async () => {
    for (let round = 1; round <= 5; round++) {
      const dialog = await openInitiate(page);
      await page.evaluate(() => {
        const changes = new BroadcastChannel('exalate-changes');
        setInterval(() => changes.postMessage('change'), 100);
      });
      const startedAt = Date.now();
      documents = fetched = 0;
      await dialog.getByRole('textbox', { name: 'Destination instance URL' }).pressSequentially(b.url, { delay: 20 });
      await dialog.getByRole('button', { name: 'Next' }).click();
      await dialog.getByRole('radio', { name: 'Basic' }).check();
      await dialog.getByRole('button', { name: 'Next' }).click();
      await chooseProject(page, 'Select Project', testProject.typed, testProject.option);
      expect(documents).toBe(0);
      // A page refreshes at most every 300 ms; one may have been under way before.
      expect(fetched).toBeLessThanOrEqual(Math.ceil((Date.now() - startedAt) / 300) + 1);
    }
  });
  const project = initiateDialog(page).getByRole('combobox', { name: 'Select Project' });
  const notice = page.getByText('You are signed out.');
  await test.step('the session ends in the middle: the page stays and says so, and goes on once there is one again', async () => {
    // Without the changes of before, and once the look that follows every load is over: none may be under way.
    const looked = page.waitForResponse((response) => response.request().headers()['rsc'] !== undefined);
    await page.reload();
    await looked;
    await expect(project).toHaveValue(testProject.option);
    documents = 0;
    await page.context().clearCookies();
    await page.evaluate(() => new BroadcastChannel('exalate-changes').postMessage('change'));
    await expect(notice).toBeVisible();
    await expect(project).toHaveValue(testProject.option);
    const other = await page.context().newPage();
    await other.goto(`${a.url}/login`);
    await fillSignIn(other);
    await expect(notice).toBeHidden();
    await other.close();
    await expect(project).toHaveValue(testProject.option);
    expect(documents).toBe(0);
  });
  await test.step('the session ends, and the page is loaded anew', async () => {
    await page.context().clearCookies();
    await page.reload();
    await fillSignIn(page);
    await expect(project).toHaveValue(testProject.option);
  });
});

test('a project that is chosen after going back from the invitation is the one that counts, and the dialog notices that it was accepted', async ({
  a,
  b,
  signedIn,
}) => {
  const page = await signedIn(a);
  const code = await initiateWithoutUrl(page, testProject);
  const id = connectionIn(page);
  const dialog = initiateDialog(page);
  await page.goBack();
  await expect(dialog.getByRole('radio', { name: 'Basic' })).toBeChecked();
  await dialog.getByRole('button', { name: 'Next' }).click();
  await expect(dialog.getByRole('combobox', { name: 'Select Project' })).toHaveValue(testProject.option);

  await test.step('leaving here does not claim that no connection has been made', async () => {
    await page.keyboard.press('Escape');
    const question = page.getByRole('alertdialog', { name: 'Leave without finishing?' });
    await expect(question).toContainText('The invitation that was made stays');
    await expect(question).not.toContainText('No connection has been made');
    await question.getByRole('button', { name: 'Stay' }).click();
  });

  await chooseProject(page, 'Select Project', 'SD', /\(SD\)$/);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Invitation code' })).toHaveValue(code);

  const partner = await signedIn(b);
  await acceptInvitation(partner, code, development);
  await expect(partner.getByText('Connection established successfully')).toBeVisible();
  await expect(dialog.getByRole('status').filter({ hasText: 'The invitation was accepted' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(rowOf(page, id)).toContainText('(SD)');
  await expect(rowOf(page, id)).toContainText('Active');
  const accepted = connectionIn(partner);
  await partner.goto(`${b.url}/connections`);
  await deleteConnection(page, id);
  await deleteConnection(partner, accepted);
});

test('a double click on Initiate makes one connection', async ({ a, b, signedIn }) => {
  const page = await signedIn(a);
  const rows = page.getByRole('rowheader');
  await openConnections(page);
  const before = await rows.count();
  await toAccessStep(page, b.url, testProject, "No, I don't have admin access");
  await initiateDialog(page).getByRole('button', { name: 'Initiate' }).dblclick();
  await expect(initiateDialog(page).getByRole('textbox', { name: 'Invitation code' })).not.toHaveValue('');
  const id = connectionIn(page);
  await initiateDialog(page).getByRole('button', { name: 'Done' }).click();
  await expect(rows).toHaveCount(before + 1);
  await deleteConnection(page, id);
});

test('without a URL the pending code can be copied again until it is revoked, which ends it', async ({
  a,
  b,
  signedIn,
}) => {
  const page = await signedIn(a);
  const code = await initiateWithoutUrl(page, testProject);
  const id = connectionIn(page);
  await initiateDialog(page).getByRole('button', { name: 'Done' }).click();
  await expect(rowOf(page, id)).toContainText('Pending');
  await chooseInRow(page, id, 'Copy invitation code');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(code);
  await chooseInRow(page, id, 'Revoke');
  await expect(page.getByText('Invitation revoked')).toBeVisible();

  const partner = await signedIn(b);
  await partner.goto(`${b.url}/connections/accept`);
  await acceptDialog(partner).getByRole('textbox', { name: 'Enter the invitation code' }).fill(code);
  await acceptDialog(partner).getByRole('button', { name: 'Next' }).click();
  await expect(acceptDialog(partner).getByRole('alert').filter({ hasText: 'revoked' })).toBeVisible();
  await deleteConnection(page, id);
});

test('a code that was made for another node, or by this one, is refused here', async ({ a, b, signedIn }) => {
  const page = await signedIn(a);
  const { id, code } = await invite(page, b.url, testProject);
  await page.goto(`${a.url}/connections/accept`);
  const dialog = acceptDialog(page);
  await dialog.getByRole('textbox', { name: 'Enter the invitation code' }).fill(code);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await expect(dialog.getByRole('alert').filter({ hasText: 'made by this node itself' })).toBeVisible();

  const partner = await signedIn(b);
  await partner.goto(`${b.url}/connections/accept`);
  await acceptDialog(partner)
    .getByRole('textbox', { name: 'Enter the invitation code' })
    .fill(`  ${code.replaceAll(/.{70}/g, '$&\r\n> ')} \n`.replaceAll('> ', ' '));
  await acceptDialog(partner).getByRole('button', { name: 'Next' }).click();
  await expect(acceptDialog(partner).getByText(a.name).first()).toBeVisible();
  await chooseProject(partner, 'Select Project', development.typed, development.option);
  await deleteConnection(page, id);
  await acceptDialog(partner).getByRole('button', { name: 'Confirm' }).click();
  await expect(acceptDialog(partner).getByRole('alert').first()).toContainText('does not know this invitation');
});
