/** What a piece is instead of news: announcements and opinion stand behind the news, and never lead. */
export type Notice = 'newsletter' | 'live' | 'gallery' | 'pastime' | 'opinion';

const KINDS: [Notice, RegExp][] = [
  ['newsletter', /\b(newsletter|(morning|evening|midday|12:30|campaign) report)\b/i],
  [
    'live',
    /^(watch|listen|live|see it live|tune in)\b[^:]{0,20}:|^watch live\b|\blive (updates|blog|stream)\b/i,
  ],
  [
    'gallery',
    /^(photos?|pictures?|gallery|slideshow|in pictures|video|cartoons?)\b[^:]{0,20}:|\bin (photos|pictures)\b|\bcartoonists\b/i,
  ],
  ['opinion', /^(opinion|op-ed|commentary|editorial|letter to the editor)\b/i],
  [
    'pastime',
    /\b(horoscopes?|lottery (numbers|results|jackpot)|powerball|mega millions|crossword|quiz|puzzle|sudoku|wordle|sweepstakes)\b/i,
  ],
];
const CATEGORIES: [Notice, RegExp][] = [
  ['gallery', /^(gallery|galleries|photos?|pictures|slideshows?|videos?|cartoons?)$/i],
  ['opinion', /^(opinions?|op-?eds?|commentary|columns?|columnists?|editorials?|letters?)$|\bblog$/i],
];
const LETTER =
  /^(welcome to\b.{0,80}\bnewsletter\b|.{0,120}\{beacon\}|editor.s note: .{0,160}\bnewsletter\b)/i;

/** The kind of notice an article is, or undefined where it tells news. */
export function noticeOf({
  headline,
  summary,
  categories = [],
}: {
  headline: string;
  summary: string;
  categories?: string[];
}): Notice | undefined {
  if (LETTER.test(summary)) return 'newsletter';
  return (
    KINDS.find(([, pattern]) => pattern.test(headline))?.[0] ??
    CATEGORIES.find(([, pattern]) => categories.some((category) => pattern.test(category.trim())))?.[0]
  );
}
