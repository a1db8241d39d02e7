import { randomBytes } from 'node:crypto';

/** What differs between the readers of one plate: plain text, or addresses where the name ends in `_url`. */
export type ReaderBlanks = {
  first_name: string;
  address: string;
  /** Why the reader gets this, as a sentence: "You started a free trial on Nov. 12." */
  why: string;
  strip_text: string;
  subscribe_url: string;
  manage_url: string;
  pause_url: string;
  unsubscribe_url: string;
  view_url: string;
};
export type BlankName = keyof ReaderBlanks;
/** A piece of a plate: text that is the same for every reader, or a blank. */
export type Segment = string | { slot: BlankName };

const NAMES: BlankName[] = [
  'first_name',
  'address',
  'why',
  'strip_text',
  'subscribe_url',
  'manage_url',
  'pause_url',
  'unsubscribe_url',
  'view_url',
];

/**
 * Stand-ins for the blanks, to pass through Handlebars and MJML with the data and to be split at afterwards. Nobody
 * who writes an article can know the nonce, so no text of theirs is ever taken for a blank.
 */
export function standIns(): { nonce: string; blanks: ReaderBlanks } {
  const nonce = randomBytes(12).toString('hex');
  const blanks = Object.fromEntries(NAMES.map((name) => [name, `SLOT${nonce}x${name}x`]));
  return { nonce, blanks: blanks as ReaderBlanks };
}

/** Splits what was rendered with the stand-ins of `nonce` at its blanks. */
export function splitAtBlanks(rendered: string, nonce: string): Segment[] {
  return rendered
    .split(new RegExp(`SLOT${nonce}x([a-z_]+)x`))
    .map((part, place) => (place % 2 === 0 ? part : { slot: part as BlankName }))
    .filter((part) => part !== '');
}

/** The segments in one piece, each blank as `value` gives it. */
export function fill(segments: Segment[], value: (name: BlankName) => string): string {
  return segments.map((segment) => (typeof segment === 'string' ? segment : value(segment.slot))).join('');
}
