import type { Db } from '../../../db/connect.ts';
import { listPublicEditions } from '../../../editions/archive.ts';
import { editionPath } from '../../../editions/edition-path.ts';
import { confirmLetter, welcomeLetter } from '../../../messages/letters/sign-up.ts';
import { dayTimeLabel } from '../../../messages/words/date-label.ts';
import { expectNextEditionOn } from '../../../trials/position.ts';
import { confirmBy } from '../../../trials/sign-up/request-limits.ts';
import { trialOf, type Writing } from './about.ts';

/** The letters of signing up. */
export const SIGN_UP = {
  confirm(_: Db, writing: Writing) {
    const { publication, common, pages } = writing;
    const trial = trialOf(writing);
    const target = { purpose: 'confirm', subject: trial.id, publication: publication.id } as const;
    const until = confirmBy(trial).toZonedDateTimeISO(publication.zone);
    return confirmLetter({
      ...common,
      manage_url: null, // whoever asked may be a stranger: nothing of the reader's is shown before they confirm
      confirm_by: dayTimeLabel(until, publication.lang),
      confirm_url: pages.links.url(target),
    });
  },

  async welcome(db: Db, writing: Writing) {
    const { publication, common, at } = writing;
    const { unit, allowance } = trialOf(writing);
    return welcomeLetter({
      ...common,
      latest_edition_url: await findLatestEdition(db, writing),
      first_edition_on: expectNextEditionOn(publication, at).toString(),
      unit,
      allowance,
    });
  },
};

async function findLatestEdition(
  db: Db,
  { publication: { id, slug }, pages }: Pick<Writing, 'publication' | 'pages'>,
): Promise<string | null> {
  const [latest] = await listPublicEditions(db, id, { limit: 1 });
  return latest ? pages.public_url + editionPath(slug, latest) : null;
}
