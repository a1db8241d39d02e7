import type { StaleEdit } from '../../editions/desk/edit.ts';
import { path, routes } from '../../routes.ts';
import { show } from '../show.ts';
import type { Page } from '../site.ts';
import { labelOf } from './words-form.ts';

/** Two typed over the same words: shows what they were, what the other wrote, and what was typed here, to choose. */
export function showClash(c: Page, id: number, { clashes }: StaleEdit): Promise<Response> {
  const by = clashes[0]?.by ?? '';
  return show(c, 'desk-clash', {
    title: `${by} was quicker`,
    status: 409,
    script: true,
    desk_url: routes.desk,
    action: c.req.path,
    back_url: path(routes.deskEdition, { id }),
    by,
    clashes: clashes.map(({ field, base, theirs, mine, rev, ...clash }) => ({
      field,
      label: labelOf(field),
      by: clash.by,
      base: base ?? 'The story’s own words',
      theirs: theirs ?? 'The story’s own words',
      mine: mine ?? '',
      rev,
    })),
  });
}
