import { COMMON_WORDS, SAME_MEANING, STOP_WORDS } from './words.ts';

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’.&-][\p{L}\p{M}\p{N}]+)*/gu;
/** Scripts written without spaces between words: compared by pairs of letters. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}]+$/u;

/** What a text is about, as words that can be compared: stems and numbers; spelling and order are gone. */
export function termsOf(text: string): Set<string> {
  const terms = new Set(initialsOf(text));
  for (const [word] of text.matchAll(WORD)) {
    for (const part of partsOf(plain(word))) {
      if (STOP_WORDS.has(part)) continue;
      if (/^\p{N}/u.test(part)) terms.add(part);
      else if (part.length > 1) terms.add(stem(part));
    }
  }
  return terms;
}

/** The ending-free form of a word, and one form for words that tell the same deed. */
export function stem(word: string): string {
  const bare = stripEnding(word);
  return MEANINGS.get(bare) ?? bare;
}

/** Whether a term is one that most news shares. */
export const isCommon = (term: string): boolean => COMMON.has(term);

const plain = (word: string): string =>
  word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’']s$/u, '')
    .replace(/[’'.,&]/gu, '');

function partsOf(word: string): string[] {
  if (UNSPACED.test(word) && word.length > 2) {
    const letters = [...word];
    return letters.slice(1).map((letter, i) => `${letters[i]}${letter}`);
  }
  return word.split('-');
}

/** "Federal Aviation Administration" is also "faa". */
function initialsOf(text: string): string[] {
  const runs = text.matchAll(/\p{Lu}\p{Ll}+(?:\s+(?:(?:of|and|the|for)\s+)*\p{Lu}\p{Ll}+){2,5}/gu);
  return [...runs].map(([run]) => (run.match(/\p{Lu}/gu) ?? []).join('').toLowerCase());
}

/** Endings, longest first, each with the letters that must be left of the word. */
const ENDINGS: [string, number][] = [
  ['izations', 4],
  ['ization', 4],
  ['ations', 4],
  ['ation', 4],
  ['ments', 4],
  ['izing', 4],
  ['ment', 4],
  ['ings', 3],
  ['ions', 4],
  ['ized', 4],
  ['izes', 4],
  ['edly', 4],
  ['ing', 3],
  ['ion', 4],
  ['ize', 4],
  ['ies', 3],
  ['ied', 3],
  ['ers', 4],
  ['ors', 4],
  ['ed', 3],
  ['er', 4],
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
  const found = ENDINGS.find(([end, left]) => word.endsWith(end) && word.length - end.length >= left);
  const bare = found && !word.endsWith('ss') ? word.slice(0, -found[0].length) : word;
  // "killed" and "kill", "banning" and "ban" are one.
  return /([b-df-hj-np-rt-vx-z])\1$/.test(bare) && bare.length > 3 ? bare.slice(0, -1) : bare;
}

const MEANINGS = new Map(
  SAME_MEANING.flatMap((line) =>
    line.map((word) => [stripEnding(word), stripEnding(line[0] as string)] as const),
  ),
);
const COMMON = new Set([...COMMON_WORDS].map(stem));
