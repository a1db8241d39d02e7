import { contactOf, type Publication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { LONGEST } from '../../trials/group-trial/parse.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';

const FIELDS = ['address', 'name', 'organisation', 'office', 'readers', 'note'] as const;
type Field = (typeof FIELDS)[number];

/** The form for a group as it was sent, with what is wrong with each field. */
export type TypedGroup = Record<Field, string> & {
  wrong: Partial<Record<Field, string | null>>;
  /** Whom to write to instead, where no other spelling of the address would do. */
  contact?: string;
};

/** The form for a group with what a sender has said of themselves; empty where they have not. */
export const blankGroup = (said: Partial<Record<Field, string>> = {}): TypedGroup => ({
  ...(Object.fromEntries(FIELDS.map((field) => [field, said[field] ?? ''])) as Record<Field, string>),
  wrong: {},
});

/** The page with the form for a group; `colleagues`: it stands in for the trial that was asked for, as others have theirs. */
export function showGroupForm(
  c: Page,
  publication: Publication,
  { typed, colleagues = null }: { typed: TypedGroup; colleagues?: { domain: string } | null },
): Promise<Response> {
  const wrong = Object.fromEntries(FIELDS.map((field) => [field, typed.wrong[field] ?? null]));
  const trouble = FIELDS.find((field) => wrong[field] !== null);
  return show(c, 'group-trial', {
    title: colleagues ? 'Your colleagues read it already' : 'Start a group trial',
    publication,
    status: trouble ? 400 : 200,
    colleagues,
    form: {
      ...typed,
      wrong,
      trouble: trouble !== undefined,
      focus: Object.fromEntries(FIELDS.map((field) => [field, field === trouble])),
      longest: LONGEST,
      contact: typed.contact ?? null,
      action: path(routes.groupTrial, { slug: publication.slug }),
    },
    contact: contactOf(publication),
  });
}
