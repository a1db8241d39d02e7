import { requirePublishedKeys } from '../../deliveries/mail/published-keys.ts';
import { requireEdition } from '../../editions/edition.ts';
import { pressEdition } from '../../press/press.ts';
import { type Command, JSON_OPTION, PUBLICATION_OPTION, print, WEEKLY_OPTION } from '../command.ts';
import { composeAsked, findPublication } from '../publication.ts';
import { withProgram } from '../with-program.ts';

const NO = 3;

export const press: Command = {
  about: "Sends the day's edition to press now, composing it first where there is none.",
  usage: '[--date 2026-11-23] [--weekly] [--publication slug] [--json]',
  options: {
    date: { type: 'string', about: 'its local date; today by default' },
    ...WEEKLY_OPTION,
    ...PUBLICATION_OPTION,
    ...JSON_OPTION,
  },
  run: (args) =>
    withProgram(async ({ program, inline }) => {
      await requirePublishedKeys(program.signer, program);
      const { db, clock } = program;
      const now = clock.now();
      const publication = await findPublication(db, args);
      const { id, edition_on: date } = await composeAsked(db, publication, args, now);
      await pressEdition(db, id, { ...program, now });
      await inline.drain(program);
      const edition = await requireEdition(db, id);
      const { state, subject, reason } = edition;
      print(
        args,
        { date, state, subject, reason },
        () => `${publication.name} of ${date}: ${state}${reason ? `: ${reason}` : `, "${subject}"`}`,
      );
      return state === 'pressing' || state === 'pressed' ? 0 : NO;
    }),
};
