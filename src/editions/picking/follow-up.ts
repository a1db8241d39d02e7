import { termsOf } from '../../articles/alike/same-story/terms.ts';
import { type PreparedStory, type Survey, sameStory } from '../../articles/alike/same-story.ts';
import { shortDate, wordCount } from '../wording.ts';
import type { Told } from './told.ts';

/** What the rule looks at of a candidate. */
export type FollowUpCandidate = {
  id: number;
  headline: string;
  summary: string;
  body_text: string;
  rev: number;
  first_published_at: Temporal.Instant;
  priority: number;
  pinned: boolean;
  story: PreparedStory;
};
/** Fresh: never told. Follow-up: told, and new enough to come again with the label. Old: it stays out. */
export type Novelty =
  | { kind: 'fresh' }
  | { kind: 'follow_up'; prior: Told; why: string }
  | { kind: 'old'; prior: Told; why: string };

/** DIGEST §4.5. */
const NEW_BODY_WORDS = 150;
const NEW_SHARE = 0.5;
const FOLLOW_UP_PRIORITY = 3;
/** A body this short is a teaser, not a known body. */
const KNOWN_BODY_WORDS = 100;

/** Whether a candidate was told in the last sent editions, and if so whether it may come again (DIGEST §4.5). */
export function noveltyOf(candidate: FollowUpCandidate, told: Told[], survey: Survey): Novelty {
  const itself = told.find(({ article_id }) => article_id === candidate.id);
  const prior = itself ?? mostAlike(candidate, told, survey);
  if (!prior) return { kind: 'fresh' };
  const on = shortDate(prior.edition_on);
  if (candidate.pinned) return { kind: 'follow_up', prior, why: `told on ${on}, pinned by an editor` };
  if (itself && candidate.rev <= itself.rev)
    return { kind: 'old', prior, why: `told on ${on}, unchanged since` };
  if (!itself && Temporal.Instant.compare(candidate.first_published_at, prior.cutoff_at) <= 0) {
    return { kind: 'old', prior, why: `told on ${on} by another piece of the same hours` };
  }
  const news = whatIsNew(candidate, prior);
  if (news.enough) return { kind: 'follow_up', prior, why: `told on ${on}, ${news.why}` };
  const reworded = candidate.headline !== prior.headline || candidate.summary !== prior.summary;
  if (candidate.priority >= FOLLOW_UP_PRIORITY && reworded) {
    return { kind: 'follow_up', prior, why: `told on ${on}, priority ${candidate.priority.toFixed(1)}` };
  }
  return { kind: 'old', prior, why: `told on ${on}, ${news.why}` };
}

function mostAlike(candidate: FollowUpCandidate, told: Told[], survey: Survey): Told | undefined {
  const same = told
    .filter((prior) => survey.isNear(candidate.story, prior.story))
    .map((prior) => ({ prior, sameness: sameStory(candidate.story, prior.story, survey) }))
    .filter(({ sameness }) => sameness.same);
  return same.sort((a, b) => b.sameness.score - a.sameness.score)[0]?.prior;
}

function whatIsNew(candidate: FollowUpCandidate, prior: Told): { enough: boolean; why: string } {
  const words = wordsOf(candidate.body_text);
  if (words.length >= KNOWN_BODY_WORDS && prior.body_words >= KNOWN_BODY_WORDS) {
    // The old body of the same article is gone: only its length was kept, in the count of `wordCount`.
    const count =
      prior.article_id === candidate.id
        ? wordCount(candidate.body_text) - prior.body_words
        : unsaid(words, prior);
    return { enough: count >= NEW_BODY_WORDS, why: `${Math.max(0, count)} new words since` };
  }
  const now = termsOf(`${candidate.headline}. ${candidate.summary}`);
  const then = termsOf(`${prior.headline}. ${prior.summary}`);
  const kept = [...now].filter((term) => then.has(term)).length / (now.size || 1);
  const why = `${Math.round(kept * 100)} % of its words as told then`;
  return { enough: kept < NEW_SHARE && candidate.headline !== prior.headline, why };
}

/** How many words of the new body the old one did not use. */
function unsaid(words: string[], prior: Told): number {
  const old = new Set(wordsOf(prior.body_text));
  return words.filter((word) => !old.has(word)).length;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
