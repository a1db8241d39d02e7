import { FEATURE_WEIGHTS, featuresOf, INTERCEPT } from './same-story/features.ts';
import { type PreparedStory, plainWeight, type Weigh } from './same-story/prepare.ts';

export {
  type PreparedStory,
  prepareStory,
  type StoryText,
  type Weigh,
  weighTerms,
} from './same-story/prepare.ts';

/** `same`: one event told twice, a digest must not carry both. `related`: one story line, another piece. */
export type Sameness = { same: boolean; related: boolean; score: number; why: string };

/** DIGEST §4.4: at this share of common shingles two texts are one copy. */
const SAME_COPY = 0.5;
const SAME_SCORE = 0.5;
/** Below this share of common meaning two pieces are not of one story line. */
const RELATED_ALIKE = 0.16;
const RELATED_RARE = 3;
/** Beyond this two tellings are not of one event. */
const FURTHEST_HOURS = 60;

/**
 * Whether two articles tell one event. `weigh` says how much each word tells, from its rarity in the window
 * (`weighTerms`); without it all uncommon words weigh the same. The score is a probability of `same`, 0 to 1.
 */
export function sameStory(a: PreparedStory, b: PreparedStory, weigh: Weigh = plainWeight): Sameness {
  if (a.story_key === b.story_key) return { same: true, related: true, score: 1, why: 'the same address' };
  const copied = shared(a.shingles, b.shingles);
  if (copied >= SAME_COPY)
    return { same: true, related: true, score: 1, why: `${percent(copied)} the same words` };
  const features = featuresOf(a, b, weigh);
  if (!features || features.hours > FURTHEST_HOURS) return UNLIKE;
  const logit = INTERCEPT + FEATURE_WEIGHTS.reduce((sum, [name, weight]) => sum + weight * features[name], 0);
  const score = 1 / (1 + Math.exp(-logit));
  const same = score >= SAME_SCORE;
  return {
    same,
    related: same || (features.text >= RELATED_ALIKE && features.rare >= RELATED_RARE),
    score,
    why: `headlines ${percent(features.headlines)} alike, told in each other ${percent(features.told)}, texts ${percent(features.text)} alike`,
  };
}

const UNLIKE: Sameness = { same: false, related: false, score: 0, why: 'no rare word in common' };

/** Jaccard. */
function shared(a: Set<string>, b: Set<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let both = 0;
  for (const shingle of a) if (b.has(shingle)) both++;
  return both / (a.size + b.size - both);
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
