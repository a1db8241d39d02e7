import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Result, Wish } from './chambers/chamber.ts';
import { CHAMBERS } from './chambers.ts';
import { clear, makeFolder, openPlace, startPostgres } from './machine/place.ts';
import { seeded } from './random.ts';
import { sumUp } from './report.ts';

// `npm run torture`: breaks what a newsroom's evening may break, and compares what left with what the ledger says.

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    only: { type: 'string' },
    connections: { type: 'string', default: '4' },
    policy: { type: 'string', default: 'resend_once' },
    journal: { type: 'string', default: 'on' },
    lane: { type: 'string', default: 'fast' },
    chunking: { type: 'string', default: 'on' },
    restarts: { type: 'string', default: '10' },
    tries: { type: 'string', default: '100' },
    messages: { type: 'string', default: '200' },
    days: { type: 'string', default: '7' },
    lives: { type: 'string', default: '1000' },
    feeds: { type: 'string' },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

process.exitCode = await torture();

async function torture(): Promise<number> {
  const wish = readWish();
  const seed = Number(values.seed);
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const names = values.only === undefined ? Object.keys(CHAMBERS) : [values.only];
  const folder = makeFolder();
  say(`seed ${seed}, in ${folder}`);
  const postgres = await startPostgres(folder);
  const results: Record<string, Result> = {};
  try {
    for (const name of names) {
      const chamber = CHAMBERS[name];
      if (!chamber) throw new Error(`no chamber ${name}; there is ${Object.keys(CHAMBERS).join(', ')}`);
      say(`${name}: ${chamber.about}`);
      const place = openPlace(postgres, { folder: join(folder, name), random: seeded(seed), say });
      results[name] = await chamber.run(place, wish).finally(place.close);
      for (const failure of results[name].failures) say(`${name} FAILED: ${failure}`);
    }
  } finally {
    await postgres.stop();
    if (!values.keep) clear(folder);
  }
  print(results, seed);
  return Object.values(results).some(({ failures }) => failures.length > 0) ? 1 : 0;
}

function readWish(): Wish {
  const choice = <Word extends string>(
    name: 'policy' | 'journal' | 'lane' | 'chunking',
    words: Word[],
  ): Word => {
    const word = words.find((one) => one === values[name]);
    if (!word) throw new Error(`--${name} ${values[name]}; expected ${words.join(' or ')}`);
    return word;
  };
  const count = (
    name: 'kills' | 'connections' | 'restarts' | 'tries' | 'messages' | 'days' | 'lives',
  ): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < 0)
      throw new Error(`--${name} ${values[name]}; expected a count`);
    return value;
  };
  return {
    kills: count('kills'),
    connections: count('connections'),
    policy: choice('policy', ['resend_once', 'never']),
    journal: choice('journal', ['on', 'off']) === 'on',
    lane: choice('lane', ['fast', 'plain']),
    chunking: choice('chunking', ['on', 'off']) === 'on',
    restarts: count('restarts'),
    tries: count('tries'),
    messages: count('messages'),
    days: count('days'),
    lives: count('lives'),
    feeds: values.feeds,
  };
}

function print(results: Record<string, Result>, seed: number): void {
  const figures = sumUp(Object.values(results), seed);
  const measured = values.only === undefined ? {} : (results[values.only]?.measured ?? {});
  if (values.json) return void process.stdout.write(`${JSON.stringify({ ...figures, ...measured })}\n`);
  for (const [name, { findings, measured, failures }] of Object.entries(results)) {
    process.stdout.write(`\n${name}: ${failures.length === 0 ? 'as promised' : failures.join('; ')}\n`);
    for (const { unknown_per_kill, recovery_seconds, ...counts } of findings)
      process.stdout.write(`  ${JSON.stringify(counts)}\n`);
    process.stdout.write(`  ${JSON.stringify(measured)}\n`);
  }
  process.stdout.write(`\n${JSON.stringify(figures, null, 2)}\n`);
}
