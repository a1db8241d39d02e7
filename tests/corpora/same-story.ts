import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collapse, compareAll } from '../../src/articles/alike/collapse.ts';
import {
  type PreparedStory,
  prepareStory,
  sameStory,
  surveyWindow,
} from '../../src/articles/alike/same-story.ts';
import { articleOf, draftOf } from '../../src/articles/intake/draft.ts';
import { parseFeed } from '../../src/feeds/parse.ts';

type Pair = { a: string; b: string; label: 'same' | 'related' | 'other' };
type Story = PreparedStory & { url: string };

/** A pair is judged among the stories of so many hours before and after it: about what an edition sees. */
const WINDOW_HOURS = 24;

/**
 * How many of the pairs of `same-story.json` in `corporaFolder` that tell one event are collapsed, and how many of the
 * others are, which is the worse mistake. The items are those of the RSS files in `newsFolder`, read, cleaned and
 * compared as an edition reads, cleans and compares them.
 */
export async function scoreSameStory(
  corporaFolder: string,
  newsFolder: string,
): Promise<{
  same: { right: number; of: number };
  others: { wrong: number; of: number };
  failing: string[];
}> {
  const pairs = JSON.parse(readFileSync(join(corporaFolder, 'same-story.json'), 'utf8')) as Pair[];
  const stories = readStories(newsFolder);
  const wrong = pairs.filter((pair) => areCollapsed(pair, stories) !== (pair.label === 'same'));
  const same = pairs.filter(({ label }) => label === 'same');
  const missed = wrong.filter(({ label }) => label === 'same');
  return {
    same: { right: same.length - missed.length, of: same.length },
    others: { wrong: wrong.length - missed.length, of: pairs.length - same.length },
    failing: wrong.map(({ a, b, label }) => `${label}: ${a} ${b}`),
  };
}

/** Whether the two are taken for one: directly, so that never both are kept, or because a third is kept for both. */
function areCollapsed({ a, b }: Pair, stories: Map<string, Story>): boolean {
  const [one, other] = [stories.get(a), stories.get(b)];
  if (!one || !other) throw new Error(`the news folder has no item ${one ? b : a}`);
  const middle = (one.first_published_ms + other.first_published_ms) / 2;
  const window = [...stories.values()].filter(
    ({ first_published_ms }) => Math.abs(first_published_ms - middle) <= WINDOW_HOURS * 3_600_000,
  );
  const survey = surveyWindow(window);
  if (sameStory(one, other, survey).same) return true;
  const likeness = compareAll(window, survey);
  // As in an edition's ranking, a story that many tell stands before one that few tell.
  const tellings = ({ story_key }: Story) => likeness.same.get(story_key)?.length ?? 0;
  const order = window.toSorted((x, y) => tellings(y) - tellings(x)).map(({ story_key }) => story_key);
  const dropped = collapse(order, likeness);
  const keeper = (key: string): string => dropped.get(key)?.story_key ?? key;
  return keeper(one.story_key) === keeper(other.story_key);
}

/** All items of the folder's feeds by their link, earliest first. */
function readStories(newsFolder: string): Map<string, Story> {
  const found: Story[] = [];
  for (const file of globSync('*/*.xml', { cwd: newsFolder })) {
    const feed = parseFeed(readFileSync(join(newsFolder, file)), { content_type: 'text/xml', url: '' });
    for (const [position, entry] of feed.entries.entries()) {
      const draft = draftOf(entry, position);
      if (typeof draft === 'string' || !entry.published_at) continue;
      const now = entry.published_at.add({ minutes: 1 });
      const article = articleOf(draft, { publication_id: 1, feed_id: 1, now });
      const { summary = '', body_text = '' } = article;
      found.push({ url: entry.url as string, ...prepareStory({ ...article, summary, body_text }) });
    }
  }
  found.sort((a, b) => a.first_published_ms - b.first_published_ms);
  return new Map(found.map((story) => [story.url, story]));
}
