import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** How a page is looked at, and the rules of axe that can come out otherwise under it; none: all. */
const LOOKS = [
  { look: 'light', scheme: 'light', width: 1280, height: 900 },
  { look: 'dark', scheme: 'dark', width: 1280, height: 900, rules: ['color-contrast'] },
  {
    look: 'phone',
    scheme: 'light',
    width: 320,
    height: 640,
    rules: ['target-size', 'meta-viewport', 'scrollable-region-focusable'],
  },
] as const;

/**
 * Asserts of the page that `page` shows that axe finds nothing, in light and in the dark, and that it fits a desktop and
 * a phone. What a frame holds is left out: a mail is its sender's, and runs no script that could look at it.
 * `tags`: the rules of axe to hold to, none: all.
 */
export async function assertAccessible(page: Page, name: string, tags?: string[]): Promise<void> {
  await page.evaluate(axe.source); // a third of a second, so once for all looks
  for (const { look, scheme, width, height, ...rest } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
    const { found, sideways } = await page.evaluate(
      async (runOnly) => {
        const run = (globalThis as unknown as { axe: typeof axe }).axe.run;
        const { violations } = await run(
          { exclude: [['iframe']] },
          { resultTypes: ['violations'], ...(runOnly && { runOnly }) },
        );
        return {
          found: violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
          sideways: document.documentElement.scrollWidth - innerWidth,
        };
      },
      'rules' in rest ? [...rest.rules] : tags,
    );
    assert.deepEqual(found, [], `${name}, ${look}`);
    assert.ok(sideways <= 0, `${name}, ${look}, is ${sideways} pixels too wide`);
  }
}
