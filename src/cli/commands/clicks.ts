import { listLinkClicks } from '../../events/clicks/click.ts';
import { type Command, JSON_OPTION, PUBLICATION_OPTION, print, WEEKLY_OPTION } from '../command.ts';
import { findDate, findEditionOf, findPublication } from '../publication.ts';
import { withProgram } from '../with-program.ts';

export const clicks: Command = {
  about: 'Tells how often people, and machines, opened each link of an edition.',
  usage: '[--date 2026-11-23] [--weekly] [--publication slug] [--json]',
  options: {
    date: { type: 'string', about: 'its local date; today by default' },
    ...WEEKLY_OPTION,
    ...PUBLICATION_OPTION,
    ...JSON_OPTION,
  },
  run: (args) =>
    withProgram(async ({ program: { db, clock } }) => {
      const publication = await findPublication(db, args);
      const date = findDate(publication, args, clock.now());
      const edition = await findEditionOf(db, publication, date, args);
      const links = await listLinkClicks(db, edition.id);
      const row = (people: unknown, machines: unknown, url: string) =>
        `${String(people).padStart(8)} ${String(machines).padStart(8)}  ${url}`;
      print(args, { date, links }, () =>
        links.length === 0
          ? `${publication.name} of ${date}: its links lead to their stories directly, and are not counted`
          : [
              row('people', 'machines', 'link'),
              ...links.map(({ people, machines, leads_to }) => row(people, machines, leads_to)),
            ].join('\n'),
      );
      return 0;
    }),
};
