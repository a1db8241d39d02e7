import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { sampleModel, seedEdition } from '../support/edition.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const dome = await seedPublication(db);
const { get } = createSite(db);
const text = async (path: string): Promise<string> => (await get(path)).text();

test('before the first edition the front page and the archive say so', async () => {
  assert.match(await text('/'), /The first edition is in the making/);
  assert.match(await text('/dome-daily/editions'), /No edition has gone to press yet/);
});

test('only what went to press can be read, and the rest is the same 404 as any address', async () => {
  await seedEdition(db, dome, '2026-11-18', { state: 'pressed', subject: 'Pressed' });
  await seedEdition(db, dome, '2026-11-19', { state: 'pressing', subject: 'On the press' });
  for (const [date, state] of [
    ['2026-11-20', 'draft'],
    ['2026-11-23', 'approved'],
    ['2026-11-24', 'held'],
    ['2026-11-25', 'skipped'],
    ['2026-11-26', 'stopped'],
  ] as const)
    await seedEdition(db, dome, date, { state, subject: `Secret ${state}` });
  const list = await text('/dome-daily/editions');
  assert.match(list, /two editions|2 editions/);
  assert.ok(list.indexOf('On the press') < list.indexOf('>Pressed<'), 'newest first');
  assert.doesNotMatch(list, /Secret/);
  const nothing = await text('/nowhere');
  for (const date of ['2026-11-20', '2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'])
    assert.equal(await text(`/dome-daily/editions/${date}`), nothing, date);
  for (const date of ['2026-02-30', '2026-11-8', 'x', '20261118', '2026-11-18T00:00', '%00'])
    assert.equal((await get(`/dome-daily/editions/${date}`)).status, 404, date);
  assert.equal((await get('/nobody/editions')).status, 404);
});

test('an edition is read as its model says, with its neighbours, and carries nobody’s link', async () => {
  const page = await text('/dome-daily/editions/2026-11-19');
  const { lead, top, briefs } = sampleModel();
  for (const item of [lead, ...top, ...briefs])
    if (item && !/[&<>'"]/.test(item.headline))
      assert.ok(page.includes(item.url.replaceAll('=', '&#x3D;')), item.url);
  assert.match(page, /<article class="edition" lang="en" dir="ltr">/);
  assert.match(page, /rel="prev">← Wednesday, November 18</);
  assert.doesNotMatch(page, /rel="next"/);
  assert.doesNotMatch(page, /\/(my|leave|confirm)\//);
  assert.doesNotMatch(page, /noindex/);
  assert.equal((page.match(/<h1/g) ?? []).length, 1);
});

test('the front page shows the lead of the latest edition and leads to it', async () => {
  const page = await text('/dome-daily');
  assert.match(page, /The latest edition · Thursday, November 19, 2026/);
  assert.ok(page.includes(sampleModel().lead?.headline ?? ''));
  assert.match(page, /href="\/dome-daily\/editions\/2026-11-19">Read this edition/);
});

test('the archive comes in pages', async () => {
  const publication = await seedPublication(db, { slug: 'long' });
  for (let day = 0; day < 65; day++)
    await seedEdition(db, publication, Temporal.PlainDate.from('2026-01-01').add({ days: day }).toString());
  const shown = async (query: string) => {
    const page = await text(`/long/editions${query}`);
    const dates = [...page.matchAll(/href="\/long\/editions\/([\d-]+)"/g)].map(([, date]) => date);
    const links = [...page.matchAll(/href="\/long\/editions\?page&#x3D;(\d)" rel="(\w+)"/g)].map(
      ([, n, rel]) => `${rel} ${n}`,
    );
    return [dates.length, dates[0], links];
  };
  assert.deepEqual(await shown(''), [30, '2026-03-06', ['next 2']]);
  assert.deepEqual(await shown('?page=2'), [30, '2026-02-04', ['prev 1', 'next 3']]);
  assert.deepEqual(await shown('?page=99'), [5, '2026-01-05', ['prev 2']]);
  assert.deepEqual(await shown('?page=-1'), [30, '2026-03-06', ['next 2']]);
});

test('past editions are searched by a form; the hits are marked, and what was typed is printed as typed', async () => {
  const publication = await seedPublication(db, { slug: 'sought' });
  assert.doesNotMatch(await text('/sought/editions'), /role="search"/);
  for (let day = 0; day < 35; day++)
    await seedEdition(db, publication, Temporal.PlainDate.from('2026-01-01').add({ days: day }).toString(), {
      subject: day === 3 ? 'A heron & <b>an egret</b>' : 'Nothing but pigeons',
    });
  assert.match(await text('/sought/editions'), /<form class="find" method="get" action="\/sought\/editions"/);
  const herons = await text('/sought/editions?q=herons');
  assert.match(herons, /one edition, newest first/);
  assert.match(herons, /A <mark>heron<\/mark> &amp; &lt;b&gt;an egret&lt;\/b&gt;/);
  assert.match(herons, /noindex/);
  const many = await text('/sought/editions?q=pigeons');
  assert.match(many, /34 editions/);
  assert.match(many, /href="\/sought\/editions\?q&#x3D;pigeons&amp;page&#x3D;2" rel="next"/);
  assert.match(await text('/sought/editions?q=pigeons&page=99'), /Page 2 of 2/);
  const none = await text(`/sought/editions?q=${encodeURIComponent('"><script>')}`);
  assert.match(none, /Nothing found for “&quot;&gt;&lt;script&gt;”/);
  assert.doesNotMatch(none, /<script>/);
});
