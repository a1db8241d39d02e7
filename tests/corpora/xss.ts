import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { sanitizeArticle } from '../../src/articles/intake/sanitize.ts';
import { launchBrowser } from '../support/browser.ts';
import type { Score } from './pages.ts';

/**
 * The document in which a reader would meet the payload: HTML, and the headers it is served with where they matter.
 * `as_it_came`: somebody's mail, whose links may lead out when clicked and whose pictures may load; no script may run.
 */
export type Shown = { body: string; headers?: Record<string, string>; as_it_came?: boolean };
export type Show = (payload: string) => Shown | Promise<Shown>;

const HOME = 'https://paper.test/';

/**
 * Loads every payload of the file (`[{ title, payload }]`) in Chromium inside the document that `show` makes of it, by
 * default an article as we keep it, hovers and clicks everything, and names the payloads with which anything ran.
 */
export async function scoreXss(file: string, show: Show = showArticle): Promise<Score> {
  const cases = JSON.parse(readFileSync(file, 'utf8')) as { title: string; payload: string }[];
  const browser = await launchBrowser();
  try {
    const failing: string[] = [];
    let desk = await newDesk(browser);
    for (const [at, { title, payload }] of cases.entries()) {
      const ran = await whatRan(desk, await show(payload));
      if (ran.length === 0) continue;
      failing.push(`${at + 1} ${title}: ${ran.join(', ')}`);
      await desk.page.context().close();
      desk = await newDesk(browser); // what came to life here may have more to say, which is not the next one's
    }
    return { right: cases.length - failing.length, of: cases.length, failing };
  } finally {
    await browser.close();
  }
}

/** The payload as the body of an article, after the sanitiser. */
export function showArticle(payload: string): Shown {
  return { body: `<!doctype html><title>x</title><article>${sanitizeArticle(payload, HOME)}</article>` };
}

/** A page of the browser, the document that it is to show, and what the present one did by itself or when touched. */
type Desk = { page: Page; shown?: Shown; ran: string[] };

/** What counts: scripts, dialogs, requests other than pictures, windows. */
async function newDesk(browser: Browser): Promise<Desk> {
  const context = await browser.newContext();
  const desk: Desk = { page: await context.newPage(), ran: [] };
  const { page } = desk;
  page.on('dialog', (dialog) => {
    desk.ran.push(`a dialog (${dialog.type()})`);
    dialog.dismiss().catch(() => {});
  });
  page.on('pageerror', (error) => desk.ran.push(`a script, badly (${error.message.split('\n')[0]})`));
  page.on('console', (message) => {
    if (message.args().length > 0) desk.ran.push(`console.${message.type()}`); // what the browser itself says has none
  });
  let harmless = false;
  page.on('popup', () => harmless || desk.ran.push('a window was opened'));
  await context.route('**/*', async (route) => {
    const request = route.request();
    const { shown } = desk;
    if (shown && request.url() === HOME && request.isNavigationRequest()) {
      harmless = shown.as_it_came ?? false;
      delete desk.shown;
      return route.fulfill({
        contentType: 'text/html; charset=utf-8',
        body: shown.body,
        headers: shown.headers ?? {},
      });
    }
    if (!harmless && request.resourceType() !== 'image')
      desk.ran.push(`a request (${request.resourceType()} ${request.url().slice(0, 80)})`);
    return route.abort();
  });
  await page.addInitScript(listen);
  return desk;
}

/** Shows the document, once, and touches everything in it. */
async function whatRan(desk: Desk, shown: Shown): Promise<string[]> {
  desk.shown = shown;
  await desk.page.goto(HOME);
  desk.ran.push(...(await touched(desk.page)));
  return [...new Set(desk.ran)];
}

/** In the page, before anything of it: every way in which a payload likes to show that it ran. */
function listen(): void {
  const heard: string[] = [];
  Object.defineProperty(window, '__ran', { value: heard, writable: false, configurable: false });
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'postMessage'])
    Object.defineProperty(window, name, { value: () => void heard.push(`${name}()`), configurable: false });
}

async function touched(page: Page): Promise<string[]> {
  try {
    await page.evaluate(() => {
      const harmless = (link: HTMLAnchorElement | null) => link && /^(https?|mailto):$/.test(link.protocol);
      addEventListener(
        'click',
        (event) => harmless((event.target as Element).closest('a')) && event.preventDefault(),
        true,
      );
      for (const element of document.querySelectorAll('*')) {
        for (const type of ['mouseover', 'mouseenter', 'focus', 'pointerdown', 'animationstart', 'toggle'])
          element.dispatchEvent(new Event(type, { bubbles: true }));
        element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
      }
    });
    await page.waitForTimeout(20); // not a timer of the page's own: where scripts are off it would never ring
    return await page.evaluate(() => (window as unknown as { __ran?: string[] }).__ran ?? []);
  } catch (error) {
    return [`it left the page (${String(error).split('\n')[0]})`];
  }
}
