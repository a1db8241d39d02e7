import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { collapse, compareAll } from '../../src/articles/alike/collapse.ts';
import { stem, termsOf } from '../../src/articles/alike/same-story/terms.ts';
import {
  type PreparedStory,
  prepareStory,
  type StoryText,
  sameStory,
  surveyWindow,
} from '../../src/articles/alike/same-story.ts';

const AT = Temporal.Instant.from('2026-11-22T15:00:00Z');
const story = (headline: string, summary: string, over: Partial<StoryText> = {}): PreparedStory =>
  prepareStory({
    story_key: `https://dome.test/${headline.length}-${encodeURIComponent(headline)}`,
    headline,
    summary,
    body_text: '',
    first_published_at: AT,
    ...over,
  });
const elsewhere = (path: string) => ({ story_key: `https://herald.test/${path}` });

const FERRY = story(
  'Ferry runs aground off Port Meridian, injuring 14',
  'A commuter ferry carrying 210 passengers struck a sandbar off Port Meridian on Friday, injuring 14 people, the coast guard said.',
);
const FERRY_TOLD_AGAIN = story(
  '14 hurt as Port Meridian ferry hits sandbar',
  'Fourteen people were hurt Friday when a commuter ferry with 210 aboard hit a sandbar near Port Meridian, according to the coast guard.',
  elsewhere('ferry'),
);
const HARBOR_BUDGET = story(
  'Council cuts harbor budget for third year',
  'The city council voted on Thursday to trim spending on docks and dredging, over the objections of fishing crews.',
  elsewhere('harbor'),
);
const FERRY_LAWSUIT = story(
  'Senators demand answers on ferry safety',
  'Two senators wrote to the coast guard on Sunday, asking when the ferries of Port Meridian were last inspected and who signed the papers.',
  elsewhere('answers'),
);

test('one event told by two newsrooms in other words is one story', () => {
  const sameness = sameStory(FERRY, FERRY_TOLD_AGAIN);
  assert.equal(sameness.same, true, sameness.why);
  assert.match(sameness.why, /likely one event/);
});

test('another piece on the same story line is not the same story', () => {
  const survey = surveyWindow([FERRY, FERRY_TOLD_AGAIN, FERRY_LAWSUIT, HARBOR_BUDGET]);
  assert.equal(sameStory(FERRY, FERRY_LAWSUIT, survey).same, false);
  assert.equal(sameStory(FERRY, HARBOR_BUDGET, survey).same, false);
});

test('the same address is the same story whatever it says now', () => {
  const key = { story_key: 'https://dome.test/a' };
  const sameness = sameStory(story('One thing', 'Here', key), story('Quite another', 'There', key));
  assert.deepEqual([sameness.same, sameness.score], [true, 1]);
});

test('an article whose address changed with its headline is the same story, and another site’s number says nothing', () => {
  const at = (story_key: string) => story('One thing', 'Here', { story_key });
  const before = at('https://dome.test/1165527249/one-thing');
  const after = story('Quite another', 'There', { story_key: 'https://dome.test/1165527249/quite-another' });
  assert.match(sameStory(before, after).why, /changed address/);
  assert.equal(sameStory(at('https://herald.test/1165527249/one'), after).same, false);
});

test('wire copy under another headline is the same story', () => {
  const body_text =
    'The dam at Kestrel Gap will be drained this winter for the first time in forty years so that crews can mend the spillway, the water board said. '.repeat(
      3,
    );
  const sameness = sameStory(
    story('Dam to be drained', 'A dam.', { body_text }),
    story('Forty years on, spillway repairs begin', 'A spillway.', { ...elsewhere('dam'), body_text }),
  );
  assert.equal(sameness.same, true);
  assert.match(sameness.why, /the same text/);
});

test('two stories more than a week apart are never the same event', () => {
  const later = { ...elsewhere('later'), first_published_at: AT.add({ hours: 24 * 8 }) };
  assert.equal(sameStory(FERRY, story(FERRY_TOLD_AGAIN.story_key, 'x', later)).same, false);
});

test('sameness does not depend on who is asked first', () => {
  const words = fc.constantFrom(
    'senate',
    'ferry',
    'Port Meridian',
    'vote',
    'veto',
    'dam',
    '14',
    'Kestrel',
    'Friday',
    'slams',
    'why',
  );
  const texts = fc.array(words, { maxLength: 12 }).map((list) => list.join(' '));
  fc.assert(
    fc.property(texts, texts, texts, texts, (h1, s1, h2, s2) => {
      const [a, b] = [
        story(h1, s1, { story_key: 'https://a.test/1' }),
        story(h2, s2, { story_key: 'https://b.test/2' }),
      ];
      const survey = surveyWindow([a, b, FERRY]);
      const { score } = sameStory(a, b, survey);
      assert.ok(Math.abs(score - sameStory(b, a, survey).score) < 1e-9);
      assert.ok(score >= 0 && score <= 1);
    }),
  );
});

test('words are compared by what they tell, in any script', () => {
  assert.equal(stem('investigating'), stem('investigation'));
  assert.equal(stem('killed'), stem('dies'));
  assert.ok(termsOf('Federal Aviation Administration').has('faa'));
  assert.ok(termsOf('the of and to').size === 0);
  assert.ok(termsOf('نواز شریف نے کہا').size > 2);
  assert.ok(termsOf('国会议员投票').has('议员'));
});

test('second tellings fall away, the better placed one stays, and no two that stay are the same', () => {
  const stories = [FERRY, FERRY_TOLD_AGAIN, HARBOR_BUDGET, FERRY_LAWSUIT];
  const likeness = compareAll(stories, surveyWindow(stories));
  const order = [FERRY_TOLD_AGAIN, HARBOR_BUDGET, FERRY, FERRY_LAWSUIT].map(({ story_key }) => story_key);
  const dropped = collapse(order, likeness);
  assert.deepEqual(
    [...dropped].map(([key, keeper]) => [key, keeper.story_key]),
    [[FERRY.story_key, FERRY_TOLD_AGAIN.story_key]],
  );
});
