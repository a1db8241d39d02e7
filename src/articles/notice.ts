/** What a headline announces instead of telling: such pieces stand behind the news, and never lead. */
export type Notice = 'newsletter' | 'live' | 'gallery' | 'pastime';

const KINDS: [Notice, RegExp][] = [
  ['newsletter', /\b(newsletter|(morning|evening|midday|12:30|campaign) report)\b/i],
  [
    'live',
    /^(watch|listen|live|see it live|tune in)\b[^:]{0,20}:|^watch live\b|\blive (updates|blog|stream)\b/i,
  ],
  [
    'gallery',
    /^(photos?|pictures?|gallery|slideshow|in pictures|video|cartoons?)\b[^:]{0,20}:|\bin (photos|pictures)\b/i,
  ],
  [
    'pastime',
    /\b(horoscopes?|lottery|powerball|mega millions|crossword|quiz|puzzle|sudoku|wordle|sweepstakes)\b/i,
  ],
];
const LETTER =
  /^(welcome to\b.{0,80}\bnewsletter\b|.{0,120}\{beacon\}|editor.s note: .{0,160}\bnewsletter\b)/i;

/** The kind of notice an article is, or undefined where it tells a story. */
export function noticeOf({ headline, summary }: { headline: string; summary: string }): Notice | undefined {
  if (LETTER.test(summary)) return 'newsletter';
  return KINDS.find(([, pattern]) => pattern.test(headline))?.[0];
}
