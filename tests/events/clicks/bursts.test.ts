import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { burstsOf, type SeenClick } from '../../../src/events/clicks/bursts.ts';

const clicks = (...all: [link: number, second: number][]): SeenClick[] =>
  all.map(([link, second]) => ({ link, second }));
const sweep = (links: number, apart: number) =>
  Array.from({ length: links }, (_, link) => ({ link, second: 1000 + link * apart }));

test('five links in ten seconds are a burst, all of them; four are a person with tabs', () => {
  assert.deepEqual(burstsOf(sweep(5, 2), 14), Array(5).fill(true));
  assert.deepEqual(burstsOf(sweep(4, 0), 14), Array(4).fill(false));
  assert.deepEqual(burstsOf(sweep(5, 3), 14), Array(5).fill(false), 'twelve seconds');
});

test('one link opened ten times is no burst', () => {
  assert.deepEqual(burstsOf(clicks(...Array<[number, number]>(10).fill([1, 5])), 14), Array(10).fill(false));
});

test('an edition of three or four links is swept when all are opened; of one or two nothing can be said', () => {
  assert.deepEqual(
    [3, 4].map((links) => burstsOf(sweep(links, 1), links).every(Boolean)),
    [true, true],
  );
  assert.deepEqual(burstsOf(sweep(3, 1), 4), [false, false, false]);
  assert.deepEqual(burstsOf(sweep(2, 0), 2), [false, false]);
});

test('a click long before a burst, or after it, is not part of it', () => {
  const all = [{ link: 3, second: 900 }, ...sweep(6, 1), { link: 2, second: 1016 }];
  assert.deepEqual(burstsOf(all, 14), [false, true, true, true, true, true, true, false]);
});

test('it agrees with looking at every ten seconds, one after the other', () => {
  const any = fc.array(
    fc.record({ link: fc.integer({ min: 0, max: 7 }), second: fc.integer({ min: 0, max: 40 }) }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(any, fc.integer({ min: 1, max: 8 }), (unordered, links) => {
      const seen = unordered.toSorted((a, b) => a.second - b.second);
      const needed = Math.min(5, links);
      const swept = (from: number) =>
        new Set(seen.filter(({ second }) => second >= from && second <= from + 10).map(({ link }) => link))
          .size >= needed;
      const plainly = seen.map(
        ({ second }) => needed >= 3 && Array.from({ length: 11 }, (_, back) => second - back).some(swept),
      );
      assert.deepEqual(burstsOf(seen, links), plainly);
    }),
    { numRuns: 500 },
  );
});
