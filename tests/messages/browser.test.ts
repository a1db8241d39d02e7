import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { EditionModel } from '../../src/editions/model.ts';
import { fillPlate, makePlate } from '../../src/messages/plate.ts';
import { assertAccessible } from '../support/accessible.ts';
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
  view: { width: number },
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const { html } = fillPlate(await makePlate(edition, 'strip-top'), blanks);
  const context = await browser.newContext({ viewport: { width: view.width, height: 900 } });
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

test('an edition can be read and heard by everybody, in light and in the dark', async () => {
  await show(model, { width: 640 }, (page) =>
    assertAccessible(page, 'the edition', ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']),
  );
});

test('axe would have noticed', async () => {
  await show(model, { width: 640 }, async (page) => {
    await page.evaluate(() => document.documentElement.removeAttribute('lang'));
    await assert.rejects(assertAccessible(page, 'an edition in no language', ['wcag2a']), /html-has-lang/);
  });
});

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
