import { requirePublishedKeys } from '../../deliveries/mail/published-keys.ts';
import { invalid } from '../../errors.ts';
import type { JobData } from '../../work/job.ts';
import { type Command, JSON_OPTION, print } from '../command.ts';
import { withProgram } from '../with-program.ts';

export const jobCommand: Command = {
  about: 'Runs one job of jobs/ now, through the code that the workers run, and what it asks for.',
  usage: '<name> [key=value …] [--json]',
  words: Infinity,
  options: JSON_OPTION,
  run: (args) =>
    withProgram(async ({ program, inline, jobs }) => {
      await requirePublishedKeys(program.signer, program);
      const [name = '', ...pairs] = args.words;
      const job = jobs.get(name);
      if (!job) throw invalid(`no job ${name || 'named'}; there is ${[...jobs.keys()].join(', ')}`);
      const result = await job.run(program, parsePairs(pairs));
      const others = await inline.drain(program);
      print(args, { job: name, result: result ?? null, others }, () => describe(name, result, others));
      return 0;
    }),
};

function parsePairs(pairs: string[]): JobData {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw invalid(`"${pair}" is no key=value`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

const describe = (name: string, result: unknown, others: number): string =>
  `${name}: ${result === undefined ? 'done' : JSON.stringify(result)}${others ? `, and ${others} more jobs it asked for` : ''}`;
