import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Contender, type Limits, type Place, select } from '../../src/editions/picking/select.ts';

const AT = Temporal.Instant.from('2026-11-23T05:00:00Z');
const section = (id: number, over = {}) => ({
  id,
  publication_id: 1,
  slug: `s${id}`,
  name: `Section ${id}`,
  position: id,
  weight: 0.5,
  cap: 4,
  is_default: id === 5,
  ...over,
});
const LIMITS: Limits = {
  min_items: 3,
  target_items: 12,
  max_items: 20,
  sections: [1, 2, 3, 4, 5].map((id) => section(id)),
  best_of: false,
};
const contender = (article_id: number, over: Partial<Contender> = {}): Contender => ({
  article_id,
  headline: `Story ${article_id}`,
  byline: null,
  section_id: 1 + (article_id % 5),
  score: 100 - article_id,
  parts: {
    priority: 0,
    importance: 0,
    freshness: 0,
    engagement: 0,
    enterprise: 0,
    section_need: 0,
    notice: 0,
  },
  first_published_at: AT,
  image: false,
  notice: false,
  pinned: null,
  follow_up: null,
  close: [],
  related: [],
  line: [],
  ...over,
});
const many = (count: number, over: (id: number) => Partial<Contender> = () => ({})) =>
  Array.from({ length: count }, (_, i) => contender(i + 1, over(i + 1)));
const at = (contenders: Contender[], place: Place, limits = LIMITS) =>
  select(contenders, limits)
    .placed.filter((placed) => placed.place === place)
    .map(({ contender: { article_id } }) => article_id);

test('with plenty to choose from there are twenty items: a lead, five top stories, sections and briefs', () => {
  const { placed } = select(many(60), LIMITS);
  assert.equal(placed.length, 20);
  const count = (place: Place) => placed.filter((one) => one.place === place).length;
  assert.deepEqual([count('lead'), count('top'), count('section'), count('brief')], [1, 5, 9, 5]);
});

test('a picture breaks a near-tie for the lead, and no more than that', () => {
  assert.deepEqual(at([...many(8), contender(9, { score: 97, image: true })], 'lead'), [9]);
  assert.deepEqual(at([...many(8), contender(9, { score: 95, image: true })], 'lead'), [1]);
});

test('without a picture the most important of a near-tie leads', () => {
  const parts = { ...contender(1).parts, importance: 30 };
  assert.deepEqual(at([...many(8), contender(9, { score: 98, parts })], 'lead'), [9]);
  assert.deepEqual(at([...many(8), contender(9, { score: 95, parts })], 'lead'), [1]);
});

test('no more than two top stories of a section, nor two of a byline', () => {
  assert.deepEqual(
    at(
      many(30, () => ({ section_id: 1 })),
      'top',
    ).length,
    2,
  );
  const oneAuthor = many(30, (id) => (id < 20 ? { byline: 'Ada Lind' } : {}));
  assert.deepEqual(
    select(oneAuthor, LIMITS).placed.filter(({ place, contender: { byline } }) => place === 'top' && byline)
      .length,
    2,
  );
});

test('sections stand in the order of the publication, at most four items each', () => {
  const { placed } = select(
    many(60, (id) => ({ section_id: id % 2 ? 4 : 2 })),
    LIMITS,
  );
  const sections = placed.filter(({ place }) => place === 'section').map((one) => one.contender.section_id);
  assert.deepEqual(sections, [2, 2, 2, 2, 4, 4, 4, 4]);
});

test('a pin takes its place whatever its score, an announcement too', () => {
  const pinned = contender(99, { score: 0, notice: true, pinned: { place: 'lead', rank: 0 } });
  assert.deepEqual(at([...many(30), pinned], 'lead'), [99]);
});

test('an announcement never leads nor stands on top, and comes in only where stories are few', () => {
  const notice = contender(1, { notice: true, score: 100 });
  assert.ok(!select([notice, ...many(40).slice(1)], LIMITS).placed.some((one) => one.contender.notice));
  const thin = select([notice, ...many(6).slice(1)], LIMITS).placed;
  assert.equal(thin.at(-1)?.contender.article_id, 1);
});

test('where nothing but announcements stand, the best of them leads: without a lead no edition goes to press', () => {
  const announcements = many(4, () => ({ notice: true }));
  assert.deepEqual(at(announcements, 'lead'), [1]);
  assert.equal(select(announcements, LIMITS).placed[0]?.why, 'the best of a day without other stories');
  assert.deepEqual(at([...announcements, contender(5)], 'lead'), [5]);
});

test('a related piece becomes a link under the story, the rest of a story line stays out', () => {
  const line = [1, 2, 3, 4, 5, 6];
  const related = many(40, (id) =>
    id <= 6 ? { line: line.filter((other) => other !== id), related: id === 2 ? [1] : [] } : {},
  );
  const { placed, left } = select(related, LIMITS);
  assert.equal(placed[0]?.related_article_id, 2);
  const carried = placed.map(({ contender: { article_id } }) => article_id).filter((id) => id <= 6);
  assert.deepEqual(carried, [1, 3]);
  assert.equal(left.find(({ contender: { article_id } }) => article_id === 5)?.reason, 'story_line');
});

test('two pieces that may well tell the same never both stand as items', () => {
  const close = many(5, (id) => ({ close: [1, 2, 3, 4, 5].filter((other) => other !== id) }));
  const { placed, left } = select(close, LIMITS);
  assert.deepEqual(placed.length, 1);
  assert.deepEqual(
    left.map(({ reason }) => reason),
    ['more_link', 'too_close', 'too_close', 'too_close'],
  );
});

test('a best-of takes no more of a section than its cap, wherever on the page', () => {
  const { placed, left } = select(many(60), { ...LIMITS, best_of: true });
  for (const { id, cap } of LIMITS.sections) {
    const count = placed.filter(({ contender: { section_id } }) => section_id === id).length;
    assert.ok(count <= cap, `section ${id}: ${count}`);
  }
  assert.ok(left.some(({ reason }) => reason === 'section_cap' || reason === 'total_cap'));
});

test('beyond the target a story must be worth it', () => {
  const dull = select(
    many(60, (id) => ({ score: id <= 6 ? 90 : 20 - id / 10 })),
    LIMITS,
  );
  assert.equal(dull.placed.length, 12);
  assert.ok(dull.left.every(({ reason }) => reason === 'low_score'));
});

const contenders = fc
  .array(
    fc.record({
      section_id: fc.option(fc.integer({ min: 1, max: 5 })),
      score: fc.integer({ min: 0, max: 100 }),
      byline: fc.option(fc.constantFrom('Ada', 'Bo')),
      image: fc.boolean(),
      notice: fc.boolean(),
      hours: fc.integer({ min: 0, max: 30 }),
      kin: fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 4 }),
    }),
    { maxLength: 50 },
  )
  .map((list) =>
    list.map(({ kin, hours, ...rest }, i) =>
      contender(i + 1, { ...rest, first_published_at: AT.subtract({ hours }), related: kin, line: kin }),
    ),
  );

test('whatever contends: everyone is placed or told why, caps hold, order of arrival changes nothing', () => {
  fc.assert(
    fc.property(contenders, fc.boolean(), (list, best_of) => {
      const limits = { ...LIMITS, best_of };
      const { placed, left } = select(list, limits);
      const ids = [...placed, ...left].map(({ contender: { article_id } }) => article_id);
      assert.deepEqual(
        ids.toSorted((a, b) => a - b),
        list.map(({ article_id }) => article_id),
      );
      assert.ok(placed.length <= limits.max_items);
      const count = (place: Place) => placed.filter((one) => one.place === place).length;
      assert.ok(count('lead') <= 1 && count('top') <= 5 && count('brief') <= 12);
      assert.ok(left.every(({ detail }) => detail.length > 0));
      assert.deepEqual(select(list.toReversed(), limits).placed, placed);
    }),
  );
});
