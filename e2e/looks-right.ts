import AxeBuilder from '@axe-core/playwright';
import { expect } from './fixtures.ts';
import type { Page } from './fixtures.ts';

/** Both themes and both widths, each once: colours do not depend on the width, nor the layout on colours. */
const looks = [
  { theme: 'light', width: 1280 },
  { theme: 'dark', width: 320 },
] as const;

/** Looks at what is shown now: no serious finding of axe, and nothing wider than the window. */
export async function looksRight(page: Page, what: string): Promise<void> {
  for (const { theme, width } of looks) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    const where = `${what}, ${theme}, ${width} px`;
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(wider, `${where}: wider than the window by`).toBeLessThanOrEqual(0);
    const look = () => new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
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
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}
