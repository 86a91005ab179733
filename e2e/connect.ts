/** Steps of the wizards that several journeys share, by the labels an admin reads. */
import { expect } from './fixtures.ts';
import type { Page } from './fixtures.ts';

export async function chooseProject(page: Page, label: string, typed: string, option: string | RegExp): Promise<void> {
  const field = page.getByRole('combobox', { name: label });
  await field.click();
  await field.fill(typed);
  await page.getByRole('option', { name: option }).click();
}

/** From wherever the page is, also from the middle of a wizard. */
export async function openConnections(page: Page): Promise<void> {
  await page.goto(new URL('/connections', page.url()).href);
  await expect(page.getByRole('heading', { name: 'Connections', level: 1 })).toBeVisible();
}

/** "I don't have a URL", up to the invitation code. */
export async function initiateWithoutUrl(page: Page, project: { typed: string; option: string }): Promise<string> {
  await openConnections(page);
  await page
    .getByRole('button', { name: 'Initiate connection' })
    .or(page.getByRole('link', { name: 'Initiate connection' }))
    .first()
    .click();
  const dialog = page.getByRole('dialog', { name: 'Initiate connection' });
  await dialog.getByRole('checkbox', { name: "I don't have a URL" }).check();
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByRole('radio', { name: 'Basic' }).check();
  await dialog.getByRole('button', { name: 'Next' }).click();
  await chooseProject(page, 'Select Project', project.typed, project.option);
  await dialog.getByRole('button', { name: /Next|Initiate/ }).click();
  const code = dialog.getByRole('textbox', { name: 'Invitation code' });
  await expect(code).not.toHaveValue('');
  return code.inputValue();
}

export async function acceptInvitation(
  page: Page,
  code: string,
  project: { typed: string; option: string },
): Promise<void> {
  await openConnections(page);
  await page
    .getByRole('button', { name: 'Accept invitation' })
    .or(page.getByRole('link', { name: 'Accept invitation' }))
    .first()
    .click();
  const dialog = page.getByRole('dialog', { name: 'Accept invitation' });
  await dialog.getByRole('textbox', { name: 'Enter the invitation code' }).fill(code);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await chooseProject(page, 'Select Project', project.typed, project.option);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
}

/** From the Connections page to the first issue's "Synchronized"; the key of its twin. */
export async function exalateFirstIssue(page: Page, key: string): Promise<string> {
  await openConnections(page);
  await page
    .getByRole('button', { name: /^Actions for / })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Exalate' }).click();
  await expect(page.getByText('Sync your first issue to see how it works.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Issue key' }).fill(key);
  await page.getByRole('button', { name: 'Exalate', exact: true }).click();
  const status = page.getByRole('region', { name: 'Sync status' });
  await expect(status.getByRole('status')).toContainText('Synchronized', { timeout: 30_000 });
  const links = status.getByRole('link');
  await expect(links).toHaveCount(2);
  await expect(links.first()).toHaveText(key);
  return (await links.last().textContent())?.trim() ?? '';
}
