/** How a page looks to axe and to a narrow window, in both themes. */
import AxeBuilder from '@axe-core/playwright';
import { expect } from './fixtures.ts';
import type { Page } from './fixtures.ts';

/** No serious finding of axe, and nothing wider than the window: in each theme at each width. */
export async function looksRight(page: Page, what: string): Promise<void> {
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 });
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      const where = `${what}, ${theme}, ${width} px`;
      // An open menu takes its new place a moment after the window has its new width.
      await expect
        .configure({ soft: true })
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), {
          message: `${where}: wider than the window by`,
        })
        .toBeLessThanOrEqual(0);
      const look = () =>
        new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
          // Where Base UI keeps the focus inside an open menu: they hand it on at once, so nobody ever stands on one.
          .exclude('[data-base-ui-focus-guard]')
          .analyze();
      // A page that was loaded anew meanwhile is looked at again.
      const { violations } = await look().catch(async () => {
        await page.waitForLoadState();
        return look();
      });
      const serious = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
      expect.soft(serious, where).toEqual([]);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}
