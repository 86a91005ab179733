/** Nothing that an admin is reading or about to click moves when data arrives: by the browser's own measure. */
import { acceptInvitation, chooseProject } from './connect.ts';
import { builtPages } from './attack-surface.ts';
import { expect, test } from './fixtures.ts';
import type { Page } from './fixtures.ts';
import type { Request } from '@playwright/test';
import {
  connectionIn,
  deleteConnection,
  development,
  exalate,
  initiateDialog,
  invite,
  newIssue,
  openInitiate,
  rowOf,
  testProject,
} from './wizard.ts';

interface Shift {
  value: number;
  what: string[];
}

declare global {
  interface Window {
    shifts?: Shift[];
  }
}

/** Counts what the Layout Instability API reports, but for the half second after somebody typed or clicked. */
async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Node | null }[];
      })[]) {
        if (entry.hadRecentInput) continue;
        const what = entry.sources.map(({ node }) =>
          node instanceof Element
            ? `<${node.tagName.toLowerCase()}> ${node.textContent.trim().slice(0, 40)}`
            : String(node?.textContent),
        );
        window.shifts?.push({ value: entry.value, what });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

async function expectSteady(page: Page, where: string): Promise<void> {
  const shifts = await page.evaluate(() => window.shifts?.splice(0) ?? []);
  const total = shifts.reduce((sum, { value }) => sum + value, 0);
  // One line that moves a page down counts 0.01; what is called good is below 0.1 (https://web.dev/articles/cls).
  expect.soft(total, `${where}: ${JSON.stringify(shifts)}`).toBeLessThan(0.001);
}

/** Answers come later than the half second in which everything may move. */
async function slowDown(page: Page): Promise<void> {
  await page.route(
    (url) => url.pathname !== '/api/events',
    async (route) => {
      const { rsc, 'next-action': action } = route.request().headers();
      const late = rsc !== undefined || action !== undefined || route.request().url().endsWith('/api/destination');
      if (late) await new Promise((resolve) => setTimeout(resolve, 700));
      await route.continue().catch(() => undefined);
    },
  );
}

/** Until what the page fetched by itself after it was opened is there: the stream tells it at its beginning to look again. */
async function refreshed(page: Page, open: () => Promise<unknown>): Promise<void> {
  const ofRouter = (request: Request): boolean => request.headers()['rsc'] !== undefined;
  // The router stops reading as soon as it has what it needs, which the browser may call a failure.
  const done = Promise.race([
    page.waitForEvent('requestfinished', ofRouter),
    page.waitForEvent('requestfailed', ofRouter),
  ]);
  await open();
  await done;
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

test('nothing moves when data arrives', async ({ a, b, signedIn }) => {
  test.setTimeout(180_000);
  const page = await signedIn(a);
  const partner = await signedIn(b);
  await watchShifts(page);
  await slowDown(page);
  const { id, code } = await invite(page, b.url, testProject);
  let other = '';

  await test.step('a connection becomes active', async () => {
    await page.goto(`${a.url}/connections`);
    await expect(rowOf(page, id)).toContainText('Pending');
    await acceptInvitation(partner, code, development);
    await expect(partner.getByText('Connection established successfully')).toBeVisible();
    other = connectionIn(partner);
    await expect(rowOf(page, id)).toContainText('Active');
    await expectSteady(page, 'Connections');
  });
  await test.step('the first issue comes into sync', async () => {
    await exalate(page, id, await newIssue(a, 'TEST', 'It stands still'));
    await expectSteady(page, 'the first issue');
  });
  for (const width of [1280, 320])
    await test.step(`every page, at ${width} px`, async () => {
      await page.setViewportSize({ width, height: 800 });
      for (const { path } of await builtPages()) {
        if (['/', '/login', '/setup', '/connections/new', '/connections/accept'].includes(path)) continue;
        await refreshed(page, () => page.goto(a.url + path.replace('[id]', id)));
        await expectSteady(page, `${path}, ${width} px`);
      }
    });
  await page.setViewportSize({ width: 1280, height: 800 });
  await test.step('from page to page', async () => {
    const navigation = page.getByRole('navigation').first();
    for (const name of await navigation.getByRole('link').allTextContents()) {
      await refreshed(page, () => navigation.getByRole('link', { name }).click());
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectSteady(page, `to ${name}`);
    }
  });
  await test.step('the wizard finds the destination and the projects', async () => {
    await openInitiate(page);
    const dialog = initiateDialog(page);
    await dialog.getByRole('textbox', { name: 'Destination instance URL' }).fill(b.url);
    await dialog.getByRole('button', { name: 'Next' }).click();
    await dialog.getByRole('radio', { name: 'Basic' }).check();
    await dialog.getByRole('button', { name: 'Next' }).click();
    await chooseProject(page, 'Select Project', testProject.typed, testProject.option);
    await expectSteady(page, 'the wizard');
  });
  await deleteConnection(page, id);
  await deleteConnection(partner, other);
});
