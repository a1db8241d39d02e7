import { type Explanation, explainEdition, explanationText } from '../../editions/explain.ts';
import { type Command, JSON_OPTION, PUBLICATION_OPTION, print, WEEKLY_OPTION } from '../command.ts';
import { composeAsked, findPublication } from '../publication.ts';
import { withProgram } from '../with-program.ts';

const NO = 3;

export const compose: Command = {
  about: "Makes up the draft of the day's edition, where there is none yet, from what has been found by now.",
  usage: '[--date 2026-11-23] [--weekly] [--explain] [--publication slug] [--json]',
  options: {
    date: { type: 'string', about: 'its local date; today by default' },
    explain: { type: 'boolean', about: 'say why each story is in or out' },
    ...WEEKLY_OPTION,
    ...PUBLICATION_OPTION,
    ...JSON_OPTION,
  },
  run: (args) =>
    withProgram(async ({ program: { db, clock } }) => {
      const now = clock.now();
      const publication = await findPublication(db, args);
      const edition = await composeAsked(db, publication, args, now);
      const explained = await explainEdition(db, edition.id);
      print(args, explained, () => (args.options.explain ? explanationText(explained) : summary(explained)));
      return edition.state === 'skipped' ? NO : 0;
    }),
};

function summary({ publication, edition, items, absent }: Explanation): string {
  const { edition_on, state, reason, subject } = edition;
  const head = `${publication} of ${edition_on}: ${state}${reason ? `, ${reason}` : ''}`;
  return subject
    ? `${head}\n"${subject}", ${items.length} stories in, ${absent.length} out (--explain says why)`
    : head;
}
