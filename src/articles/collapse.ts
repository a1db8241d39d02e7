import { type PreparedStory, type Sameness, sameStory, weighTerms } from './same-story.ts';

/** What stands beside a story among its neighbours of one window. */
export type Neighbour = { story_key: string; sameness: Sameness };
/** For each story key the tellings of the same event, and the other pieces of its story line. */
export type Likeness = { same: Map<string, Neighbour[]>; related: Map<string, Neighbour[]> };

/** Compares all pairs of a window's stories (DIGEST §4.4); words are weighed by their rarity among them. */
export function compareAll(stories: PreparedStory[]): Likeness {
  const weigh = weighTerms(stories);
  const likeness: Likeness = { same: new Map(), related: new Map() };
  for (const [i, a] of stories.entries()) {
    for (const b of stories.slice(i + 1)) {
      const sameness = sameStory(a, b, weigh);
      if (sameness.same) note(likeness.same, a, b, sameness);
      else if (sameness.related) note(likeness.related, a, b, sameness);
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
    const keeper = (same.get(key) ?? [])
      .filter(({ story_key }) => kept.has(story_key))
      .sort((a, b) => b.sameness.score - a.sameness.score)[0];
    if (keeper) dropped.set(key, keeper);
    else kept.add(key);
  }
  return dropped;
}

function note(map: Map<string, Neighbour[]>, a: PreparedStory, b: PreparedStory, sameness: Sameness): void {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    map.set(one.story_key, [...(map.get(one.story_key) ?? []), { story_key: other.story_key, sameness }]);
  }
}
