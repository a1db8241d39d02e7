import type { PreparedStory, Weigh } from './prepare.ts';

/** How alike two stories are, seen from several sides; shares are of weight, 0 to 1. */
export type Features = {
  /** Words common to both headlines. */
  headlines: number;
  /** How much of the one headline the other article tells: of the two shares the smaller. */
  told: number;
  /** Cosine of the whole tellings. */
  text: number;
  /** How many rare words both use. */
  rare: number;
  hours: number;
};

/** Fitted on judged pairs: docs/decisions/0004-same-story.md. */
export const INTERCEPT = -7.4;
export const FEATURE_WEIGHTS: [keyof Features, number][] = [
  ['headlines', 4.4],
  ['told', 2.6],
  ['text', 6.2],
];

const RARE_WEIGHT = Math.log(1 + 150 / 4);

/** The features of a pair, or undefined where the two share nothing that would let them be one story. */
export function featuresOf(a: PreparedStory, b: PreparedStory, weigh: Weigh): Features | undefined {
  const both = common(a.text.terms, b.text.terms);
  if (both.length < 3) return undefined;
  return {
    headlines: alike(a.headline.terms, b.headline.terms, weigh),
    told: Math.min(
      portion(a.headline.terms, b.text.terms, weigh),
      portion(b.headline.terms, a.text.terms, weigh),
    ),
    text: squares(both, weigh) / Math.sqrt(squares(a.text.terms, weigh) * squares(b.text.terms, weigh) || 1),
    rare: both.filter((term) => weigh(term) > RARE_WEIGHT).length,
    hours: Math.abs(a.first_published_ms - b.first_published_ms) / 3_600_000,
  };
}

/** Dice by weight. */
function alike(a: Set<string>, b: Set<string>, weigh: Weigh): number {
  return (2 * total(common(a, b), weigh)) / (total(a, weigh) + total(b, weigh) || 1);
}

/** The share of `a` that `b` holds too. */
function portion(a: Set<string>, b: Set<string>, weigh: Weigh): number {
  return total(common(a, b), weigh) / (total(a, weigh) || 1);
}

function common(a: Set<string>, b: Set<string>): string[] {
  const found: string[] = [];
  for (const term of a) if (b.has(term)) found.push(term);
  return found;
}

function total(terms: Iterable<string>, weigh: Weigh): number {
  let sum = 0;
  for (const term of terms) sum += weigh(term);
  return sum;
}

function squares(terms: Iterable<string>, weigh: Weigh): number {
  let sum = 0;
  for (const term of terms) sum += weigh(term) ** 2;
  return sum;
}
