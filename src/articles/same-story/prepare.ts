import { type Notice, noticeOf } from '../notice.ts';
import { isCommon, type Terms, termsOf } from './terms.ts';

/** What is compared of an article. */
export type StoryText = {
  story_key: string;
  headline: string;
  summary: string;
  body_text: string;
  first_published_at: Temporal.Instant;
};
/** An article made ready for many comparisons. */
export type PreparedStory = {
  story_key: string;
  host: string;
  headline: Terms;
  text: Terms;
  shingles: Set<string>;
  notice: Notice | undefined;
  first_published_ms: number;
};
/** How much a term tells. */
export type Weigh = (term: string) => number;

/** A telling is compared by its beginning: later paragraphs give the background, which all pieces share. */
const OPENING_WORDS = 60;
/** DIGEST §4.4: wire copy is looked for in so much of the body. */
const COPY_WORDS = 150;
/** A window is weighed as if it held at least this many stories: a handful says little about rarity. */
const LEAST_STORIES = 150;
/** The share of all news that holds a common word, whatever the window at hand says. */
const COMMON_SHARE = 0.06;

/** Takes an article apart once, so that all pairs of a window can be compared quickly. */
export function prepareStory(article: StoryText): PreparedStory {
  const summary = withoutFurniture(article.summary);
  const opening = summary || firstWords(article.body_text, OPENING_WORDS);
  const notice = noticeOf(article);
  return {
    story_key: article.story_key,
    host: hostOf(article.story_key),
    headline: termsOf(article.headline),
    text: termsOf(`${article.headline}. ${opening}`),
    shingles: shinglesOf(`${article.headline} ${summary} ${firstWords(article.body_text, COPY_WORDS)}`),
    notice,
    first_published_ms: article.first_published_at.epochMilliseconds,
  };
}

/** Weighs each term by its rarity among these stories: on a day full of one event, its own words tell little. */
export function weighTerms(stories: PreparedStory[]): Weigh {
  const holding = new Map<string, number>();
  for (const { text } of stories)
    for (const term of text.terms) holding.set(term, (holding.get(term) ?? 0) + 1);
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

/** The weight of a term where no window is at hand. */
export const plainWeight: Weigh = weighTerms([]);

const firstWords = (text: string, count: number): string => text.split(/\s+/, count).join(' ');

const hostOf = (key: string): string =>
  key
    .replace(/^\w+:\/\//, '')
    .replace(/^www\./, '')
    .split('/')[0] as string;

/** The greeting of a newsletter, its template's leftovers and photo credits say nothing of the story. */
const withoutFurniture = (summary: string): string =>
  summary
    .replace(/^welcome to\b.{0,200}?\bthe big story\b/i, '')
    .replace(/\{\w+\}/g, ' ')
    .replace(/©.{0,80}$/, '');

/** Three words in a row, each. Fewer than eight shingles prove no copy. */
function shinglesOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length < 10) return new Set();
  return new Set(words.slice(2).map((word, i) => `${words[i]} ${words[i + 1]} ${word}`));
}
