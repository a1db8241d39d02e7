import { invalid } from '../../errors.ts';
import { mendLink, requireLinkTo } from '../../press/links/mend-link.ts';
import { type Command, JSON_OPTION, PUBLICATION_OPTION, print, WEEKLY_OPTION } from '../command.ts';
import { findEditionOf, findPublication, parseDate } from '../publication.ts';
import { actorHere } from '../reader.ts';
import { withProgram } from '../with-program.ts';

export const mendLinkCommand: Command = {
  about: 'Lets a link lead elsewhere in all mails of an edition, also those already sent.',
  usage: '<2026-11-23> <old URL> <new URL> --reason "…" [--weekly] [--publication slug] [--json]',
  words: 3,
  options: {
    reason: { type: 'string', about: 'why, for the audit' },
    ...WEEKLY_OPTION,
    ...PUBLICATION_OPTION,
    ...JSON_OPTION,
  },
  run: async (args) => {
    const [date, from, to] = args.words;
    const { reason } = args.options;
    if (!date || !from || !to)
      throw invalid('mend-link needs the date of an edition, the old address and the new one');
    if (typeof reason !== 'string') throw invalid('mend-link needs a --reason');
    const edition_on = parseDate(date, 'edition');
    return withProgram(async ({ program: { db, clock, public_url } }) => {
      const publication = await findPublication(db, args);
      const edition = await findEditionOf(db, publication, edition_on, args);
      const link = await requireLinkTo(db, edition.id, from);
      await mendLink(db, link.id, to, { now: clock.now(), actor: actorHere(), reason, public_url });
      print(
        args,
        { edition_on, link: link.id, url: link.url, from: link.leads_to, to },
        () => `${publication.name} of ${edition_on}: ${link.url} now leads to ${to}`,
      );
      return 0;
    });
  },
};
