import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import type { EditionModel } from '../../src/editions/model.ts';
import { fillPlate, makePlate } from '../../src/messages/plate.ts';
import { launchBrowser } from '../support/browser.ts';
import { arabicEdition, modelImage, modelItem, sampleEdition } from '../support/edition-model.ts';

const { model, blanks } = sampleEdition();
let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

/** Shows an edition as a client would, with its pictures blocked: no request leaves the test. */
async function show(
  edition: EditionModel,
  view: { width: number; scheme?: 'light' | 'dark' },
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const { html } = fillPlate(await makePlate(edition, 'strip-top'), blanks);
  const context = await browser.newContext({
    viewport: { width: view.width, height: 900 },
    colorScheme: view.scheme ?? 'light',
  });
  try {
    const page = await context.newPage();
    await page.route('**/*', (route) =>
      route.request().url() === 'https://mail.test/'
        ? route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' })
        : route.abort(),
    );
    await page.goto('https://mail.test/');
    await look(page);
  } finally {
    await context.close();
  }
}

for (const scheme of ['light', 'dark'] as const) {
  test(`an edition can be read and heard by everybody, in the ${scheme}`, async () => {
    await show(model, { width: 640, scheme }, async (page) => {
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze();
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
        [],
      );
    });
  });
}

test('words that cannot be broken do not push an edition over the edge of a phone', async () => {
  const item = modelItem({
    headline: 'W'.repeat(90),
    byline: 'X'.repeat(90),
    summary: `${'y'.repeat(120)} ${'e\u0301\u0302'.repeat(90)}`,
    image: modelImage({ caption: 'C'.repeat(90) }),
  });
  const hard = { ...model, lead: item, top: [item, { ...item, image: null }], briefs: [item] };
  for (const edition of [model, hard, arabicEdition()]) {
    await show(edition, { width: 375 }, async (page) => {
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.equal(over, 0);
    });
  }
});
