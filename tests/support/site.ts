import { SetClock } from '../../src/clock.ts';
import type { Db } from '../../src/db/connect.ts';
import { silentLog } from '../../src/log.ts';
import { createLinks } from '../../src/subscribers/link.ts';
import { answerSignUps } from '../../src/trials/sign-up/answer.ts';
import { createApp } from '../../src/web/app.ts';
import type { Site } from '../../src/web/site.ts';
import { MONDAY } from './cast.ts';

const PUBLIC_URL = 'https://news.dome.test';
const KEY = 'a key for tests, long enough to be one';

/**
 * A site on `db` whose clock stands on the Monday of the cast, and `fetch` as a browser on our own pages does it. What its
 * sign-up forms are sent is answered before they return.
 */
export function createSite(db: Db, over: Partial<Site> = {}) {
  const clock = new SetClock(MONDAY);
  const answering = {
    clock: over.clock ?? clock,
    log: silentLog(),
    enqueue: async () => {},
    secret_keys: [KEY],
    isGoogleHosted: async () => false,
  };
  const site: Site = {
    db,
    clock,
    log: silentLog(),
    links: createLinks([KEY], PUBLIC_URL),
    enqueue: async (_, job) => {
      if (job === 'answer-sign-ups') await answerSignUps(db, answering);
    },
    fetch: (url) => Promise.reject(new Error(`a page asked for ${url}`)),
    config: { PUBLIC_URL, TRUST_PROXY: false, SECRET_KEY: [KEY] },
    ...over,
  };
  const app = createApp(site);
  const get = async (path: string, init?: RequestInit) => app.request(path, init);
  const post = async (path: string, fields: Record<string, string> = {}, init: RequestInit = {}) =>
    app.request(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' },
      ...init,
    });
  return { site, app, clock, get, post };
}
