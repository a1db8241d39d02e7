import type { Selectable, Updateable } from 'kysely';
import type { EditionItems } from '../../db/schema/editions.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';
import { invalid } from '../../errors.ts';

/** Where an item stands: `position` is its rank on the whole page, between those of its neighbours. */
export type Slot = Pick<Selectable<EditionItems>, 'place' | 'section_id' | 'position'>;

/** What an editor can change, each with a revision of its own: of the edition, and of one item. Null words are the article's. */
type EditionValues = { subject: string; preheader: string } & Record<EditionWord, string | null>;
type ItemValues = Record<ItemWord, string | null> & {
  show_image: boolean;
  pinned: boolean;
  breaking: boolean;
  dropped: boolean;
  slot: Slot;
};
/** What only an editor brings to an edition. `comment`: the id of the reader's comment picked, or "none"; null is the newest approved one. */
export const EDITION_WORDS = [
  'editors_line',
  'editors_name',
  'schedule',
  'sponsor_name',
  'sponsor_text',
  'sponsor_url',
  'comment',
] as const;
type EditionWord = (typeof EDITION_WORDS)[number];
/** What an editor may say of an item in place of its article. */
export const ITEM_WORDS = [
  'headline',
  'summary',
  'kicker',
  'image_alt',
  'image_caption',
  'picture_url',
  'picture_credit',
] as const;
type ItemWord = (typeof ITEM_WORDS)[number];
export type Values = EditionValues & ItemValues;
export type Field = keyof Values;
/** A field with a value of its own kind. */
export type Setting = { [F in Field]: { field: F; value: Values[F] } }[Field];

export type EditionRow = Selectable<Schema['editions']>;
export type ItemRow = Selectable<Schema['edition_items']>;

/** How long words may be, whether they may be missing, and what they are where they are no line. */
type Text = { longest: number; optional: boolean; is?: 'lines' | 'address' };

const TEXTS = {
  subject: { longest: 200, optional: false },
  preheader: { longest: 300, optional: false },
  editors_line: { longest: 600, optional: true },
  editors_name: { longest: 100, optional: true },
  schedule: { longest: 800, optional: true, is: 'lines' },
  sponsor_name: { longest: 100, optional: true },
  sponsor_text: { longest: 400, optional: true },
  sponsor_url: { longest: 1000, optional: true, is: 'address' },
  headline: { longest: 300, optional: true },
  summary: { longest: 1000, optional: true },
  kicker: { longest: 60, optional: true },
  image_alt: { longest: 300, optional: true },
  image_caption: { longest: 500, optional: true },
  picture_url: { longest: 1000, optional: true, is: 'address' },
  picture_credit: { longest: 200, optional: true },
} as const satisfies Partial<Record<keyof (EditionValues & ItemValues), Text>>;
export type TextField = keyof typeof TEXTS;
/** DIGEST §1: so many lines has a schedule at most. */
const MOST_LINES = 6;

/** Whether a field holds words, to be typed and merged. */
export const isText = (field: string): field is TextField => field in TEXTS;

/** Whether a field is the edition's own, and no item's. */
export const isOfEdition = (field: Field): field is keyof EditionValues =>
  ['subject', 'preheader', ...EDITION_WORDS].includes(field);

/**
 * Typed words as they are kept: one line, or a few where it is a schedule, no blanks around it; nothing typed is the
 * article's words, or none. Throws `invalid`.
 */
export function parseWords(field: TextField, typed: string): string | null {
  const { longest, optional, is }: Text = TEXTS[field];
  const lines = typed
    .split(/\r?\n/)
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
  const words = lines.join(is === 'lines' ? '\n' : ' ');
  if (is === 'lines' && lines.length > MOST_LINES)
    throw invalid(`the ${field} has ${lines.length} lines; at most ${MOST_LINES} expected`);
  if (is === 'address' && words !== '' && !(URL.canParse(words) && /^https?:\/\//i.test(words)))
    throw invalid(`"${words}" is no address of the web; expected one such as https://example.org/`);
  if (words.length > longest)
    throw invalid(
      `the ${field.replaceAll('_', ' ')} has ${words.length} characters; at most ${longest} expected`,
    );
  return words === '' && optional ? null : words;
}

/** What a field holds. */
export function heldIn(row: EditionRow | ItemRow, field: Field): Values[Field] {
  if (field === 'slot') {
    const { place, section_id, position } = row as ItemRow;
    return { place, section_id, position };
  }
  if (field === 'dropped') return (row as ItemRow).dropped_at !== null;
  if (field === 'subject' || field === 'preheader') return (row as EditionRow)[field] ?? '';
  if (isOfEdition(field)) return (row as EditionRow)[field];
  return (row as ItemRow)[field];
}

/** The columns that hold a value. */
export function columnsOf(
  { field, value }: Setting,
  now: Instant,
): Updateable<Schema['edition_items']> & Updateable<Schema['editions']> {
  if (field === 'slot') return value;
  if (field === 'dropped') return { dropped_at: value ? now : null };
  return { [field]: value };
}
