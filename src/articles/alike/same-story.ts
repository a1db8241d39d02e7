import { type Features, featuresOf } from './same-story/features.ts';
import type { PreparedStory } from './same-story/prepare.ts';
import { type Survey, surveyWindow } from './same-story/survey.ts';

export { type PreparedStory, prepareStory, type StoryText } from './same-story/prepare.ts';
export { type Survey, surveyWindow } from './same-story/survey.ts';

/** `same`: one event told twice, a digest must not carry both. `related`: one story line, another piece. */
export type Sameness = { same: boolean; related: boolean; score: number; why: string };

/** DIGEST §4.4: at this share of common shingles two texts are one copy. */
const SAME_COPY = 0.5;
/** Above this a pair is one event told twice. */
const SAME_SCORE = 0.69;
/** Above this kinship two pieces are closely related. */
const RELATED_KIN = 0.36;
/** Beyond this two tellings are not of one event. */
const FURTHEST_DAYS = 7;
/** Fitted on judged pairs, where a pair is one event with the odds e^sum: docs/decisions/0004-same-story.md. */
const INTERCEPT = -0.65;
const WEIGHTS: Record<keyof Features, number> = {
  told: 4.27,
  whole: 8.61,
  below: -2.61,
  crowd: -0.8,
  line: -0.77,
  one_house: -2.64,
  days: -2.32,
  one_explains: -0.89,
  one_previews: -0.43,
  any_reacts: -0.63,
  told_live: 7.73,
  other_weekday: -3.1,
};

/**
 * Whether two articles tell one event, seen among the other stories of their window: on a day full of one story line
 * more must agree than on a quiet one. Without a `survey` the two are seen alone. The score is a probability, 0 to 1.
 */
export function sameStory(
  a: PreparedStory,
  b: PreparedStory,
  survey: Survey = surveyWindow([a, b]),
): Sameness {
  if (a.story_key === b.story_key) return { same: true, related: true, score: 1, why: 'the same address' };
  if (a.number !== null && a.number === b.number)
    return { same: true, related: true, score: 1, why: 'the same article under a changed address' };
  if (Math.abs(a.first_published_ms - b.first_published_ms) > FURTHEST_DAYS * 86_400_000) return UNLIKE;
  const copied = jaccard(a.shingles, b.shingles);
  if (copied >= SAME_COPY) {
    return { same: true, related: true, score: 1, why: `${percent(copied)} the same text` };
  }
  const features = featuresOf(a, b, survey);
  const logit = Object.entries(WEIGHTS).reduce(
    (sum, [name, weight]) => sum + weight * features[name as keyof Features],
    INTERCEPT,
  );
  const score = 1 / (1 + Math.exp(-logit));
  const same = score >= SAME_SCORE;
  return {
    same,
    related: same || survey.kin(a, b) >= RELATED_KIN,
    score,
    why: `${percent(score)} likely one event: headlines told in each other ${percent(features.told)}, texts ${percent(features.whole)} alike`,
  };
}

const UNLIKE: Sameness = { same: false, related: false, score: 0, why: 'more than a week apart' };

function jaccard(a: Set<string>, b: Set<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  const both = a.intersection(b).size;
  return both / (a.size + b.size - both);
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
