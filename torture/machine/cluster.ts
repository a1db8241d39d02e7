import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts';
import type { Ledger } from '../checker/check.ts';
import { serverOf, startPostgres } from './place.ts';

/** How a Postgres goes: asked to at once, told to drop everything, or killed with all its processes. */
export type Going = 'fast' | 'immediate' | 'kill';

/** A Postgres of a chamber's own, to be stopped in ways that nobody should. */
export type Cluster = {
  server: Omit<Ledger, 'database'>;
  data_dir: string;
  /** The number of its first process; undefined where it does not run. */
  pid(): number | undefined;
  /** Stops it, and resolves when it is gone. */
  down(going: Going): Promise<void>;
  /** Starts it again on the same data; resolves when it answers. */
  up(): Promise<void>;
  close(): Promise<void>;
};

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** Starts a Postgres with the template of our tables in `folder`. */
export async function startCluster(folder: string): Promise<Cluster> {
  let postgres: Embedded = await startPostgres(folder);
  const data_dir = join(folder, 'pg');
  const pid = (): number | undefined => {
    try {
      const first = Number(readFileSync(join(data_dir, 'postmaster.pid'), 'utf8').split('\n')[0]);
      return isThere(first) ? first : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    server: serverOf(postgres),
    data_dir,
    pid,
    async down(going) {
      const first = pid();
      if (first === undefined) return;
      const all = [first, ...childrenOf(first)];
      if (going === 'kill') for (const one of all) kill(one, 'SIGKILL');
      else kill(first, SIGNALS[going]);
      while (all.some(isThere)) await wait(10);
      await postgres.stop();
    },
    async up() {
      postgres = await startEmbedded({ dataDir: data_dir, durable: true });
    },
    close: () => postgres.stop(),
  };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

/** It may have gone by itself meanwhile. */
function kill(pid: number, signal: NodeJS.Signals): void {
  if (isThere(pid)) process.kill(pid, signal);
}

/** Those whose parent is `pid`, as Linux has it in the field after the command's name and the state. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => {
      try {
        return Number(readFileSync(`/proc/${one}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]) === pid;
      } catch {
        return false; // gone since the folder was read
      }
    });
}
