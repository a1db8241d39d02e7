import { type PreparedStory, type Sameness, type Survey, sameStory } from './same-story.ts';

/** What stands beside a story among its neighbours of one window. */
export type Neighbour = { story_key: string; sameness: Sameness };
/**
 * For each story key: the tellings of the same event; pieces that may well be one, too near to stand in one digest
 * though none is dropped for the other; closely related pieces; and all pieces of its story line.
 */
export type Likeness = {
  same: Map<string, Neighbour[]>;
  close: Map<string, Neighbour[]>;
  related: Map<string, Neighbour[]>;
  line: Map<string, Neighbour[]>;
};

/** From this kinship on two pieces belong to one story line. */
const LINE_KIN = 0.2;
const CLOSE_SCORE = 0.35;

/** Compares `stories` of a surveyed window with each other (DIGEST §4.4): all pairs near enough to matter. */
export function compareAll(stories: PreparedStory[], survey: Survey): Likeness {
  const likeness: Likeness = { same: new Map(), close: new Map(), related: new Map(), line: new Map() };
  for (const [i, a] of stories.entries()) {
    for (const b of stories.slice(i + 1)) {
      const near = survey.isNear(a, b);
      if (!near && survey.kin(a, b) < LINE_KIN) continue;
      const sameness = near ? sameStory(a, b, survey) : KIN_ONLY;
      if (sameness.same) both(likeness.same, a, b, sameness);
      else if (sameness.score >= CLOSE_SCORE) both(likeness.close, a, b, sameness);
      if (sameness.related) both(likeness.related, a, b, sameness);
      if (survey.kin(a, b) >= LINE_KIN) both(likeness.line, a, b, sameness);
    }
  }
  return likeness;
}

const KIN_ONLY: Sameness = { same: false, related: false, score: 0, why: 'of one story line' };

/**
 * Which stories fall away as second tellings: going down `order` (best first), a story that is the same as one
 * kept before it is dropped. Two kept stories are never the same. Returns for each dropped key its keeper.
 */
export function collapse(order: string[], { same }: Likeness): Map<string, Neighbour> {
  const dropped = new Map<string, Neighbour>();
  const kept = new Set<string>();
  for (const key of order) {
    const keepers = (same.get(key) ?? []).filter(({ story_key }) => kept.has(story_key));
    const [keeper] = keepers.sort((a, b) => b.sameness.score - a.sameness.score);
    if (keeper) dropped.set(key, keeper);
    else kept.add(key);
  }
  return dropped;
}

function both(map: Map<string, Neighbour[]>, a: PreparedStory, b: PreparedStory, sameness: Sameness): void {
  add(map, a.story_key, { story_key: b.story_key, sameness });
  add(map, b.story_key, { story_key: a.story_key, sameness });
}

function add(map: Map<string, Neighbour[]>, key: string, neighbour: Neighbour): void {
  const list = map.get(key);
  if (list) list.push(neighbour);
  else map.set(key, [neighbour]);
}
