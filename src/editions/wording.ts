const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Counted as a reader sees them: an emoji of five code points is one. */
export const graphemeCount = (text: string): number => [...graphemes.segment(text)].length;

/** `text` in at most `most` graphemes, cut behind a word and ended by "…" where something was left out. */
export function cutToGraphemes(text: string, most: number): string {
  const clean = text.replace(/\s+/g, ' ').trim();
  const all = [...graphemes.segment(clean)].map(({ segment }) => segment);
  if (all.length <= most) return clean;
  const fitting = all.slice(0, most).join('');
  const behind = fitting.lastIndexOf(' ');
  const kept = behind > most / 3 ? fitting.slice(0, behind) : all.slice(0, most - 1).join('');
  return `${trimEnd(kept)}…`;
}

/**
 * `text` in at most `most` words: whole sentences while they fit and reach `least`, else cut behind a word and ended
 * by "…". A text that its feed cut short keeps its last whole sentence where that is enough.
 */
export function cutToWords(text: string, { least, most }: { least: number; most: number }): string {
  const clean = text.replace(/\s+/g, ' ').trim();
  const cutShort = /(\.{2,}|…|\[…\])\s*$/.test(clean);
  if (wordCount(clean) <= most && !cutShort) return clean;
  let kept = '';
  for (const { segment } of sentences.segment(clean)) {
    const longer = (kept + segment).trim();
    if (wordCount(longer) > most || (cutShort && longer === clean)) break;
    kept = `${kept}${segment}`;
  }
  if (wordCount(kept) >= least) return kept.trim();
  const words = clean.split(' ');
  return `${trimEnd(words.slice(0, most).join(' '))}…`;
}

/** How many words stand between spaces. */
export const wordCount = (text: string): number => text.match(/\S+/g)?.length ?? 0;

/**
 * The subject: the lead's headline, at most 60 graphemes (DIGEST §1); it never ends on a word that waits for another,
 * nor begins as an answer or a forwarded mail does, which no edition may.
 */
export function subjectFrom(leadHeadline: string): string {
  const cut = cutToGraphemes(leadHeadline.replace(ANSWERS, ''), 60);
  return cut.endsWith('…') ? cut.replace(DANGLING, '…') : cut;
}

const ANSWERS = /^(\s*(re|fwd?)\s*:)+/i;
const DANGLING =
  /(\s+(a|an|the|of|to|in|on|at|by|for|from|with|and|or|but|as|that|than|over|into|after|his|her|its|their))+…$/i;

/** The preheader: the second and third story, at most 110 graphemes, with more of `words` while it is under 40 (DIGEST §1). */
export function preheaderFrom(words: string[]): string {
  let line = '';
  for (const [i, said] of words.entries()) {
    if (i >= 2 && graphemeCount(line) >= 40) break;
    line = cutToGraphemes(line ? `${line} | ${said}` : said, 110);
  }
  return line;
}

const MONTHS = 'Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.'.split(' ');

/** "Nov. 20": a date as the newsroom writes it. */
export const shortDate = (date: Temporal.PlainDate): string => `${MONTHS[date.month - 1]} ${date.day}`;

/** "Nov. 20 to Nov. 26", or the one date that all of them are. */
export function daysLabel(dates: Temporal.PlainDate[]): string {
  const [first, ...others] = dates.toSorted(Temporal.PlainDate.compare);
  if (!first) return '';
  const last = others.at(-1) ?? first;
  return first.equals(last) ? shortDate(first) : `${shortDate(first)} to ${shortDate(last)}`;
}

const trimEnd = (text: string): string => text.replace(/[\s,;:–—.-]+$/u, '').replace(/[\s(“"‘]+$/u, '');
