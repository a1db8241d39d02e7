import { path, routes } from '../routes.ts';
import type { Edition } from './edition.ts';

/** The page of an edition on the web; the round-up of a date has one beside that of the daily edition. A correction is read where what it corrects is. */
export const editionPath = (
  slug: string,
  edition: Pick<Edition, 'kind' | 'edition_on'> & Partial<Pick<Edition, 'corrects'>>,
): string => {
  const { kind, edition_on } = edition.corrects ?? edition;
  return path(kind === 'weekly' ? routes.weekly : routes.edition, { slug, date: edition_on.toString() });
};
