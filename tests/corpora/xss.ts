import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { sanitizeArticle } from '../../src/articles/sanitize.ts';
import { launchBrowser } from '../support/browser.ts';
import type { Score } from './pages.ts';

/** Makes the document in which a reader would meet the payload, as HTML. */
export type Show = (payload: string) => string | Promise<string>;

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
    for (const [at, { title, payload }] of cases.entries()) {
      const ran = await whatRan(browser, await show(payload));
      if (ran.length > 0) failing.push(`${at + 1} ${title}: ${ran.join(', ')}`);
    }
    return { right: cases.length - failing.length, of: cases.length, failing };
  } finally {
    await browser.close();
  }
}

/** The payload as the body of an article, after the sanitiser. */
function showArticle(payload: string): string {
  return `<!doctype html><title>x</title><article>${sanitizeArticle(payload, HOME)}</article>`;
}

/** Everything that a document did by itself or when touched: scripts, dialogs, requests other than pictures, leaving. */
async function whatRan(browser: Browser, html: string): Promise<string[]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const ran: string[] = [];
  let served = false;
  page.on('dialog', (dialog) => {
    ran.push(`a dialog (${dialog.type()})`);
    dialog.dismiss().catch(() => {});
  });
  page.on('pageerror', (error) => ran.push(`a script, badly (${error.message.split('\n')[0]})`));
  page.on('console', (message) => message.type() !== 'error' && ran.push(`console.${message.type()}`));
  page.on('popup', () => ran.push('a window was opened'));
  await context.route('**/*', async (route) => {
    const request = route.request();
    const first = request.url() === HOME && request.isNavigationRequest() && !served;
    if (first) {
      served = true;
      return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html });
    }
    if (request.resourceType() !== 'image')
      ran.push(`a request (${request.resourceType()} ${request.url().slice(0, 80)})`);
    return route.abort();
  });
  await page.addInitScript(listen);
  await page.goto(HOME);
  ran.push(...(await touched(page)));
  await context.close();
  return [...new Set(ran)];
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
    return await page.evaluate(async () => {
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
      await new Promise((resolve) => setTimeout(resolve, 20));
      return (window as unknown as { __ran: string[] }).__ran;
    });
  } catch (error) {
    return [`it left the page (${String(error).split('\n')[0]})`];
  }
}
