import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { correctEdition } from '../../src/editions/corrections/correct.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import { listItems } from '../../src/editions/item.ts';
import { assertAccessible } from '../support/accessible.ts';
import { launchBrowser } from '../support/browser.ts';
import { freshDatabase } from '../support/database.ts';
import { AT_THE_DESK, openDesk, signInPath } from '../support/desk.ts';
import { sampleEdition } from '../support/edition-model.ts';
import { served } from '../support/serve.ts';

const db = await freshDatabase();
const { edition, staff, at } = await openDesk(db);
const url = await served(at.app);
const here = `${url}/desk/editions/${edition.id}`;
let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

async function open(member: keyof typeof staff, { javaScriptEnabled = true } = {}): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 1500, height: 950 } });
  const page = await context.newPage();
  page.on('pageerror', (error) => assert.fail(`the page threw: ${error.message}`));
  await page.goto(url + (await signInPath(at, staff[member])));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/account/);
  await page.goto(here);
  return page;
}
/** Friday's edition, gone, with a correction of it; returns its id. */
async function pressedEdition(): Promise<number> {
  const { model } = sampleEdition();
  const press_at = AT_THE_DESK.subtract({ hours: 72 });
  const { id } = await db
    .insertInto('editions')
    .values({
      ...{ publication_id: edition.publication_id, edition_on: Temporal.PlainDate.from('2026-11-20') },
      ...{ state: 'pressed', layout: 'full', subject: model.subject, preheader: model.preheader },
      ...{ model: JSON.stringify(model), pressed_at: press_at, composed_at: press_at },
      ...{ cutoff_at: press_at, press_at, stale_at: press_at },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const by = { staff_id: null, name: 'Dora' };
  const wrong = { article_id: null, severity: 'fact', wrong: 'Spending vote', right: 'Budget vote' } as const;
  await correctEdition(db, id, { ...wrong, by, now: AT_THE_DESK });
  return id;
}
const items = () => listItems(db, edition.id);
const headlines = async () => (await items()).map((row) => row.headline ?? row.article_headline);
/** Waits until the database says so: the page is quicker to change than the answer to come. */
async function until(what: () => Promise<boolean>, why: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  assert.fail(`it never came to this: ${why}`);
}

test('every page of the desk is clean to axe, on a desktop, in the dark and on a phone', async () => {
  const page = await open('dora');
  await assertAccessible(page, 'the desk');
  await page.locator('.item-words summary').first().click();
  await page.locator('[data-act="approve"] summary').click();
  await assertAccessible(page, 'the desk, opened');
  await page.goto(`${url}/desk`);
  await assertAccessible(page, 'the days');
  await page.goto(`${url}/desk/newsletters/dome-daily`);
  await page.getByText('Add a feed').click();
  await page.getByText('Publish nothing').first().click();
  await assertAccessible(page, 'calendar and feeds');
  await page.getByRole('button', { name: 'Rehearse them' }).click();
  await page.getByText('Projection').waitFor();
  await assertAccessible(page, 'the coming days');
  await page.goto(`${here}/review`);
  await page.getByText('Hold it').first().click();
  await assertAccessible(page, 'the review');
  await page.goto(`${here}/history?from=1&to=1`);
  await assertAccessible(page, 'the history');
  for (const on of ['order', 'outlook', 'text']) {
    await page.goto(`${here}?on=${on}&beside=dark`);
    await assertAccessible(page, `the desk with the view ${on} beside another`);
  }
  await page.goto(`${url}/desk/newsletters/dome-daily/days/2026-11-24`);
  await assertAccessible(page, 'a day to come');
  const gone = await pressedEdition();
  await page.goto(`${url}/desk/editions/${gone}`);
  await page.getByText('Correct this edition').click();
  await assertAccessible(page, 'an edition that has gone, to be corrected');
  await page.context().close();
});

test('an edition is shaped, undone, and approved by keyboard alone, without a reload', async () => {
  const page = await open('dora');
  await page.evaluate(() => {
    (globalThis as { stayed?: boolean }).stayed = true;
  });
  const before = await headlines();
  const keys = async (...pressed: string[]) => {
    for (const key of pressed) await page.keyboard.press(key);
  };
  await keys('j', 'j', 'j', 'l'); // the third story becomes the lead
  await until(async () => (await headlines())[0] === before[2], 'the third story leads');
  await page.locator('.part[data-place="lead"] .item', { hasText: before[2] as string }).waitFor();
  await keys('x');
  await until(async () => !(await headlines()).includes(before[2] as string), 'it is dropped');
  await page.locator('summary', { hasText: 'Dropped: 1' }).waitFor();
  await keys('Control+z');
  await until(async () => (await headlines())[0] === before[2], 'the drop is undone');
  await page.locator('.part[data-place="lead"] .item').waitFor();
  await keys('Control+z');
  await until(async () => (await headlines())[0] === before[0], 'and the new lead too');
  await page.locator('.part[data-place="lead"] .item', { hasText: before[0] as string }).waitFor();

  await keys('k', 'k', 'k', 'k', 'e');
  await page.keyboard.type('Written by keyboard');
  await keys('Enter');
  await until(async () => (await headlines())[0] === 'Written by keyboard', 'a headline is written');
  await page.locator('.item-headline', { hasText: 'Written by keyboard' }).waitFor();
  await page.frameLocator('iframe.mail').getByRole('link', { name: 'Written by keyboard' }).first().waitFor();
  assert.equal(
    await page.evaluate(() => (globalThis as { stayed?: boolean }).stayed),
    true,
    'no page was loaded anew',
  );

  await keys('Escape', '?');
  await page.getByRole('heading', { name: 'Keys' }).waitFor();
  assert.match(await page.locator('#key-list').innerText(), /Ctrl\+Shift\+Z/);
  await keys('Escape', 'Control+Enter', 'Enter');
  await until(async () => (await requireEdition(db, edition.id)).state === 'approved', 'it is approved');
  await page.context().close();
});

test('two editors on one headline: the second sees both texts, and what they typed is still theirs', async () => {
  const [eve, dora] = [await open('eve'), await open('dora')];
  const type = async (page: Page, words: string) => {
    const item = page.locator('.item').nth(1);
    await item.locator('.item-words > summary').click();
    await item.getByLabel('Headline').fill(words);
  };
  const save = (page: Page) => page.locator('.item').nth(1).getByRole('button', { name: 'Save' }).click();
  await type(eve, 'By Eve');
  await type(dora, 'By Dora');
  await save(dora);
  await dora.locator('.item-headline', { hasText: 'By Dora' }).waitFor();
  await save(eve);
  await eve.getByRole('heading', { name: 'Dora was quicker' }).waitFor();
  await assertAccessible(eve, 'two texts');
  assert.match(await eve.locator('.clash-texts').innerText(), /By Dora/);
  assert.equal(await eve.getByLabel('You wrote').inputValue(), 'By Eve');
  await eve.getByRole('button', { name: 'Take what I wrote' }).click();
  await eve.locator('.item-headline', { hasText: 'By Eve' }).waitFor();
  assert.equal((await headlines())[1], 'By Eve');
  for (const page of [eve, dora]) await page.context().close();
});

test('who else is at the desk is seen, with the field they are at, and their change comes by itself', async () => {
  const [eve, dora] = [await open('eve'), await open('dora')];
  await dora.locator('[data-present]', { hasText: 'Eve is here' }).waitFor();
  const item = eve.locator('.item').nth(3);
  await item.locator('.item-words > summary').click();
  await item.getByLabel('Headline').focus();
  await dora.locator('[data-present]', { hasText: /Eve is at “Headline/ }).waitFor();
  await item.getByLabel('Headline').fill('It comes by itself');
  await item.getByRole('button', { name: 'Save' }).click();
  await dora.locator('.item-headline', { hasText: 'It comes by itself' }).waitFor();
  for (const page of [eve, dora]) await page.context().close();
});

test('the mail follows what is typed before it is saved, and nothing is saved by it', async () => {
  const page = await open('eve');
  const item = page.locator('.item').nth(2);
  await item.locator('.item-words > summary').click();
  await item.getByLabel('Headline').pressSequentially('As it is typed');
  await page.frameLocator('iframe.mail').getByRole('link', { name: 'As it is typed' }).first().waitFor();
  assert.notEqual((await headlines())[2], 'As it is typed');
  await page.evaluate(() => localStorage.clear());
  await page.context().close();
});

test('what is typed and not saved is there again after a reload', async () => {
  const page = await open('eve');
  await page.locator('.item-words > summary').nth(2).click();
  const box = page.locator('.item').nth(1).getByLabel('Summary');
  await page
    .locator('.item')
    .nth(1)
    .locator('.item-words')
    .evaluate((one) => ((one as HTMLDetailsElement).open = true));
  await box.fill('Half a sentence that');
  await page.reload();
  assert.equal(await page.locator('.item').nth(1).getByLabel('Summary').inputValue(), 'Half a sentence that');
  await page.context().close();
});

test('a story is dragged with a pointer to stand before another', async () => {
  const page = await open('eve');
  const before = await items();
  const moved = before[3]!;
  await page
    .locator(`[data-item="${moved.id}"] .item-head`)
    .dragTo(page.locator(`[data-item="${before[1]!.id}"] .item-head`));
  await until(async () => (await items())[1]!.id === moved.id, 'the third top story is the first');
  await page.context().close();
});

test('a key is changed in the list behind "?", for this browser; one that is taken is left to what it does', async () => {
  const page = await open('eve');
  await page.keyboard.press('?');
  const box = page.getByLabel('Key for: Drop it');
  await box.fill('p');
  await box.blur();
  assert.equal(await box.inputValue(), 'x', 'P pins');
  await box.fill('q');
  await box.blur();
  await page.keyboard.press('Escape');
  await page.reload();
  const before = (await items()).length;
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('q');
  await until(async () => (await items()).length === before - 1, 'the story is dropped');
  await page.keyboard.press('Control+z');
  await until(async () => (await items()).length === before, 'and back');
  await page.context().close();
});
