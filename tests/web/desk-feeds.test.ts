import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unavailable } from '../../src/errors.ts';
import { insertFeed, listFeeds } from '../../src/feeds/feed.ts';
import { freshDatabase } from '../support/database.ts';
import { AT_THE_DESK, openDesk, signedIn } from '../support/desk.ts';

const db = await freshDatabase();
const { publication, staff, at } = await openDesk(db);
/** What stands at the addresses that the desk asks for. */
const web: Record<string, { status?: number; text: string }> = {};
at.site.fetch = async (url) => {
  const found = web[url];
  if (!found) throw unavailable(`${url} gave no whole answer`);
  return { status: 200, url, headers: {}, body: Buffer.from(found.text), ...found };
};
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

test('an approver adds a feed, which is read once first, for a section; what is no feed is told and not added', async () => {
  const url = 'https://ferry.test/feed.xml';
  const add = (fields: Record<string, string>, as = dora) =>
    as.post(`${page}/add-feed`, { url, name: 'Ferry news', ...fields });
  const feeds = async () => (await listFeeds(db, publication.id)).map(({ name }) => name);
  const before = await feeds();
  assert.equal((await add({}, eve)).status, 403);
  assert.match(
    await seen(add({ url: 'ferry.test' })),
    /&quot;ferry\.test&quot; is no address of a feed; expected such as/,
  );
  const silent = await seen(add({}));
  assert.match(silent, /No feed was added: https:\/\/ferry\.test\/feed\.xml gave no whole answer/i);
  assert.match(
    silent,
    /value="https:\/\/ferry\.test\/feed\.xml".*value="Ferry news"/,
    'what was typed is still there',
  );
  web[url] = { status: 404, text: '' };
  assert.match(await seen(add({})), /answered 404 Not Found; a feed was expected/);
  web[url] = { text: '<!doctype html><title>Ferries</title><p>We sail.</p>' };
  assert.match(await seen(add({})), /No feed was added: .*feed/);
  assert.deepEqual(await feeds(), before);

  web[url] = {
    text: '<rss><channel><item><title>One</title><link>https://ferry.test/1</link></item></channel></rss>',
  };
  assert.match(await seen(add({ name: ' ' })), /A name of 0 characters/);
  const { id: section } = await db
    .selectFrom('sections')
    .select('id')
    .where('name', '=', 'Policy')
    .executeTakeFirstOrThrow();
  assert.match(await seen(add({ section: '999' })), /has no section 999/);
  assert.equal((await add({ section: String(section) })).status, 303);
  assert.match(
    await seen(eve.get(page)),
    /Ferry news <span class="small">https:\/\/ferry\.test\/feed\.xml<\/span><\/th><td>Policy<\/td>/,
  );
  const [added] = (await listFeeds(db, publication.id)).filter((feed) => feed.url === url);
  assert.equal(String(added?.next_poll_at), String(AT_THE_DESK), 'it is read at the next tick');
  assert.match(await seen(add({ name: 'Another' })), /is read already, as Ferry news/);
  web['https://ferry.test/2'] = web[url];
  assert.match(
    await seen(add({ url: 'https://ferry.test/2' })),
    /has a feed Ferry news; expected another name/,
  );
});

test('what is done to feeds is written down, with who did it', async () => {
  const acts = await db
    .selectFrom('audit')
    .select(['actor', 'verb', 'detail'])
    .where('verb', 'like', '%a feed%')
    .orderBy('id')
    .execute();
  assert.deepEqual(
    acts.map(({ actor, verb }) => [actor, verb]),
    [
      ['Dora', 'pause a feed'],
      ['Dora', 'read a feed again'],
      ['Dora', 'add a feed'],
    ],
  );
  assert.equal(acts[2]?.detail.section, 'Policy');
});
