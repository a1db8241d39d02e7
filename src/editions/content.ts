import { createHash } from 'node:crypto';
import type { EditionItems } from '../db/schema/editions.ts';
import type { EDITION_WORDS, ITEM_WORDS } from './desk/field.ts';
import type { EditionModel } from './model.ts';

/** What an edition carries and in which words: what a revision keeps and an approval binds to. */
export type EditionContent = {
  subject: string;
  preheader: string;
  layout: string;
  editors_line: string | null;
  /** What else an editor brought; missing as it was composed. */
  brought?: Partial<Record<(typeof EDITION_WORDS)[number], string | null>>;
  items: ContentItem[];
};
/** An item with the words it had, and how far its article had come then. */
export type ContentItem = {
  article_id: number;
  place: EditionItems['place'];
  section_id: number | null;
  position: number;
  pinned: boolean;
  follow_up: boolean;
  show_image: boolean;
  related_article_id: number | null;
  headline: string;
  summary: string;
  rev: number;
  body_words: number;
  /** The words that are an editor's, where they are; and whether it lies in the tray. Missing as it was composed. */
  own?: Partial<Record<(typeof ITEM_WORDS)[number], string | null>>;
  breaking?: boolean;
  dropped?: boolean;
};

/** SHA-256 of a content, or of the model made of it, hexadecimal: equal ones have equal hashes whatever the order of their fields. */
export function hashContent(content: EditionContent | EditionModel): string {
  return createHash('sha256').update(canonical(content)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}
