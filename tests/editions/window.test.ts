import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Handed, inWindow, windowOf } from '../../src/editions/picking/window.ts';

const ZONE = 'America/New_York';
const publication = { zone: ZONE, window_cap_hours: 96 };
const cutoffOf = (date: string) => Temporal.ZonedDateTime.from(`${date}T05:00[${ZONE}]`).toInstant();
const handed = (date: string): Handed => ({
  id: 1,
  edition_on: Temporal.PlainDate.from(date),
  cutoff_at: cutoffOf(date),
  composed_at: cutoffOf(date).add({ minutes: 2 }),
});
const windowAt = (date: string, previous?: string) =>
  windowOf(publication, { cutoff: cutoffOf(date), previous: previous ? handed(previous) : undefined });

test('the first edition ever tells of one day', () => {
  const window = windowAt('2026-11-23');
  assert.equal(window.to.since(window.from).total('hours'), 24);
  assert.equal(window.since, null);
});

test('an edition begins where the last one that readers had ended', () => {
  const { from, to, since } = windowAt('2026-11-24', '2026-11-23');
  assert.equal(from.toString(), cutoffOf('2026-11-23').toString());
  assert.equal(to.toString(), cutoffOf('2026-11-24').toString());
  assert.equal(since, null);
});

test('Monday covers the weekend, a longer one too, in weeks of a clock change as in others', () => {
  for (const [thursday, monday, hours] of [
    ['2026-11-19', '2026-11-23', 96],
    ['2026-03-05', '2026-03-09', 95],
    ['2026-10-29', '2026-11-02', 97],
  ] as const) {
    const window = windowAt(monday, thursday);
    assert.equal(window.to.since(window.from).total('hours'), hours);
    assert.equal(window.since, null, `${monday} is no best-of`);
  }
});

test('after a longer silence the edition is a best-of since the last one, but of two weeks at most', () => {
  const week = windowAt('2027-01-02', '2026-12-23');
  assert.equal(week.since?.toString(), '2026-12-23');
  assert.equal(week.from.toString(), cutoffOf('2026-12-23').toString());
  const months = windowAt('2026-11-23', '2026-08-01');
  assert.equal(months.from.toString(), cutoffOf('2026-11-09').toString());
});

test('an article that came in after the last gathering is not lost though published before it', () => {
  const window = windowAt('2026-11-24', '2026-11-23');
  const first_published_at = cutoffOf('2026-11-23').subtract({ hours: 3 });
  const found = (minutes: number) =>
    inWindow(window, { first_published_at, ingested_at: cutoffOf('2026-11-23').add({ minutes }) });
  assert.equal(found(1), false); // it was there when the last edition was composed
  assert.equal(found(3), true);
  const old = cutoffOf('2026-11-24').subtract({ hours: 97 });
  assert.equal(inWindow(window, { first_published_at: old, ingested_at: window.to }), false);
});

test('windows of editions in a row share no instant and leave none out', () => {
  const days = fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 8 });
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: 12 * 24 * 60 }), (list, minutes) => {
      const dates = list
        .sort((a, b) => a - b)
        .map((add) => Temporal.PlainDate.from('2026-10-25').add({ days: add }).toString());
      const at = cutoffOf(dates[0] as string).add({ minutes });
      const holding = dates
        .slice(1)
        .filter((date, i) => inWindow(windowAt(date, dates[i]), { first_published_at: at, ingested_at: at }));
      const last = cutoffOf(dates.at(-1) as string);
      const inside = minutes > 0 && Temporal.Instant.compare(at, last) <= 0;
      assert.equal(holding.length, inside ? 1 : 0);
    }),
  );
});
