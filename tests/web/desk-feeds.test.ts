import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertFeed } from '../../src/feeds/feed.ts';
import { freshDatabase } from '../support/database.ts';
import { AT_THE_DESK, openDesk, signedIn } from '../support/desk.ts';

const db = await freshDatabase();
const { publication, staff, at } = await openDesk(db);
const eve = await signedIn(at, staff.eve);
const dora = await signedIn(at, staff.dora);
const page = '/desk/newsletters/dome-daily';
const seen = async (answer: Response | Promise<Response>) =>
  (await (await answer).text()).replace(/\s+/g, ' ');

test('an approver pauses a feed and lets it be read again; an editor sees how its readings went', async () => {
  const id = await insertFeed(db, {
    publication_id: publication.id,
    name: 'The wire',
    url: 'https://wire.test/feed',
    next_poll_at: AT_THE_DESK,
    failures: 3,
    last_error: 'answered 500',
  });
  assert.match(
    await seen(eve.get(page)),
    /The wire.*never<\/td><td><span class="wrong">3 failures in a row: answered 500/,
  );
  assert.equal((await eve.post(`${page}/pause-feed`, { feed: String(id) })).status, 403);
  assert.equal((await dora.post(`${page}/pause-feed`, { feed: String(id) })).status, 303);
  assert.match(await seen(eve.get(page)), /The wire.*paused/);
  await dora.post(`${page}/resume-feed`, { feed: String(id) });
  assert.match(await seen(dora.get(page)), /The wire.*never<\/td><td>read/);
  assert.match(await seen(dora.post(`${page}/pause-feed`, { feed: '77' })), /has no feed 77/);
});
