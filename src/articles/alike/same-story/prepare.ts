import { articleNumber } from '../../canonical.ts';
import { type Notice, noticeOf } from '../../ranking/notice.ts';
import { type Angle, angleOf } from './angle.ts';
import { termsOf } from './terms.ts';

/** What is compared of an article. */
export type StoryText = {
  story_key: string;
  headline: string;
  summary: string;
  body_text: string;
  first_published_at: Temporal.Instant;
};
/** An article made ready for many comparisons; the sets hold terms. */
export type PreparedStory = {
  story_key: string;
  /** The publishing site's own number of it, where its address tells. */
  number: string | null;
  /** The house that publishes it. */
  house: string;
  headline: Set<string>;
  /** Headline and first words: what the piece itself says is new. */
  opening: Set<string>;
  /** The telling below the headline. */
  below: Set<string>;
  /** Headline and telling. */
  whole: Set<string>;
  shingles: Set<string>;
  notice: Notice | undefined;
  angle: Angle;
  first_published_ms: number;
};

/** A telling is compared by its beginning: later paragraphs give the background, which all pieces share. */
const TELLING_WORDS = 60;
const OPENING_WORDS = 22;
/** DIGEST §4.4: wire copy is looked for in so much of the body. */
const COPY_WORDS = 150;

/** Takes an article apart once, so that all pairs of a window can be compared quickly. */
export function prepareStory(article: StoryText): PreparedStory {
  const summary = withoutFurniture(article.summary);
  const telling = summary || firstWords(article.body_text, TELLING_WORDS);
  const headline = termsOf(article.headline);
  const below = termsOf(telling);
  return {
    story_key: article.story_key,
    number: articleNumber(article.story_key),
    house: houseOf(article.story_key),
    headline,
    opening: new Set([...headline, ...termsOf(firstWords(telling, OPENING_WORDS))]),
    below,
    whole: new Set([...headline, ...below]),
    shingles: shinglesOf(`${article.headline} ${summary} ${firstWords(article.body_text, COPY_WORDS)}`),
    notice: noticeOf(article),
    angle: angleOf(article),
    first_published_ms: article.first_published_at.epochMilliseconds,
  };
}

const firstWords = (text: string, count: number): string => text.split(/\s+/, count).join(' ');

const houseOf = (key: string): string =>
  key
    .replace(/^\w+:\/\//, '')
    .replace(/^www\./, '')
    .split('/')[0] as string;

/** The greeting of a newsletter, its template's leftovers and photo credits say nothing of the story. */
const withoutFurniture = (summary: string): string =>
  summary
    .replace(/^welcome to\b.{0,200}?\bthe big story\b/i, '')
    .replace(/\{\w+\}/g, ' ')
    .replace(/©.{0,80}$/, '')
    .trim();

/** Each three words in a row; a text of fewer than ten words proves no copy. */
function shinglesOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length < 10) return new Set();
  return new Set(words.slice(2).map((word, i) => `${words[i]} ${words[i + 1]} ${word}`));
}
