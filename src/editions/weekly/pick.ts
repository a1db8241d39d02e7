import { collapse, compareAll } from '../../articles/alike/collapse.ts';
import { prepareStory, type StoryText, surveyWindow } from '../../articles/alike/same-story.ts';
import { type Rankable, whyNotEligible } from '../../articles/ranking/rank.ts';
import type { Publication } from '../../publications/publication.ts';
import { shortDate } from '../wording.ts';
import type { Telling } from './week.ts';

/** An article that the week's editions told, as it is now. */
export type WeekArticle = Rankable & StoryText & { id: number };
/** All that a round-up is picked from; `reads` says how often people opened an article, where that is counted. */
export type WeekStories = {
  tellings: Telling[];
  articles: WeekArticle[];
  reads: ReadonlyMap<number, number>;
};
/** A story of the week with its place in the round-up, and why it has it or has none. */
type Why = { reason: string; detail: string };
export type PlacedStory = Why & { told: Telling; place: 'lead' | 'top' | 'section' };
export type LeftStory = Why & { told: Telling; same_as_article_id: number | null };

/** A story with its latest telling. */
type Story = { told: Telling; article: WeekArticle; led: boolean; reads: number; score: number };

/** So many leads at most: one a day. */
const MOST_LEADS = 7;

/**
 * Picks a round-up: the week's leads, the most read of them first and the others with the latest first; then the stories
 * that people read most; then, up to the target, what was scored highest. Each story stands once, in the words of its
 * latest telling, and of two pieces that tell one event one; what may not be told any more stays out. In the order of the page.
 */
export function pickWeek(
  { tellings, articles, reads }: WeekStories,
  { press_at, target_items }: Pick<Publication, 'target_items'> & { press_at: Temporal.Instant },
): { placed: PlacedStory[]; left: LeftStory[] } {
  const left: LeftStory[] = [];
  const leave = ({ told }: Story, why: Why, same_as_article_id: number | null = null) =>
    void left.push({ told, ...why, same_as_article_id });
  const standing = storiesOf(tellings, articles, reads).filter((story) => {
    const absence = whyNotEligible(story.article, press_at);
    if (absence) leave(story, absence);
    return !absence;
  });
  const twice = secondTellings(standing);
  const once = standing.filter((story) => {
    const kept = twice.get(story);
    if (kept)
      leave(
        story,
        { reason: 'duplicate', detail: `tells the same as “${kept.told.headline}”` },
        kept.article.id,
      );
    return !kept;
  });
  const leads = once
    .filter(({ led }) => led)
    .sort(mostRead)
    .slice(0, MOST_LEADS);
  const [lead] = leads.length > 0 ? leads : once.toSorted(mostRead);
  const top = leads.filter((story) => story !== lead).sort(latest);
  const rest = once.filter((story) => story !== lead && !top.includes(story)).sort(mostRead);
  const room = Math.max(0, target_items - top.length - (lead ? 1 : 0));
  for (const story of rest.slice(room))
    leave(story, {
      reason: 'total_cap',
      detail: `${whyOf(story).detail}; ${target_items} stories are placed`,
    });
  return {
    placed: [
      ...(lead ? [placed(lead, 'lead')] : []),
      ...top.map((story) => placed(story, 'top')),
      ...rest.slice(0, room).map((story) => placed(story, 'section')),
    ],
    left,
  };
}

function storiesOf(
  tellings: Telling[],
  articles: WeekArticle[],
  reads: ReadonlyMap<number, number>,
): Story[] {
  const byArticle = Map.groupBy(tellings, ({ article_id }) => article_id);
  return articles.flatMap((article) => {
    const all = byArticle.get(article.id) ?? [];
    const told = all.at(-1);
    if (!told) return [];
    return {
      told,
      article,
      led: all.some(({ place }) => place === 'lead'),
      reads: reads.get(article.id) ?? 0,
      score: Math.max(...all.map(({ score }) => score)),
    };
  });
}

/** Stories that another piece tells too, with the one that stays: a lead before the others, of two leads the later. */
function secondTellings(stories: Story[]): Map<Story, Story> {
  const prepared = stories.map(({ article, told }) => prepareStory({ ...article, ...wordsOf(told) }));
  const order = [
    ...stories.filter(({ led }) => led).sort(latest),
    ...stories.filter(({ led }) => !led).sort(mostRead),
  ];
  const dropped = collapse(
    order.map(({ article }) => article.story_key),
    compareAll(prepared, surveyWindow(prepared)),
  );
  const byKey = new Map(stories.map((story) => [story.article.story_key, story]));
  return new Map(
    [...dropped].map(([key, { story_key }]) => [byKey.get(key) as Story, byKey.get(story_key) as Story]),
  );
}

const wordsOf = ({ headline, summary }: Telling) => ({ headline, summary });

const placed = (story: Story, place: PlacedStory['place']): PlacedStory => ({
  told: story.told,
  place,
  ...(place === 'section' || !story.led ? whyOf(story) : whyLead(story)),
});

const whyLead = ({ told, reads }: Story): Why => ({
  reason: 'led_a_day',
  detail: `led on ${shortDate(told.edition_on)}${reads > 0 ? `, ${readsLabel(reads)}` : ''}`,
});

const whyOf = ({ told, reads, score }: Story): Why =>
  reads > 0
    ? { reason: MOST_READ, detail: readsLabel(reads) }
    : { reason: 'high_score', detail: `score ${score} on ${shortDate(told.edition_on)}` };

/** Why a story is in that people opened, and opened more than those left out. */
export const MOST_READ = 'most_read';

const readsLabel = (reads: number): string => `opened ${reads === 1 ? 'once' : `${reads} times`}`;

const latest = (a: Story, b: Story): number =>
  Temporal.PlainDate.compare(b.told.edition_on, a.told.edition_on) || a.article.id - b.article.id;

const mostRead = (a: Story, b: Story): number => b.reads - a.reads || b.score - a.score || latest(a, b);
