import { parseArgs, styleText } from 'node:util';
import { isDatabaseLost } from '../db/lost.ts';
import { messageOf, PresstimeError } from '../errors.ts';
import type { Command } from './command.ts';

/** Every command by name, loaded only when it is called: `--help` must not wait for MJML. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./commands/start.ts')).start,
  web: async () => (await import('./commands/roles.ts')).web,
  worker: async () => (await import('./commands/roles.ts')).worker,
  scheduler: async () => (await import('./commands/roles.ts')).scheduler,
  bounces: async () => (await import('./commands/roles.ts')).bounces,
  suppressions: async () => (await import('./commands/suppressions.ts')).suppressions,
  staff: async () => (await import('./commands/staff.ts')).staff,
  domains: async () => (await import('./commands/domains.ts')).domains,
  release: async () => (await import('./commands/release.ts')).release,
  migrate: async () => (await import('./commands/migrate.ts')).migrateCommand,
  job: async () => (await import('./commands/job.ts')).jobCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  compose: async () => (await import('./commands/compose.ts')).compose,
  preview: async () => (await import('./commands/preview.ts')).preview,
  press: async () => (await import('./commands/press.ts')).press,
  trial: async () => (await import('./commands/trial.ts')).trialCommand,
  'as-of': async () => (await import('./commands/as-of.ts')).asOf,
  invoices: async () => (await import('./commands/invoices.ts')).invoices,
  withdraw: async () => (await import('./commands/withdraw.ts')).withdraw,
  'mend-link': async () => (await import('./commands/mend-link.ts')).mendLinkCommand,
  clicks: async () => (await import('./commands/clicks.ts')).clicks,
  replay: async () => (await import('./commands/replay.ts')).replay,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
};

/** Exit codes, the same for every command. */
const FAILED = 1;
const MISUSED = 2;

/** Runs the command line `argv` and sets the exit code of the process: 0 done, 1 failed, 2 misused, 3 "no". */
export async function main(argv: string[]): Promise<void> {
  const [name = '', ...rest] = argv;
  if (['', '-h', '--help', 'help'].includes(name)) {
    process.stdout.write(await overview());
    return;
  }
  const load = COMMANDS[name];
  if (!load) {
    complain(`no command ${name}; there is ${Object.keys(COMMANDS).join(', ')}`, MISUSED);
    return;
  }
  try {
    process.exitCode = await runCommand(name, await load(), rest);
  } catch (error) {
    if (error instanceof PresstimeError)
      complain(messageOf(error), error.kind === 'invalid' ? MISUSED : FAILED);
    else if (isDatabaseLost(error)) complain(`the database does not answer: ${messageOf(error)}`, FAILED);
    else complain(error instanceof Error ? `${error.stack}\n${messageOf(error)}` : String(error), FAILED);
  }
}

async function runCommand(name: string, command: Command, argv: string[]): Promise<number> {
  const options = { ...command.options, help: { type: 'boolean', about: 'say this', short: 'h' } } as const;
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: argv, options, allowPositionals: true, strict: true });
  } catch (error) {
    complain(`${messageOf(error)}\n\n${usage(name, command)}`, MISUSED);
    return MISUSED;
  }
  if (parsed.values.help) {
    process.stdout.write(usage(name, command));
    return 0;
  }
  const most = command.words ?? 0;
  if (parsed.positionals.length > most) {
    complain(`"${parsed.positionals[most]}" is too much\n\n${usage(name, command)}`, MISUSED);
    return MISUSED;
  }
  return command.run({
    words: parsed.positionals,
    options: parsed.values as Record<string, string | boolean | undefined>,
  });
}

function usage(name: string, command: Command): string {
  const lines = Object.entries(command.options).map(([option, { about, type }]) => {
    const form = type === 'string' ? `--${option} …` : `--${option}`;
    return `  ${form.padEnd(22)}${about}`;
  });
  return `presstime ${name} ${command.usage}\n\n${command.about}\n${lines.length ? `\n${lines.join('\n')}\n` : ''}`;
}

async function overview(): Promise<string> {
  const rows = Object.entries(COMMANDS).map(
    async ([name, load]) => `  ${name.padEnd(14)}${(await load()).about}`,
  );
  return `presstime <command> …   (each with --help)\n\n${(await Promise.all(rows)).join('\n')}\n`;
}

function complain(text: string, code: number): void {
  process.stderr.write(`${styleText('red', 'presstime:', { stream: process.stderr })} ${text}\n`);
  process.exitCode = code;
}
