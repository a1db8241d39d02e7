import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { listComments } from '../../src/articles/article.ts';
import { importPage } from '../../src/articles/intake/import.ts';
import type { Fetch } from '../../src/feeds/fetch.ts';
import { MONDAY, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();
const publication = await seedPublication(db);
const pathOf = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/pages/${name}.html`, import.meta.url));
const nowhere: Fetch = async () => assert.fail('a saved page needs no network');
const answering =
  (status: number, body = ''): Fetch =>
  async (url) => ({
    status,
    url,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: new TextEncoder().encode(body),
  });

test('a saved page is stored with its photo and its readers’ comments, once', async () => {
  const article = await importPage(db, publication.id, pathOf('vote'), { now: MONDAY, fetch: nowhere });
  assert.deepEqual(
    [
      article.feed_id,
      article.story_key,
      article.byline,
      article.categories,
      article.comment_count,
      article.image_credit,
    ],
    [
      null,
      'https://dome.test/2026/11/23/stopgap-vote-slips',
      'Ann Reed, Bo Karim',
      ['Congress'],
      41,
      'Cleo Marsh/Dome Daily',
    ],
  );
  assert.deepEqual([String(article.first_published_at), article.rev], ['2026-11-23T09:30:00Z', 1]);
  const again = await importPage(db, publication.id, pathOf('vote'), {
    now: MONDAY.add({ hours: 1 }),
    fetch: nowhere,
  });
  assert.deepEqual([again.id, again.rev, String(again.ingested_at)], [article.id, 1, String(MONDAY)]);
  const comments = await listComments(db, article.id);
  assert.deepEqual(
    comments.map(({ author_name, approved_at }) => [author_name, approved_at]),
    [
      ['زینب احمد', null],
      ['Dora <the editor> O’Neil', null],
    ],
  );
});

test('a page is fetched from its address', async () => {
  const html = readFileSync(pathOf('hostile'), 'utf8');
  const article = await importPage(db, publication.id, 'https://dome.test/bell?utm_source=x', {
    now: MONDAY,
    fetch: answering(200, html),
  });
  assert.deepEqual(
    [article.url, article.headline, article.image_url],
    ['https://dome.test/bell', 'Bell rings twice"><img src=x onerror=alert(1)>', null], // words, to be escaped like any
  );
  assert.equal(String(article.first_published_at), String(MONDAY));
});

test('a saved page that does not say its address takes the one given', async () => {
  const source = pathOf('bare');
  await assert.rejects(importPage(db, publication.id, source, { now: MONDAY, fetch: nowhere }), {
    kind: 'invalid',
    message: /bare\.html does not say its address/,
  });
  const article = await importPage(db, publication.id, source, {
    now: MONDAY,
    fetch: nowhere,
    url: 'https://dome.test/bare',
  });
  assert.equal(article.url, 'https://dome.test/bare');
});

test('what is no article is refused by name, and stores nothing', async () => {
  const count = async () => (await db.selectFrom('articles').select('id').execute()).length;
  const before = await count();
  const refused = (source: string, fetch: Fetch, expected: object) =>
    assert.rejects(importPage(db, publication.id, source, { now: MONDAY, fetch }), expected);
  await refused(pathOf('front'), nowhere, { kind: 'invalid', message: /front\.html holds no article/ });
  await refused(pathOf('missing'), nowhere, {
    kind: 'not_found',
    message: /there is no file .*missing\.html/,
  });
  await refused('https://dome.test/gone', answering(404), {
    kind: 'not_found',
    message: /dome\.test\/gone answered 404/,
  });
  await refused('https://dome.test/down', answering(503), { kind: 'unavailable', message: /answered 503/ });
  assert.equal(await count(), before);
});
