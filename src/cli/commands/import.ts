import { importPage } from '../../articles/intake/import.ts';
import { invalid } from '../../errors.ts';
import { readPlan } from '../../newsroom/publication/read.ts';
import { type SetUp, setUpPublication } from '../../newsroom/publication/set-up.ts';
import type { Program } from '../../program.ts';
import { type Arguments, type Command, JSON_OPTION, PUBLICATION_OPTION, print } from '../command.ts';
import { findPublication } from '../publication.ts';
import { withProgram } from '../with-program.ts';

export const importCommand: Command = {
  about:
    'Sets a publication up from its file (.json), or takes in a saved article page, or one at an address, with its photo, credit and comments.',
  usage: '<publication.json, page or URL> [--publication slug] [--json]',
  words: 1,
  options: { ...PUBLICATION_OPTION, ...JSON_OPTION },
  run: async (args) => {
    const [source] = args.words;
    if (!source) throw invalid('import needs a file or an address');
    if (isPublicationFile(source)) return setUp(args, source);
    return withProgram(({ program }) => takePage(args, source, program));
  },
};

const isPublicationFile = (source: string): boolean => /\.json$/i.test(source) && !/^https?:/i.test(source);

async function setUp(args: Arguments, source: string): Promise<number> {
  if (args.options.publication !== undefined)
    throw invalid('--publication does not go with a publication file, which has its slug');
  const plan = await readPlan(source);
  return withProgram(async ({ program: { db, clock } }) => {
    const done = await setUpPublication(db, plan, { now: clock.now() });
    print(args, done, () => inWords(done));
    return 0;
  });
}

function inWords({ slug, publication_id, added, changed, paused }: SetUp): string {
  const lines = Object.entries({ added, changed, paused }).flatMap(([how, things]) =>
    things.map((thing) => `  ${how.padEnd(8)} ${thing}`),
  );
  return [`${slug}, publication ${publication_id}`, ...(lines.length ? lines : ['  nothing changed'])].join(
    '\n',
  );
}

async function takePage(args: Arguments, source: string, { db, clock, fetch }: Program): Promise<number> {
  const publication = await findPublication(db, args);
  const article = await importPage(db, publication.id, source, { now: clock.now(), fetch });
  print(
    args,
    article,
    () => `article ${article.id} of ${publication.name}: ${article.headline}\n${article.url}`,
  );
  return 0;
}
