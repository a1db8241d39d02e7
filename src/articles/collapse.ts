import { type Sameness, type Survey, sameStory } from './same-story.ts';

/** What stands beside a story among its neighbours of one window. */
export type Neighbour = { story_key: string; sameness: Sameness };
/** For each story key the tellings of the same event, and the other pieces of its story line. */
export type Likeness = { same: Map<string, Neighbour[]>; related: Map<string, Neighbour[]> };

/** Compares the stories of a window with each other (DIGEST §4.4): all pairs that are near enough to matter. */
export function compareAll(survey: Survey): Likeness {
  const likeness: Likeness = { same: new Map(), related: new Map() };
  for (const a of survey.stories) {
    for (const b of survey.neighbours(a)) {
      const sameness = sameStory(a, b, survey);
      const map = sameness.same ? likeness.same : sameness.related ? likeness.related : undefined;
      if (!map) continue;
      add(map, a.story_key, { story_key: b.story_key, sameness });
      add(map, b.story_key, { story_key: a.story_key, sameness });
    }
  }
  return likeness;
}

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

function add(map: Map<string, Neighbour[]>, key: string, neighbour: Neighbour): void {
  const list = map.get(key);
  if (list) list.push(neighbour);
  else map.set(key, [neighbour]);
}
