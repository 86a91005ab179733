/** Two companies that are connected, for journeys that are about something else. Each leaves none of it behind. */
import { acceptInvitation, initiateWithoutUrl, openConnections } from './connect.ts';
import { expect } from './fixtures.ts';
import type { Company, Page } from './fixtures.ts';

/** Connects TEST of the first company with DEV of the other; gives the connection's name over here. */
export async function connectCompanies(adminA: Page, adminB: Page): Promise<string> {
  const code = await initiateWithoutUrl(adminA, { typed: 'TEST', option: 'Test (TEST)' });
  await acceptInvitation(adminB, code, { typed: 'DEV', option: 'Development (DEV)' });
  await expect(adminB.getByText('Connection established successfully')).toBeVisible();
  await openConnections(adminA);
  // The newest is the first.
  const row = adminA
    .getByRole('row')
    .filter({ has: adminA.getByRole('rowheader') })
    .first();
  await expect(row).toContainText('Active');
  return ((await row.getByRole('rowheader').textContent()) ?? '').trim();
}

/** Deletes the newest connection. */
export async function disconnect(page: Page): Promise<void> {
  await openConnections(page);
  await page
    .getByRole('button', { name: /^Actions for / })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'is deleted' })).toBeVisible();
}

export async function newIssue(company: Company, project: string, fields: object = {}): Promise<string> {
  const created = await company.rest('POST', '/issue', {
    fields: { project: { key: project }, issuetype: { name: 'Task' }, summary: 'An issue of a test', ...fields },
  });
  return (created as { key: string }).key;
}
