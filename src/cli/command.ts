import type { ParseArgsOptionsConfig } from 'node:util';

/** What a command is given: its words and its options, as `node:util` parses them. */
export type Arguments = {
  words: string[];
  options: Record<string, string | boolean | undefined>;
};

/** One command of `presstime`. */
export type Command = {
  /** One sentence for the list of commands. */
  about: string;
  /** What follows the name, e.g. `<file or URL> [--publication slug]`. */
  usage: string;
  /** How many words may follow the name, besides options; none by default. */
  words?: number;
  options: ParseArgsOptionsConfig &
    Record<string, { type: 'string' | 'boolean'; about: string; short?: string; default?: string }>;
  /** Does it; returns the exit code: 0 done, 1 failed, 2 misused, 3 done and the answer is "no". */
  run(args: Arguments): Promise<number>;
};

/** Writes what was asked for to standard output: as one JSON object with `--json`, else in words. */
export function print(args: Arguments, value: unknown, words: () => string): void {
  process.stdout.write(`${args.options.json ? JSON.stringify(value, null, 2) : words()}\n`);
}

/** The option every command that a program may read has. */
export const JSON_OPTION = { json: { type: 'boolean', about: 'print one JSON object' } } as const;
/** Of a date, the weekly round-up instead of the regular edition. */
export const WEEKLY_OPTION = {
  weekly: { type: 'boolean', about: 'the weekly round-up instead of the daily edition' },
} as const;
/** Which publication is meant where there are several. */
export const PUBLICATION_OPTION = {
  publication: { type: 'string', about: 'slug of the publication' },
} as const;
