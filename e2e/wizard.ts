/** Steps of the initiate wizard and of the connections table, for journeys that own the connections they make. */
import { chooseProject, openConnections } from './connect.ts';
import { expect } from './fixtures.ts';
import type { Company, Page } from './fixtures.ts';

export interface ProjectChoice {
  typed: string;
  option: string;
}

export const testProject = { typed: 'TEST', option: 'Test (TEST)' } satisfies ProjectChoice;
export const support = { typed: 'SUP', option: 'Support (SUP)' } satisfies ProjectChoice;
export const development = { typed: 'DEV', option: 'Development (DEV)' } satisfies ProjectChoice;

/** The dialog, at its first step. */
export async function openInitiate(page: Page) {
  await page.goto(new URL('/connections/new', page.url()).href);
  return initiateDialog(page);
}

export function initiateDialog(page: Page) {
  return page.getByRole('dialog', { name: 'Initiate connection' });
}

export function acceptDialog(page: Page) {
  return page.getByRole('dialog', { name: 'Accept invitation' });
}

/** Looks up `url` and chooses Basic; the dialog is at its project step afterwards. */
export async function toProjectStep(page: Page, url: string): Promise<void> {
  const dialog = await openInitiate(page);
  await dialog.getByRole('textbox', { name: 'Destination instance URL' }).fill(url);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('radio', { name: 'Basic' }).check();
  await dialog.getByRole('button', { name: 'Next' }).click();
  await expect(dialog.getByRole('heading', { name: 'Select a project for the incoming sync' })).toBeVisible();
}

/** Up to the question about admin access, which is answered with `access`. */
export async function toAccessStep(page: Page, url: string, project: ProjectChoice, access: string): Promise<void> {
  await toProjectStep(page, url);
  const dialog = initiateDialog(page);
  await chooseProject(page, 'Select Project', project.typed, project.option);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('radio', { name: access }).check();
}

/** A pending connection with a known destination: its id and invitation code. */
export async function invite(page: Page, url: string, project: ProjectChoice): Promise<{ id: string; code: string }> {
  await toAccessStep(page, url, project, "No, I don't have admin access");
  const dialog = initiateDialog(page);
  await dialog.getByRole('button', { name: 'Initiate' }).click();
  const field = dialog.getByRole('textbox', { name: 'Invitation code' });
  await expect(field).not.toHaveValue('');
  return { id: await listed(page), code: await field.inputValue() };
}

/** Waits until the list behind the dialog shows the new connection: leaving the page before that races with its refresh. */
export async function listed(page: Page): Promise<string> {
  const id = connectionIn(page);
  await page.locator(`a[href="/connections/${id}"]`).first().waitFor({ state: 'attached' });
  return id;
}

/** The id of the connection that the invitation step shows, or that the page is about. */
export function connectionIn(page: Page): string {
  const url = new URL(page.url());
  const wizard = new URLSearchParams(url.hash.slice(1));
  return wizard.get('connection') ?? /\/connections\/([0-9a-f-]{36})/.exec(url.pathname)?.[1] ?? '';
}

export function rowOf(page: Page, id: string) {
  return page.getByRole('row').filter({ has: page.locator(`a[href="/connections/${id}"]`) });
}

export async function chooseInRow(page: Page, id: string, item: string): Promise<void> {
  await rowOf(page, id)
    .getByRole('button', { name: /^Actions for / })
    .click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

export async function deleteConnection(page: Page, id: string): Promise<void> {
  await openConnections(page);
  await chooseInRow(page, id, 'Delete');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(rowOf(page, id)).toHaveCount(0);
}

/** Exalates an issue by one connection; the key of its twin. */
export async function exalate(page: Page, connection: string, key: string): Promise<string> {
  await page.goto(new URL(`/connections/${connection}?tab=first-issue`, page.url()).href);
  await page.getByRole('textbox', { name: 'Issue key' }).fill(key);
  await page.getByRole('button', { name: 'Exalate', exact: true }).click();
  const status = page.getByRole('region', { name: 'Sync status' });
  await expect(status.getByRole('status')).toContainText('Synchronized', { timeout: 30_000 });
  return (await status.getByRole('link').last().textContent())?.trim() ?? '';
}

export async function newIssue(company: Company, project: string, summary: string): Promise<string> {
  const made = await company.rest('POST', '/issue', {
    fields: { project: { key: project }, issuetype: { name: 'Task' }, summary },
  });
  return (made as { key: string }).key;
}

/** Runs passes until one found nothing to do any more. */
export async function untilQuiet(company: Company): Promise<void> {
  await expect
    .poll(
      async () => {
        const answer = await fetch(`${company.url}/api/sync`, {
          method: 'POST',
          headers: { authorization: `Bearer ${company.syncToken}` },
        });
        const { changed, lanes, remaining } = (await answer.json()) as {
          changed: number;
          lanes: { done: number; busy: number };
          remaining: number;
        };
        return changed + lanes.done + lanes.busy + remaining;
      },
      { timeout: 20_000 },
    )
    .toBe(0);
}
