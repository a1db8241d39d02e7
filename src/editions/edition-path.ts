import { path, routes } from '../routes.ts';
import type { Edition } from './edition.ts';

/** The page of an edition on the web; the round-up of a date has one beside that of the daily edition. */
export const editionPath = (
  slug: string,
  { kind, edition_on }: Pick<Edition, 'kind' | 'edition_on'>,
): string => path(kind === 'weekly' ? routes.weekly : routes.edition, { slug, date: edition_on.toString() });
