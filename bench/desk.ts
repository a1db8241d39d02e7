import { serve } from '@hono/node-server';
import type { Db } from '../src/db/connect.ts';
import { addArticle } from '../src/editions/desk/verbs.ts';
import { warmUp } from '../src/messages/warm-up.ts';
import { launchBrowser } from '../tests/support/browser.ts';
import { AT_THE_DESK, openDesk, signInPath } from '../tests/support/desk.ts';
import { insertStory } from '../tests/support/stories.ts';
import { median } from './median.ts';

const EDITS = 100;
const ITEMS = 20;
/** What the desk waits after the last key (`DEBOUNCE_MS` in desk.js). */
const DEBOUNCE_MS = 250;

/** How quickly the desk is: `follow_ms` from the end of the debounce until the frame holds the new mail, over 100 edits. */
export type DeskFigures = {
  items: number;
  edits: number;
  follow_ms: { median: number; p95: number };
  /** Of the first page after the start, for which the templates are compiled; and of the next. */
  first_paint_cold_ms: number;
  first_paint_ms: number;
  script_and_style_bytes: number;
};

/** Measures the desk in a real browser on loopback, with an edition of twenty stories. */
export async function measureDesk(db: Db, say: (text: string) => unknown): Promise<DeskFigures> {
  const { edition, publication, staff, at } = await openDesk(db);
  for (let more = 0; more < ITEMS - 12; more++) {
    const id = await insertStory(db, publication, { now: AT_THE_DESK, hours: 3, category: 'Policy' });
    const by = { staff_id: staff.eve.id, name: 'Eve' };
    await addArticle(
      db,
      edition.id,
      id,
      { place: more % 2 ? 'top' : 'brief', section_id: null },
      { by, now: AT_THE_DESK },
    );
  }
  await warmUp(); // as a service does before it says that it is ready
  const server = serve({ fetch: at.app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1500, height: 950 } });
    await page.goto(url + (await signInPath(at, staff.eve)));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/account/);
    const assets = new Map<string, Promise<Buffer>>();
    page.on('response', (answer) => {
      if (/\/assets\/.*\.(js|css)$/.test(answer.url())) assets.set(answer.url(), answer.body());
    });
    await page.goto(`${url}/desk/editions/${edition.id}`);
    const paint = async () => {
      const entry = await page.waitForFunction(
        () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      );
      return (await entry.jsonValue()) as number;
    };
    const first_paint_cold_ms = await paint();
    const bodies = await Promise.all(assets.values());
    await page.reload();
    const first_paint_ms = await paint();
    const items = await page.locator('.item').count();
    const item = page.locator('.item').nth(1);
    await item.locator('.item-words > summary').click();
    const took: number[] = [];
    for (let edit = 0; edit < EDITS; edit++) {
      took.push(
        await page.evaluate(
          async ([words, wait]) => {
            const box = document.querySelectorAll<HTMLInputElement>(
              '.item [name="headline"]',
            )[1] as HTMLInputElement;
            const frame = document.querySelector('iframe.mail') as HTMLIFrameElement;
            const began = performance.now();
            const changed = new Promise<void>((resolve) => {
              new MutationObserver((_, observer) => {
                if (!frame.srcdoc.includes(words as string)) return;
                observer.disconnect();
                frame.addEventListener('load', () => resolve(), { once: true });
              }).observe(frame, { attributeFilter: ['srcdoc'] });
            });
            box.value = words as string;
            box.dispatchEvent(new Event('input', { bubbles: true }));
            await changed;
            return performance.now() - began - (wait as number);
          },
          [`Headline number ${edit} of the bench`, DEBOUNCE_MS],
        ),
      );
    }
    say(`${EDITS} edits in an edition of ${items}`);
    const sorted = took.toSorted((a, b) => a - b);
    const round = (ms: number) => Math.round(ms);
    return {
      items,
      edits: EDITS,
      follow_ms: { median: round(median(took)), p95: round(sorted[Math.floor(EDITS * 0.95)] as number) },
      first_paint_cold_ms: round(first_paint_cold_ms),
      first_paint_ms: round(first_paint_ms),
      script_and_style_bytes: bodies.reduce((sum, { length }) => sum + length, 0),
    };
  } finally {
    await browser.close();
    server.close();
  }
}
