import { acceptInvitation, openConnections } from './connect.ts';
import { expect, test } from './fixtures.ts';
import type { Company, Page } from './fixtures.ts';
import {
  chooseInRow,
  connectionIn,
  deleteConnection,
  development,
  exalate,
  initiateDialog,
  invite,
  newIssue,
  rowOf,
  testProject,
} from './wizard.ts';

interface End {
  company: Company;
  page: Page;
  id: string;
  key: string;
}

/** A connection of its own with one pair of issues; deleted on both sides afterwards. */
const connected = test.extend<{ ends: { here: End; there: End } }>({
  async ends({ a, b, signedIn }, use, { title }) {
    const [page, partner] = [await signedIn(a), await signedIn(b)];
    const { id, code } = await invite(page, b.url, testProject);
    await initiateDialog(page).getByRole('button', { name: 'Done' }).click();
    await acceptInvitation(partner, code, development);
    await expect(partner.getByText('Connection established successfully')).toBeVisible();
    const other = connectionIn(partner);
    const key = await newIssue(a, 'TEST', title);
    const twin = await exalate(page, id, key);
    await use({
      here: { company: a, page, id, key },
      there: { company: b, page: partner, id: other, key: twin },
    });
    for (const end of [
      { page, id },
      { page: partner, id: other },
    ]) {
      await openConnections(end.page);
      if ((await rowOf(end.page, end.id).count()) > 0) await deleteConnection(end.page, end.id);
    }
  },
});

const summaryOf = async ({ company, key }: End): Promise<string> => (await company.issue(key)).summary;
const edit = ({ company, key }: End, summary: string): Promise<unknown> =>
  company.rest('PUT', `/issue/${key}`, { fields: { summary } });

connected(
  'what is edited while a side is deactivated is held, and follows once it is active',
  async ({ ends: { here, there } }) => {
    test.setTimeout(90_000);
    for (const side of ['initiating', 'accepting'] as const) {
      const [off, other] = side === 'initiating' ? [here, there] : [there, here];
      await openConnections(off.page);
      await chooseInRow(off.page, off.id, 'Deactivate');
      await expect(rowOf(off.page, off.id)).toContainText('Deactivated');
      await openConnections(other.page);
      await expect(rowOf(other.page, other.id)).toContainText('The partner deactivated its end.');

      const comments = (await here.company.issue(here.key)).comments.length;
      await edit(here, `${side}: from here`);
      await there.company.rest('POST', `/issue/${there.key}/comment`, { body: `${side}: from there` });
      await passOf(here.company);
      await passOf(there.company);
      expect(await summaryOf(there)).not.toBe(`${side}: from here`);
      expect((await here.company.issue(here.key)).comments).toHaveLength(comments);

      await off.page.goto(`${off.company.url}/connections/${off.id}`);
      await off.page.getByRole('switch', { name: 'Active' }).click();
      await expect(off.page.getByRole('switch', { name: 'Active' })).toBeChecked();
      await expect.poll(() => summaryOf(there)).toBe(`${side}: from here`);
      await expect.poll(async () => (await here.company.issue(here.key)).comments.length).toBe(comments + 1);
      await expect(rowOf(other.page, other.id)).not.toContainText('The partner deactivated its end.');
    }
  },
);

connected(
  'rules are read-only, a new name is ours alone, and deleting tells the partner',
  async ({ ends: { here, there } }) => {
    const { page, id } = here;
    await test.step('rules are there to be read, with what an upgrade would take', async () => {
      await openConnections(page);
      await chooseInRow(page, id, 'Upgrade');
      await expect(page.getByText('The sync rules of a Basic connection cannot be changed')).toBeVisible();
      await expect(page.getByText(/upgrade the connection to Visual or Script mode/)).toBeVisible();
      const rules = page.getByRole('tabpanel');
      await expect(rules.getByRole('heading', { name: 'Outgoing sync' })).toBeVisible();
      await expect(rules.getByRole('heading', { name: 'Incoming sync' })).toBeVisible();
      await expect(rules.locator('input, textarea, [contenteditable]')).toHaveCount(0);
    });

    await test.step('a new name shows everywhere here, and only here', async () => {
      const before = await nameOf(there);
      await page.goto(`${here.company.url}/connections/${id}?tab=info`);
      await page.getByRole('textbox', { name: 'Name' }).fill('Renamed <b>connection</b>');
      await page.getByRole('textbox', { name: 'Description' }).fill('What it is for');
      await page.getByRole('button', { name: 'Save' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Renamed <b>connection</b>');
      await expect(page.getByText('What it is for').first()).toBeVisible();
      expect(await nameOf(here)).toBe('Renamed <b>connection</b>');
      expect(await nameOf(there)).toBe(before);
    });

    await test.step('deleting says what stops, tells the partner, and leaves the issues', async () => {
      await openConnections(page);
      await chooseInRow(page, id, 'Delete');
      const question = page.getByRole('alertdialog');
      await expect(question).toContainText('1 issue is no longer synchronized');
      await expect(question).toContainText('What stays: all issues');
      await question.getByRole('button', { name: 'Cancel' }).click();
      await expect(rowOf(page, id)).toHaveCount(1);
      await deleteConnection(page, id);

      await openConnections(there.page);
      await expect(rowOf(there.page, there.id)).toContainText('Error');
      await expect(rowOf(there.page, there.id)).toContainText('The other side deleted this connection.');
      expect((await here.company.issue(here.key)).key).toBe(here.key);
      expect((await there.company.issue(there.key)).key).toBe(there.key);
    });
  },
);

connected('its key is rotated by a button, while both sides go on', async ({ ends: { here, there } }) => {
  const { page, id } = here;
  await page.goto(`${here.company.url}/connections/${id}?tab=info`);
  const button = page.getByRole('button', { name: 'Rotate key' });
  await button.dblclick();
  await expect(page.getByRole('status').filter({ hasText: 'Both sides use a new key now' }).first()).toBeVisible();
  await expect(page.getByText(/The key before is accepted until \d\d:\d\d UTC/)).toBeVisible();
  await there.page.goto(`${there.company.url}/connections/${there.id}?tab=info`);
  await expect(there.page.getByText(/The key before is accepted until/)).toBeVisible();

  await edit(here, 'Edited after the rotation');
  await there.company.rest('POST', `/issue/${there.key}/comment`, { body: 'Said after the rotation' });
  await expect.poll(() => summaryOf(there)).toBe('Edited after the rotation');
  await expect.poll(async () => (await here.company.issue(here.key)).comments.length).toBe(1);

  await page.reload();
  await button.click();
  await expect(page.getByRole('alert').filter({ hasText: 'The key was rotated a moment ago.' })).toBeVisible();
  await page.goto(`${here.company.url}/audit`);
  await expect(page.getByText('Rotated the key of a connection')).toHaveCount(1);
  await there.page.goto(`${there.company.url}/audit`);
  await expect(there.page.getByText('A connection uses its new key').first()).toBeVisible();
});

async function nameOf({ company, page, id }: End): Promise<string> {
  await page.goto(`${company.url}/connections`);
  return (await rowOf(page, id).getByRole('rowheader').textContent())?.trim() ?? '';
}

/** One pass of everything that is due: what could have been sent has been. */
async function passOf(company: Company): Promise<void> {
  const answer = await fetch(`${company.url}/api/sync`, {
    method: 'POST',
    headers: { authorization: `Bearer ${company.syncToken}` },
  });
  expect(answer.status).toBe(200);
}
