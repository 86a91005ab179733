import { connectCompanies, disconnect } from './connected.ts';
import { expect, fillSignIn, test } from './fixtures.ts';
import type { Page } from './fixtures.ts';

/** Keeps the scripts of the pages to come from arriving, until it is told to let them through. */
async function holdScripts(page: Page): Promise<{ release: () => void }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(/\/_next\/static\/.*\.js/, async (route) => {
    await promise;
    await route.continue();
  });
  return { release: resolve };
}

test('a field takes text only once the page keeps it', async ({ a, b, signedIn }) => {
  const page = await signedIn(a);
  const partner = await signedIn(b);
  await connectCompanies(page, partner);
  const connection = await page.getByRole('rowheader').first().getByRole('link').getAttribute('href');
  for (const [path, label] of [
    ['/settings', 'Recipients'],
    [`${connection}?tab=info`, 'Description'],
    [`${connection}?tab=first-issue`, 'Issue key'],
    ['/bulk-connect', 'Or paste the pairs'],
  ] as const) {
    const scripts = await holdScripts(page);
    await page.goto(a.url + path, { waitUntil: 'commit' });
    const field = page.getByRole('textbox', { name: label });
    await expect(field, path).toBeVisible();
    await expect(field, path).not.toBeEditable();
    scripts.release();
    await field.fill('typed at once');
    await expect(field, path).toHaveValue('typed at once');
    await page.unrouteAll();
  }
  await disconnect(page);
  await disconnect(partner);
});

test('what is typed at sign-in before the page has come to life is kept', async ({ a, page }) => {
  const scripts = await holdScripts(page);
  await page.goto(`${a.url}/settings`, { waitUntil: 'commit' });
  await page.getByRole('textbox', { name: 'Username' }).fill('admin');
  scripts.release();
  await expect(page.getByRole('textbox', { name: 'Username' })).toHaveValue('admin');
  await fillSignIn(page);
  await expect(page.getByRole('heading', { name: 'General Settings', level: 1 })).toBeVisible();
});
