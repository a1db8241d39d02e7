import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import type { AttemptRef } from './journal.ts';
import { journalFiles, REFUSED, readRecords, workerOfFile } from './record.ts';

/** What a worker's journal says of an attempt: its dot never left, it was answered with a code, or neither is known. */
export type Noted = 'unsent' | 'in doubt' | { reply_code: number; refused: boolean };

/** Reads the journal that `worker` left on this machine; undefined where there is none, so that nothing can be said. */
export function readJournal(folder: string, worker: string): ((ref: AttemptRef) => Noted) | undefined {
  const files = journalFiles(folder, worker).filter((file) => existsSync(file));
  if (files.length === 0) return undefined;
  const noted = new Map<string, number>();
  for (const file of files) {
    for (const record of readRecords(readFileSync(file))) {
      const key = keyOf(record);
      noted.set(key, Math.max(noted.get(key) ?? 0, record.reply_code));
    }
  }
  return (ref) => {
    const reply_code = noted.get(keyOf(ref));
    if (reply_code === undefined) return 'unsent';
    if (reply_code === 0) return 'in doubt';
    const refused = reply_code >= REFUSED;
    return { reply_code: refused ? reply_code - REFUSED : reply_code, refused };
  };
}

/**
 * The workers of this machine that left a journal and whose process is gone. Their names begin with the machine's and the
 * process's: whoever has that number now may be somebody else, who then only passes for alive.
 */
export function listDeadWorkers(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const workers = new Set(readdirSync(folder).flatMap((file) => workerOfFile(file) ?? []));
  return [...workers].filter((worker) => isGone(worker));
}

/** Removes the journal of a worker that holds nothing any more. */
export function removeJournal(folder: string, worker: string): void {
  for (const file of journalFiles(folder, worker)) rmSync(file, { force: true });
}

/** Whether a worker of this machine runs, or is only suspended. */
export const isRunning = (worker: string): boolean => stateOf(worker) === 'running';

const isGone = (worker: string): boolean => stateOf(worker) === 'gone';

function stateOf(worker: string): 'running' | 'gone' | 'elsewhere' {
  const [host, pid] = worker.split(':');
  if (host !== hostname() || !pid) return 'elsewhere';
  try {
    process.kill(Number(pid), 0);
    return 'running';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'gone' : 'running';
  }
}

const keyOf = ({ run_id, seq, attempt }: AttemptRef): string => `${run_id} ${seq} ${attempt}`;
