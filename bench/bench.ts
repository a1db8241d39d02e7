import { cpus } from 'node:os';
import { compare } from './compare.ts';
import { measureDesk } from './desk.ts';
import { compareOverLink } from './link.ts';
import { runMillion } from './million.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { tableOf } from './report.ts';
import { openStage } from './stage.ts';

// `npm run bench`: what a message costs, ours and others', in one run on one machine.

const options = readOptions(process.argv.slice(2));
if (options) {
  const report = await measure(options);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `${tableOf(report)}\n`);
  process.exit();
} else process.stdout.write(USAGE);

async function measure(options: Options) {
  const say = (text: string): unknown => process.stderr.write(`${text}\n`);
  const machine = { processors: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version };
  const stage = await openStage();
  try {
    if (options.desk) return { machine, desk: await measureDesk(stage.db, say) };
    if (options.million) return { machine, sizes: await runMillion(stage, options, say) };
    const { link_ms } = options;
    if (link_ms)
      return { machine, link_ms, ways: await compareOverLink(stage, { ...options, link_ms }, say) };
    return { machine, ...(await compare(stage, options, say)) };
  } finally {
    await stage.close();
  }
}

export type Report = Awaited<ReturnType<typeof measure>>;
