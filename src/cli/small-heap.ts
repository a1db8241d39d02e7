import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from './command.ts';

/**
 * Node lets garbage pile up to twice what a long run needs, as long as the machine has memory to spare. These limits
 * keep the heap near what is in use; they can only be given when the process starts.
 */
const LIMITS = ['--max-old-space-size=256', '--max-semi-space-size=8'];

const STOPS = ['SIGINT', 'SIGTERM'] as const;

/** The same command, run in a process of its own with a small heap. */
export function inSmallHeap(command: Command): Command {
  return {
    ...command,
    run: async (args) => {
      if (process.execArgv.includes(LIMITS[0] as string)) return command.run(args);
      const child = spawn(process.execPath, [...LIMITS, ...process.argv.slice(1)], { stdio: 'inherit' });
      const pass = (signal: NodeJS.Signals): unknown => child.kill(signal);
      for (const signal of STOPS) process.on(signal, pass);
      const [code, signal] = await once(child, 'exit');
      for (const each of STOPS) process.off(each, pass);
      if (signal) process.kill(process.pid, signal);
      return code;
    },
  };
}
