import type { PreparedStory } from './prepare.ts';
import { isCommon } from './terms.ts';

/** How much a term tells, from its rarity among the stories at hand. */
export type Weigh = (term: string) => number;
/** The stories of a window seen together: what their words weigh, and who stands near whom. */
export type Survey = {
  stories: PreparedStory[];
  weigh: Weigh;
  /** Cosine of two whole tellings, 0 to 1. */
  alike(a: PreparedStory, b: PreparedStory): number;
  /** As `alike`, but by all their words, however many of the day's stories share them: of one story line or not. */
  kin(a: PreparedStory, b: PreparedStory): number;
  /** How much else the window holds of a story's line: pieces, nearer ones counting more. */
  echo(a: PreparedStory): number;
  /** How many stories of the window are nearer to `a` than `b` is. */
  nearer(a: PreparedStory, b: PreparedStory): number;
  /** How many other stories of the window are of the story line of either. */
  line(a: PreparedStory, b: PreparedStory): number;
  /** Whether two stories are near enough to be worth comparing. */
  isNear(a: PreparedStory, b: PreparedStory): boolean;
};

/** A window is weighed as if it held at least this many stories: a handful says little about rarity. */
const LEAST_STORIES = 150;
/** The share of all news that holds a common word, whatever the window at hand says. */
const COMMON_SHARE = 0.06;
/** Below this nearness nothing is the same story or of its line. */
const LEAST_NEARNESS = 0.25;
const HEADLINE_SHARE = 0.5;
/** At this cosine two pieces are of one story line. */
const ONE_LINE = 0.12;
/** A common word says this much of what another says, where the window is not asked. */
const COMMON_WEIGHT = 0.25;
/** From this kinship on a piece echoes another; so much more and it counts in full. */
const ECHO_FROM = 0.14;
const ECHO_SPAN = 0.12;

/**
 * Surveys a window: weighs each term by its rarity in it (on a day full of one event, its own words tell little) and
 * measures how near all its stories are to each other. 250 stories take about 20 ms.
 */
export function surveyWindow(stories: PreparedStory[]): Survey {
  const count = stories.length;
  const weigh = weighTerms(stories);
  const index = new Map(stories.map((story, i) => [story.story_key, i]));
  const alike = cosines(stories, weigh);
  const kin = cosines(stories, (term) => (isCommon(term) ? COMMON_WEIGHT : 1));
  const nearness = nearnesses(alike, headlinesTold(stories, weigh), count);
  const at = (story: PreparedStory): number => index.get(story.story_key) ?? -1;
  const row = (i: number): Float32Array => nearness.subarray(i * count, (i + 1) * count);
  return {
    stories,
    weigh,
    alike: (a, b) => alike[at(a) * count + at(b)] ?? 0,
    kin: (a, b) => kin[at(a) * count + at(b)] ?? 0,
    echo(a) {
      let echo = 0;
      for (const [k, other] of kin.subarray(at(a) * count, (at(a) + 1) * count).entries()) {
        if (k !== at(a)) echo += Math.min(1, Math.max(0, other - ECHO_FROM) / ECHO_SPAN);
      }
      return echo;
    },
    nearer(a, b) {
      const own = nearness[at(a) * count + at(b)] ?? 0;
      let nearer = 0;
      for (const other of row(at(a))) if (other > own) nearer++;
      return nearer;
    },
    line(a, b) {
      const [i, j] = [at(a) * count, at(b) * count];
      let others = 0;
      for (const [k, story] of stories.entries()) {
        if (story === a || story === b) continue;
        if ((alike[i + k] as number) > ONE_LINE || (alike[j + k] as number) > ONE_LINE) others++;
      }
      return others;
    },
    isNear: (a, b) => (nearness[at(a) * count + at(b)] ?? 0) >= LEAST_NEARNESS,
  };
}

/** How near each two stories are: by their tellings, and by what each tells of the other's headline; to itself none. */
function nearnesses(alike: Float32Array, told: Float32Array, count: number): Float32Array {
  const nearness = new Float32Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const both = Math.min(told[i * count + j] as number, told[j * count + i] as number);
      nearness[i * count + j] = i === j ? -1 : (alike[i * count + j] as number) + HEADLINE_SHARE * both;
    }
  }
  return nearness;
}

function weighTerms(stories: PreparedStory[]): Weigh {
  const holding = new Map<string, number>();
  for (const { whole } of stories) for (const term of whole) holding.set(term, (holding.get(term) ?? 0) + 1);
  const all = Math.max(stories.length, LEAST_STORIES);
  const known = new Map<string, number>();
  return (term) => {
    const found = known.get(term);
    if (found !== undefined) return found;
    const often = (holding.get(term) ?? 0) + 0.5 + (isCommon(term) ? COMMON_SHARE * all : 0);
    const weight = Math.log(1 + all / often);
    known.set(term, weight);
    return weight;
  };
}

/** Which stories hold each term: only these have anything in common. */
function holders(stories: PreparedStory[]): Map<string, number[]> {
  const map = new Map<string, number[]>();
  for (const [i, { whole }] of stories.entries()) {
    for (const term of whole) {
      const list = map.get(term);
      if (list) list.push(i);
      else map.set(term, [i]);
    }
  }
  return map;
}

function cosines(stories: PreparedStory[], weigh: Weigh): Float32Array {
  const count = stories.length;
  const dots = new Float32Array(count * count);
  for (const [term, list] of holders(stories)) {
    const square = weigh(term) ** 2;
    for (const i of list)
      for (const j of list) dots[i * count + j] = (dots[i * count + j] as number) + square;
  }
  const lengths = stories.map((_, i) => Math.sqrt(dots[i * count + i] || 1));
  return dots.map((dot, at) => dot / (lengths[Math.floor(at / count)]! * lengths[at % count]!));
}

/** The share of each story's headline (row) that each other story (column) tells too. */
function headlinesTold(stories: PreparedStory[], weigh: Weigh): Float32Array {
  const count = stories.length;
  const map = holders(stories);
  const told = new Float32Array(count * count);
  for (const [i, { headline }] of stories.entries()) {
    let whole = 0;
    for (const term of headline) {
      whole += weigh(term);
      for (const j of map.get(term) ?? [])
        told[i * count + j] = (told[i * count + j] as number) + weigh(term);
    }
    for (let j = 0; j < count; j++) told[i * count + j] = (told[i * count + j] as number) / (whole || 1);
  }
  return told;
}
