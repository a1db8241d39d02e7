import type { Change } from '../../editions/desk/edit.ts';
import { type Field, isText, parseWords } from '../../editions/desk/field.ts';
import type { DeskItem } from '../../editions/desk/read-desk.ts';
import type { Edition } from '../../editions/edition.ts';
import type { Typed } from '../../editions/load-model.ts';

/** One box of the form in which words are edited: what stands in it, and what it would be without an editor. */
export type WordsBox = {
  field: Field;
  label: string;
  value: string;
  rev: number;
  source: string | null;
  own: boolean;
  long: boolean;
};

const LABELS: Partial<Record<Field, string>> = {
  subject: 'Subject',
  preheader: 'Preheader',
  editors_line: 'Editor’s line',
  editors_name: 'Signed by',
  schedule: 'Schedule of the day, a line each, six at most',
  sponsor_name: 'Sponsored by',
  sponsor_text: 'What the sponsor says',
  sponsor_url: 'Where its link leads',
  comment: 'Reader’s comment',
  headline: 'Headline',
  summary: 'Summary',
  kicker: 'Kicker, in place of the section',
  picture_url: 'Address of another picture',
  picture_credit: 'Credit of that picture',
  image_alt: 'Picture, for those who do not see it',
  image_caption: 'Caption',
};
/** What a field is called at the desk. */
export const labelOf = (field: Field): string => LABELS[field] ?? field.replaceAll('_', ' ');

const LONG: Field[] = ['summary', 'editors_line', 'image_caption', 'schedule', 'sponsor_text'];
const WORDS = ['subject', 'preheader', 'editors_line', 'editors_name'] as const;
/** What is brought to an edition in a form of its own. */
export const BROUGHT = ['schedule', 'sponsor_name', 'sponsor_text', 'sponsor_url'] as const;

/** The words of an edition that can be edited, each with the revision it is typed over; and what else is brought to it. */
export function editionForms(
  of: Edition,
  revs: Record<string, number>,
): { words: WordsBox[]; brought: WordsBox[] } {
  const boxes = (fields: readonly (keyof Edition & Field)[]) =>
    fields.map((field) => box(field, { own: of[field] as string | null, source: null, rev: revs[field] }));
  return { words: boxes(WORDS), brought: boxes(BROUGHT) };
}

/** The words of an item that can be edited, each with the revision it is typed over. */
export function wordsForm(of: DeskItem, revs: Record<string, number>): WordsBox[] {
  const mayHavePicture = of.place === 'lead' || of.place === 'top';
  const pictured = mayHavePicture && (of.image_url ?? of.picture_url) !== null;
  return [
    box('headline', { own: of.headline, source: of.article_headline, rev: revs.headline }),
    ...(of.place === 'brief'
      ? []
      : [box('summary', { own: of.summary, source: of.article_summary, rev: revs.summary })]),
    ...(of.place === 'brief' ? [] : [box('kicker', { own: of.kicker, source: null, rev: revs.kicker })]),
    ...(pictured
      ? [
          box('image_alt', { own: of.image_alt, source: of.article_image_alt, rev: revs.image_alt }),
          box('image_caption', {
            own: of.image_caption,
            source: of.article_image_caption,
            rev: revs.image_caption,
          }),
        ]
      : []),
    ...(mayHavePicture
      ? (['picture_url', 'picture_credit'] as const).map((field) =>
          box(field, { own: of[field], source: null, rev: revs[field] }),
        )
      : []),
  ];
}

function box(
  field: Field,
  { own, source, rev = 0 }: { own: string | null; source: string | null; rev: number | undefined },
): WordsBox {
  return {
    field,
    label: labelOf(field),
    value: own ?? '',
    rev,
    source,
    own: own !== null && source !== null,
    long: LONG.includes(field),
  };
}

/**
 * The changes that a form of words brings: of each field in it that differs from what it was filled with (`<field>_was`),
 * typed over the revision that it names (`<field>_rev`). Throws `invalid` for words that are too long.
 */
export function changesIn(form: Record<string, string>, itemId: number | null): Change[] {
  return Object.entries(form).flatMap(([field, typed]): Change[] => {
    if (!isText(field) || typed === form[`${field}_was`]) return [];
    const base_rev = form[`${field}_rev`];
    return [
      {
        item_id: itemId,
        field,
        value: parseWords(field, typed),
        ...(base_rev === undefined ? {} : { base_rev: Number(base_rev) }),
      } as Change,
    ];
  });
}

/** The words that stand in a form at this moment, saved or not, for a preview of them. */
export function typedIn(form: Record<string, string>, itemId: number | null): Typed {
  const words = Object.entries(form).flatMap(([field, typed]) =>
    isText(field) ? [[field, parseWords(field, typed)] as const] : [],
  );
  return { item_id: itemId, words: Object.fromEntries(words) };
}
