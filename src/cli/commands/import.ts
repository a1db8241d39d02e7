import { importPage } from '../../articles/intake/import.ts';
import { invalid } from '../../errors.ts';
import { type Command, JSON_OPTION, PUBLICATION_OPTION, print } from '../command.ts';
import { findPublication } from '../publication.ts';
import { withProgram } from '../with-program.ts';

export const importCommand: Command = {
  about: 'Takes in a saved article page, or one at an address, with its photo, credit and comments.',
  usage: '<file or URL> [--publication slug] [--json]',
  words: 1,
  options: { ...PUBLICATION_OPTION, ...JSON_OPTION },
  run: (args) =>
    withProgram(async ({ program: { db, clock, fetch } }) => {
      const [source] = args.words;
      if (!source) throw invalid('import needs a file or an address');
      const publication = await findPublication(db, args);
      const article = await importPage(db, publication.id, source, { now: clock.now(), fetch });
      print(
        args,
        article,
        () => `article ${article.id} of ${publication.name}: ${article.headline}\n${article.url}`,
      );
      return 0;
    }),
};
