import { invalid } from '../../errors.ts';
import { withdrawEdition } from '../../press/withdraw.ts';
import { type Command, JSON_OPTION, PUBLICATION_OPTION, print, WEEKLY_OPTION } from '../command.ts';
import { findEditionOf, findPublication, parseDate } from '../publication.ts';
import { actorHere } from '../reader.ts';
import { withProgram } from '../with-program.ts';

export const withdraw: Command = {
  about: 'Withdraws an edition that has gone out; trials that counted it have it back.',
  usage: '<2026-11-23> --reason "…" [--weekly] [--publication slug] [--json]',
  words: 1,
  options: {
    reason: { type: 'string', about: 'why, for the audit' },
    ...WEEKLY_OPTION,
    ...PUBLICATION_OPTION,
    ...JSON_OPTION,
  },
  run: async (args) => {
    const [date] = args.words;
    if (!date) throw invalid('withdraw needs the date of an edition');
    const edition_on = parseDate(date, 'edition');
    return withProgram(async ({ program: { db, clock, staff } }) => {
      const publication = await findPublication(db, args);
      const edition = await findEditionOf(db, publication, edition_on, args);
      const reason = String(args.options.reason ?? '');
      const asked = { now: clock.now(), actor: actorHere(), reason, staff };
      const done = await withdrawEdition(db, edition.id, asked);
      print(
        args,
        { edition_on, ...done },
        () =>
          `${publication.name} of ${edition_on} is withdrawn; ${done.credited} trials have it back, ${done.owed} of them ended lately`,
      );
      return 0;
    });
  },
};
