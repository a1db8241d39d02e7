import type { Selectable, Updateable } from 'kysely';
import type { Instant } from '../../db/schema/kinds.ts';
import type { EditionItems } from '../../db/schema/news.ts';
import type { Schema } from '../../db/schema.ts';
import { invalid } from '../../errors.ts';

/** Where an item stands: `position` is its rank on the whole page, between those of its neighbours. */
export type Slot = Pick<Selectable<EditionItems>, 'place' | 'section_id' | 'position'>;

/** What an editor can change, each with a revision of its own: of the edition, and of one item. Null words are the article's. */
type EditionValues = { subject: string; preheader: string; editors_line: string | null };
type ItemValues = {
  headline: string | null;
  summary: string | null;
  image_alt: string | null;
  image_caption: string | null;
  show_image: boolean;
  pinned: boolean;
  dropped: boolean;
  slot: Slot;
};
export type Values = EditionValues & ItemValues;
export type Field = keyof Values;
/** A field with a value of its own kind. */
export type Setting = { [F in Field]: { field: F; value: Values[F] } }[Field];

export type EditionRow = Selectable<Schema['editions']>;
export type ItemRow = Selectable<Schema['edition_items']>;

const TEXTS = {
  subject: { longest: 200, optional: false },
  preheader: { longest: 300, optional: false },
  editors_line: { longest: 600, optional: true },
  headline: { longest: 300, optional: true },
  summary: { longest: 1000, optional: true },
  image_alt: { longest: 300, optional: true },
  image_caption: { longest: 500, optional: true },
} as const;
type TextField = keyof typeof TEXTS;

/** Whether a field holds words, to be typed and merged. */
export const isText = (field: string): field is TextField => field in TEXTS;

/** Whether a field is the edition's own, and no item's. */
export const isOfEdition = (field: Field): field is keyof EditionValues =>
  ['subject', 'preheader', 'editors_line'].includes(field);

/** Typed words as they are kept: one line, no blanks around it; nothing typed is the article's words, or none. Throws `invalid`. */
export function parseWords(field: TextField, typed: string): string | null {
  const { longest, optional } = TEXTS[field];
  const words = typed.replace(/\s+/g, ' ').trim();
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
  if (isOfEdition(field)) return (row as EditionRow)[field] ?? (field === 'editors_line' ? null : '');
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
