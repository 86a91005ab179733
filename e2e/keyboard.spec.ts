import { expect, test } from './fixtures.ts';
import type { Page } from './fixtures.ts';
import { connectionIn, deleteConnection, newIssue } from './wizard.ts';

/** What a person does: each field filled and each control pressed is one action; moving the focus is not counted, but done. */
class Hands {
  actions = 0;
  readonly startedMs = Date.now();
  page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Tab until the control has the focus; arrows where a group of radios has it. */
  async reach(role: Parameters<Page['getByRole']>[0], name: string | RegExp): Promise<void> {
    const target = this.page.getByRole(role, { name, exact: typeof name === 'string' }).first();
    await expect(target).toBeVisible();
    await expect(target).toBeEnabled();
    const focused = (): Promise<boolean> => target.evaluate((element) => element === document.activeElement);
    for (let presses = 0; presses < 60; presses += 1) {
      if (await focused()) return;
      const inGroup = role === 'radio' && (await this.page.locator('input[type=radio]:focus').count()) > 0;
      await this.page.keyboard.press(inGroup ? 'ArrowDown' : 'Tab');
    }
    // Links before it may be many; the other way round is shorter.
    expect(await focused(), `${role} ${name} can be reached by Tab`).toBe(true);
  }

  async press(role: Parameters<Page['getByRole']>[0], name: string | RegExp, key = 'Enter'): Promise<void> {
    await this.reach(role, name);
    await this.page.keyboard.press(key);
    this.actions += 1;
  }

  async type(role: Parameters<Page['getByRole']>[0], name: string, text: string): Promise<void> {
    await this.reach(role, name);
    await this.page.keyboard.insertText(text);
    this.actions += 1;
  }

  /** Type to filter, Enter to take what fits. */
  async choose(name: string, typed: string): Promise<void> {
    await this.reach('combobox', name);
    await this.page.keyboard.type(typed);
    await expect(this.page.getByRole('option').first()).toBeVisible();
    await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Enter');
    this.actions += 1;
  }

  async waitForTwin(): Promise<void> {
    const status = this.page.getByRole('region', { name: 'Sync status' }).getByRole('status');
    await expect(status).toContainText('Synchronized', { timeout: 30_000 });
  }

  report(what: string): { actions: number; seconds: number } {
    const seconds = (Date.now() - this.startedMs) / 1000;
    console.log(`${what}: ${this.actions} actions, ${seconds.toFixed(1)} s from Connections to the first synced issue`);
    return { actions: this.actions, seconds };
  }
}

async function toAdminAccess(hands: Hands, url: string): Promise<void> {
  await hands.press('button', 'Initiate connection');
  await hands.type('textbox', 'Destination instance URL', url);
  await hands.press('button', 'Next');
  await hands.press('radio', 'Basic', 'Space');
  await hands.press('button', 'Next');
  await hands.choose('Select Project', 'Test (TEST)');
  await hands.press('button', 'Next');
}

async function firstIssue(hands: Hands, key: string): Promise<void> {
  await hands.type('textbox', 'Issue key', key);
  await hands.press('button', 'Exalate');
  await hands.waitForTwin();
}

test('with admin access over there, by keyboard alone', async ({ a, b, signedIn }) => {
  const page = await signedIn(a);
  // Signed in over there too: what is counted are the actions of the wizards.
  const cookies = await (await signedIn(b)).context().cookies();
  await page.context().addCookies(cookies);
  const key = await newIssue(b, 'SUP', 'By keyboard, with access');

  const hands = new Hands(page);
  await toAdminAccess(hands, b.url);
  await hands.press('radio', 'Yes, I have admin access', 'Space');
  await hands.press('button', 'Initiate');
  await page.waitForURL(`${b.url}/connections/accept**`);
  await hands.choose('Select Project', 'Support (SUP)');
  await hands.press('button', 'Confirm');
  await firstIssue(hands, key);
  const { actions, seconds } = hands.report('With admin access');
  expect(actions).toBeLessThanOrEqual(14);
  expect(seconds).toBeLessThanOrEqual(90);

  await deleteConnection(page, connectionIn(page));
  await page.goto(`${a.url}/connections`);
  await deleteNewest(page);
});

test('by invitation, by keyboard alone', async ({ a, b, signedIn }) => {
  const page = await signedIn(a);
  const partner = await signedIn(b);
  const key = await newIssue(b, 'DEV', 'By keyboard, by invitation');

  const hands = new Hands(page);
  await toAdminAccess(hands, b.url);
  await hands.press('radio', "No, I don't have admin access", 'Space');
  await hands.press('button', 'Initiate');
  await hands.press('button', 'Copy invitation code');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^eyJ/);
  const code = await page.evaluate(() => navigator.clipboard.readText());

  hands.page = partner;
  await hands.press('button', 'Accept invitation');
  await hands.type('textbox', 'Enter the invitation code', code);
  await hands.press('button', 'Next');
  await hands.choose('Select Project', 'Development (DEV)');
  await hands.press('button', 'Confirm');
  await firstIssue(hands, key);
  const { actions, seconds } = hands.report('By invitation');
  expect(actions).toBeLessThanOrEqual(17);
  expect(seconds).toBeLessThanOrEqual(90);

  await deleteConnection(partner, connectionIn(partner));
  await page.goto(`${a.url}/connections`);
  await deleteNewest(page);
});

async function deleteNewest(page: Page): Promise<void> {
  const href = await page.getByRole('rowheader').first().getByRole('link').getAttribute('href');
  await deleteConnection(page, (href ?? '').replace('/connections/', ''));
}
