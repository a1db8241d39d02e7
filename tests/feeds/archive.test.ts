import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SetClock } from '../../src/clock.ts';
import { openArchive } from '../../src/feeds/archive.ts';
import { parseFeed } from '../../src/feeds/parse.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'presstime-archive-'));
  for (const day of [1, 2, 3])
    write(
      'hill',
      `2023-03-0${day}`,
      Array.from({ length: 24 }, (_, hour) => item(day, hour)),
    );
  write('quiet', '2023-03-02', [item(2, 12)]);
  mkdirSync(join(folder, 'notes'));
});
after(() => rmSync(folder, { recursive: true }));

const HILL = 'https://hill.archive.invalid/feed.xml';
const QUIET = 'https://quiet.archive.invalid/feed.xml';

function item(day: number, hour: number, title = `Day ${day}, ${hour}:00`): string {
  const at = Temporal.Instant.from(`2023-03-0${day}T${String(hour).padStart(2, '0')}:00:00Z`);
  const date = new Date(at.epochMilliseconds).toUTCString();
  return `<item><title>${title}</title><link>https://hill.test/${day}/${hour}</link><guid>${day}-${hour}</guid><pubDate>${date}</pubDate></item>`;
}

function write(feed: string, day: string, items: string[], within = folder): void {
  mkdirSync(join(within, feed), { recursive: true });
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>${feed}</title>`;
  writeFileSync(join(within, feed, `${day}.xml`), `${head}${items.join('\n')}</channel></rss>`);
}

const open = (at: string) => {
  const clock = new SetClock(at);
  return { clock, fetch: openArchive(folder).fetch(() => clock.now()) };
};
const titles = (body: Uint8Array) => parseFeed(body, { url: HILL }).entries.map(({ title }) => title);

test('every folder with RSS files is a feed with an address', () => {
  assert.deepEqual(openArchive(folder).feeds, [HILL, QUIET]);
});

test('a feed shows what was published up to the moment, the newest first', async () => {
  const { clock, fetch } = open('2023-03-01T02:30:00Z');
  assert.deepEqual(titles((await fetch(HILL)).body), ['Day 1, 2:00', 'Day 1, 1:00', 'Day 1, 0:00']);
  assert.deepEqual(titles((await fetch(QUIET)).body), []);
  clock.set('2023-03-01T03:00:00Z');
  assert.equal(titles((await fetch(HILL)).body)[0], 'Day 1, 3:00');
});

test('no more than the newest sixty are shown', async () => {
  const { fetch } = open('2023-03-31T00:00:00Z');
  const shown = titles((await fetch(HILL)).body);
  assert.deepEqual([shown.length, shown[0], shown.at(-1)], [60, 'Day 3, 23:00', 'Day 1, 12:00']);
});

test('a feed that has nothing new is answered with 304 until it has', async () => {
  const { clock, fetch } = open('2023-03-02T12:00:00Z');
  const { status, headers } = await fetch(QUIET);
  assert.equal(status, 200);
  clock.set('2023-03-20T00:00:00Z');
  assert.equal((await fetch(QUIET, { etag: headers.etag ?? null })).status, 304);
  clock.set('2023-03-02T11:59:00Z');
  assert.equal((await fetch(QUIET, { etag: headers.etag ?? null })).status, 200);
});

test('of a thousand polls only those that find something new bring a feed', async () => {
  const { clock, fetch } = open('2023-03-01T00:00:00Z');
  const versions = new Set<string>();
  let etag: string | null = null;
  let brought = 0;
  for (let minute = 0; minute < 1000; minute++) {
    clock.set(Temporal.Instant.from('2023-03-01T00:00:00Z').add({ minutes: minute * 3 }));
    const { status, headers } = await fetch(HILL, { etag });
    etag = headers.etag ?? null;
    versions.add(String(etag));
    if (status === 200) brought++;
  }
  assert.ok(brought > 1, `${brought}`);
  assert.equal(brought, versions.size);
});

test('an item found again counts once, as it was written last', async () => {
  const own = mkdtempSync(join(tmpdir(), 'presstime-archive-'));
  write('hill', '2023-03-01', [item(1, 1, 'Draft')], own);
  write('hill', '2023-03-02', [item(1, 1, 'Final')], own);
  const { body } = await openArchive(own).fetch(() => Temporal.Instant.from('2023-03-03T00:00:00Z'))(HILL);
  assert.deepEqual(titles(body), ['Final']);
  rmSync(own, { recursive: true });
});

test('what is no archive is named', async () => {
  assert.throws(() => openArchive(join(folder, 'nowhere')), /nowhere does not exist/);
  assert.throws(() => openArchive(join(folder, 'notes')), /notes holds no feeds; one folder a feed/);
  await assert.rejects(
    open('2023-03-01T00:00:00Z').fetch('https://x.test/'),
    /x\.test\/ is not in the archive/,
  );
  const own = mkdtempSync(join(tmpdir(), 'presstime-archive-'));
  write('hill', '2023-03-01', ['<item><title>No date</title></item>'], own);
  assert.throws(() => openArchive(own), /2023-03-01\.xml has an item without a date/);
  rmSync(own, { recursive: true });
});
