import { COMMON_WORDS, SAME_MEANING, STOP_WORDS } from './words.ts';

/** What a text is about, as words that can be compared: stems, names and numbers; spelling and order are gone. */
export type Terms = { terms: Set<string>; names: Set<string>; numbers: Set<string> };

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’.&-][\p{L}\p{M}\p{N}]+)*/gu;
/** Scripts written without spaces between words: compared by pairs of letters. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}]+$/u;

/** The comparable words of a text; a headline in Title Case gives no names, since there every word looks like one. */
export function termsOf(text: string): Terms {
  const found: Terms = { terms: new Set(), names: new Set(), numbers: new Set() };
  const words = [...text.matchAll(WORD)].map(({ 0: word, index }) => ({
    word,
    opens: opensSentence(text, index),
  }));
  const capital = new Set(
    words.filter(({ word, opens }) => !opens && isCapital(word)).map(({ word }) => plain(word)),
  );
  const titleCase = words.length > 4 && capital.size > words.length * 0.6;
  for (const { word } of words) {
    const spelled = plain(word);
    for (const part of partsOf(spelled)) addWord(found, part);
    if (isCapital(word) && capital.has(spelled) && !titleCase && !STOP_WORDS.has(spelled)) {
      found.names.add(stem(spelled));
    }
  }
  for (const short of initialsOf(text)) found.terms.add(short);
  return found;
}

/** The ending-free form of a word, and one form for words that tell the same deed. */
export function stem(word: string): string {
  const bare = stripEnding(word);
  return MEANINGS.get(bare) ?? bare;
}

/** Whether a term is one that most news shares. */
export const isCommon = (term: string): boolean => COMMON.has(term);

function addWord(found: Terms, part: string): void {
  if (STOP_WORDS.has(part)) return;
  if (/^\p{N}/u.test(part)) {
    found.numbers.add(part);
    found.terms.add(part);
  } else if (part.length > 1) found.terms.add(stem(part));
}

const plain = (word: string): string =>
  word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’']s$/u, '')
    .replace(/[’'.,&]/gu, '');

const isCapital = (word: string): boolean => /^\p{Lu}/u.test(word);

function partsOf(word: string): string[] {
  if (UNSPACED.test(word) && word.length > 2) {
    const letters = [...word];
    return letters.slice(1).map((letter, i) => `${letters[i]}${letter}`);
  }
  return word.split('-');
}

const opensSentence = (text: string, index: number): boolean =>
  /(^|[.!?:;…—–|“"‘(]|\n)[\s“"‘'(]*$/u.test(text.slice(Math.max(0, index - 4), index));

/** "Federal Aviation Administration" is also "faa". */
function initialsOf(text: string): string[] {
  const runs = text.matchAll(/\p{Lu}\p{Ll}+(?:\s+(?:(?:of|and|the|for)\s+)*\p{Lu}\p{Ll}+){2,5}/gu);
  return [...runs].map(([run]) =>
    run
      .split(/\s+/)
      .filter((word) => isCapital(word))
      .map((word) => word.slice(0, 1).toLowerCase())
      .join(''),
  );
}

const ENDINGS: [string, number][] = [
  ['izations', 4],
  ['ization', 4],
  ['ations', 4],
  ['ation', 4],
  ['izing', 4],
  ['ized', 4],
  ['izes', 4],
  ['ize', 4],
  ['ments', 4],
  ['ment', 4],
  ['ings', 3],
  ['ing', 3],
  ['ions', 4],
  ['ion', 4],
  ['ies', 3],
  ['ied', 3],
  ['edly', 4],
  ['ed', 3],
  ['ers', 4],
  ['er', 4],
  ['ors', 4],
  ['or', 4],
  ['es', 3],
  ['ly', 4],
  ['al', 4],
  ['s', 3],
  ['y', 4],
  ['e', 3],
];

function stripEnding(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  const [ending] = ENDINGS.find(([end, keep]) => word.endsWith(end) && word.length - end.length >= keep) ?? [
    '',
  ];
  if (ending === 's' && word.endsWith('ss')) return word;
  const bare = word.slice(0, word.length - ending.length);
  return /([b-df-hj-np-rt-vx-z])\1$/.test(bare) && bare.length > 3 ? bare.slice(0, -1) : bare;
}

const MEANINGS = new Map(
  SAME_MEANING.flatMap((line) =>
    line.map((word) => [stripEnding(word), stripEnding(line[0] as string)] as const),
  ),
);
const COMMON = new Set([...COMMON_WORDS].map(stem));
