import type { PreparedStory } from './prepare.ts';
import type { Survey, Weigh } from './survey.ts';

/** How alike two stories are, seen from several sides; shares are of weight, 0 to 1. */
export type Features = {
  /** How much of the one headline the other piece's headline and first words tell: of both shares the smaller. */
  told: number;
  /** Cosine of the whole tellings, and of what stands below the headlines. */
  whole: number;
  below: number;
  /** How many other pieces crowd between the two: logarithms of the counts, added. */
  crowd: number;
  /** How many other pieces tell of the same story line as either: logarithm. */
  line: number;
  /** Both of one house: a newsroom seldom tells one event twice, except in its newsletters. */
  one_house: number;
  /** Days between them, at most two. */
  days: number;
  one_explains: number;
  one_previews: number;
  any_reacts: number;
  /** As `told`, where one of them announces live pictures of the event. */
  told_live: number;
  /** Both name weekdays, and no common one. */
  other_weekday: number;
};

/** The features of a pair in the window surveyed. */
export function featuresOf(a: PreparedStory, b: PreparedStory, survey: Survey): Features {
  const { weigh } = survey;
  const letter = a.notice === 'newsletter' || b.notice === 'newsletter';
  const hours = Math.abs(a.first_published_ms - b.first_published_ms) / 3_600_000;
  const [days, otherDays] = [a.angle.weekdays, b.angle.weekdays];
  const told = Math.min(share(a.headline, b.opening, weigh), share(b.headline, a.opening, weigh));
  return {
    told,
    whole: survey.alike(a, b),
    below: cosine(a.below, b.below, weigh),
    crowd: Math.log(1 + survey.nearer(a, b)) + Math.log(1 + survey.nearer(b, a)),
    line: Math.log(1 + survey.line(a, b)),
    one_house: Number(a.house === b.house && !letter),
    days: Math.min(hours, 48) / 24,
    one_explains: Number(a.angle.explains !== b.angle.explains),
    one_previews: Number(a.angle.previews !== b.angle.previews),
    any_reacts: Number(a.angle.reacts || b.angle.reacts),
    told_live: (a.notice === 'live') !== (b.notice === 'live') ? told : 0,
    other_weekday: Number(days.size > 0 && otherDays.size > 0 && days.isDisjointFrom(otherDays)),
  };
}

/** The share of `a` that `b` holds too. */
function share(a: Set<string>, b: Set<string>, weigh: Weigh): number {
  return total(a.intersection(b), weigh) / (total(a, weigh) || 1);
}

function cosine(a: Set<string>, b: Set<string>, weigh: Weigh): number {
  return squares(a.intersection(b), weigh) / Math.sqrt(squares(a, weigh) * squares(b, weigh) || 1);
}

function total(terms: Set<string>, weigh: Weigh): number {
  let sum = 0;
  for (const term of terms) sum += weigh(term);
  return sum;
}

function squares(terms: Set<string>, weigh: Weigh): number {
  let sum = 0;
  for (const term of terms) sum += weigh(term) ** 2;
  return sum;
}
