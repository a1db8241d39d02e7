import { invalid } from '../../errors.ts';
import { PERSONAS } from '../../press/persona.ts';
import { previewEdition } from '../../press/preview.ts';
import { type Command, JSON_OPTION, PUBLICATION_OPTION, print, WEEKLY_OPTION } from '../command.ts';
import { composeAsked, findPublication } from '../publication.ts';
import { withProgram } from '../with-program.ts';

const NO = 3;
const NAMES = PERSONAS.map(({ name }) => name);

export const preview: Command = {
  about: "Shows the day's edition as a reader gets it: a signed link, or the message itself.",
  usage: '[--date 2026-11-23] [--weekly] [--as trial-7] [--html | --text] [--json]',
  options: {
    date: { type: 'string', about: 'its local date; today by default' },
    as: { type: 'string', about: `as whom: ${NAMES.join(', ')}`, default: 'paid' },
    html: { type: 'boolean', about: 'print the HTML part' },
    text: { type: 'boolean', about: 'print the text part' },
    ...WEEKLY_OPTION,
    ...PUBLICATION_OPTION,
    ...JSON_OPTION,
  },
  run: (args) =>
    withProgram(async ({ program: { db, clock, links, public_url } }) => {
      const now = clock.now();
      const persona = NAMES.find((each) => each === args.options.as);
      if (!persona) throw invalid(`--as "${args.options.as}" is none of ${NAMES.join(', ')}`);
      const publication = await findPublication(db, args);
      const edition = await composeAsked(db, publication, args, now);
      if (edition.state === 'skipped') {
        print(
          args,
          { date: edition.edition_on, state: edition.state, reason: edition.reason },
          () => `skipped: ${edition.reason}`,
        );
        return NO;
      }
      const { message, plate, projected } = await previewEdition(
        db,
        edition.id,
        { persona },
        {
          now,
          links,
          public_url,
        },
      );
      const url = links.url({ purpose: 'preview', subject: edition.id, publication: publication.id });
      const { subject, preheader, html_bytes } = plate;
      print(
        args,
        { date: edition.edition_on, state: edition.state, projected, url, ...message, preheader, html_bytes },
        () => {
          if (args.options.html) return message.html;
          if (args.options.text) return message.text;
          return `${subject}\n${preheader}\n${html_bytes} bytes, ${projected ? 'not pressed yet' : edition.state}\n${url}`;
        },
      );
      return 0;
    }),
};
