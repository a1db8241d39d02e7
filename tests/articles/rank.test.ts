import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prioritiesByOrder } from '../../src/articles/ranking/feed-order.ts';
import { noticeOf } from '../../src/articles/ranking/notice.ts';
import {
  priorityOf,
  type Rankable,
  type Standing,
  scoreOf,
  whyNotEligible,
} from '../../src/articles/ranking/rank.ts';

const AT = Temporal.Instant.from('2026-11-23T10:00:00Z');
const article = (over: Partial<Rankable> = {}): Rankable => ({
  headline: 'Senate passes harbor bill',
  summary: 'The vote was 61 to 38.',
  body_text: '',
  categories: [],
  priority: null,
  first_published_at: AT.subtract({ hours: 8 }),
  embargoed_until: null,
  withdrawn_at: null,
  no_digest: false,
  ...over,
});
const standing = (over: Partial<Standing> = {}): Standing => ({
  sources: 1,
  echo: 0,
  section_weight: 0.5,
  section_need: 0,
  ...over,
});

test('each reason against carrying an article is named', () => {
  const reasonOf = (over: Partial<Rankable>) => whyNotEligible(article(over), AT)?.reason;
  assert.equal(reasonOf({}), undefined);
  assert.equal(reasonOf({ withdrawn_at: AT }), 'withdrawn');
  assert.equal(reasonOf({ no_digest: true }), 'no_digest');
  assert.equal(reasonOf({ embargoed_until: AT.add({ minutes: 1 }) }), 'embargoed');
  assert.equal(reasonOf({ embargoed_until: AT }), undefined);
  assert.equal(reasonOf({ first_published_at: AT.add({ seconds: 1 }) }), 'unpublished');
  assert.equal(reasonOf({ headline: ' ' }), 'no_headline');
  assert.equal(reasonOf({ summary: '' }), 'no_summary');
  assert.equal(reasonOf({ summary: '', body_text: 'A first paragraph.' }), undefined);
});

test("the newsroom's own priority stands; without one it grows with sources, echo and section", () => {
  assert.equal(priorityOf(article({ priority: 4 }), standing()), 4);
  const plain = priorityOf(article(), standing());
  assert.ok(priorityOf(article(), standing({ sources: 2 })) > plain);
  assert.ok(priorityOf(article(), standing({ echo: 5 })) > plain);
  assert.ok(priorityOf(article(), standing({ section_weight: 1 })) > plain);
  assert.ok(priorityOf(article({ headline: 'Why the harbor bill passed' }), standing()) < plain);
  assert.ok(priorityOf(article(), standing({ sources: 9, echo: 900, section_weight: 1 })) <= 4);
});

test('the score is the sum of its parts: importance 40, freshness halving in 8 hours, engagement 15, need 10', () => {
  const { score, parts } = scoreOf(
    article({ priority: 4 }),
    standing({ section_weight: 1, section_need: 1, readers: { last_60m: 100, p95: 100 } }),
    { at: AT },
  );
  assert.deepEqual(parts, {
    priority: 4,
    importance: 40,
    freshness: 12.5,
    engagement: 15,
    enterprise: 0,
    section_need: 10,
    notice: 0,
  });
  assert.equal(score, 77.5);
});

test('a few readers in the first half hour say nothing', () => {
  const young = article({ first_published_at: AT.subtract({ minutes: 20 }) });
  const engaged = (last_60m: number) =>
    scoreOf(young, standing({ readers: { last_60m, p95: 100 } }), { at: AT }).parts.engagement;
  assert.equal(engaged(49), 0);
  assert.ok(engaged(50) > 0);
});

test('announcements, newsletters, galleries, pastimes and opinion are told from news', () => {
  const kind = (headline: string, summary = '', categories: string[] = []) =>
    noticeOf({ headline, summary, categories });
  assert.equal(kind('Watch live: Harbor panel holds hearing'), 'live');
  assert.equal(kind("The Dome's Morning Report: Harbor vote nears"), 'newsletter');
  assert.equal(
    kind('Harbor vote nears', "Welcome to The Dome's Harbor newsletter {beacon} Harbor"),
    'newsletter',
  );
  assert.equal(kind('Photos: The harbor at dawn'), 'gallery');
  assert.equal(kind('Harbor at dawn', '', ['Gallery']), 'gallery');
  assert.equal(kind('Powerball jackpot climbs'), 'pastime');
  assert.equal(kind('Save the harbor', '', ['Congress Blog']), 'opinion');
  assert.equal(kind('Opinion: Save the harbor'), 'opinion');
  assert.equal(kind('Senate passes harbor bill', 'The vote was live on television.', ['Senate']), undefined);
});

test('a notice scores below any story of its hour', () => {
  const score = (headline: string) => scoreOf(article({ headline }), standing(), { at: AT }).score;
  assert.ok(score('Watch live: Senate votes on harbor bill') < score('Senate passes harbor bill'));
});

test("an editor's order in a feed gives priorities, an order by time does not", () => {
  const feed = (hours: number[]) =>
    hours.map((hour, i) => ({
      id: i + 1,
      feed_id: 1,
      feed_position: i,
      first_published_at: AT.subtract({ hours: hour }),
      ingested_at: AT,
    }));
  assert.equal(prioritiesByOrder(feed([1, 2, 3, 4, 5, 6])).size, 0);
  const edited = prioritiesByOrder(feed([9, 2, 12, 1, 5, 3, 4]));
  assert.deepEqual([edited.get(1), edited.get(2), edited.get(5)], [4, 3, 2]);
});

test('places in different readings of a feed are not compared', () => {
  // Found one at a time: each stood first, which says nothing.
  const oneByOne = Array.from({ length: 12 }, (_, i) => ({
    id: i + 1,
    feed_id: 1,
    feed_position: i % 3,
    first_published_at: AT.subtract({ hours: (i * 5) % 12 }),
    ingested_at: AT.subtract({ minutes: i }),
  }));
  assert.equal(prioritiesByOrder(oneByOne).size, 0);
});
