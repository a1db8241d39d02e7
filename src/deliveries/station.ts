import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Db } from '../db/connect.ts';
import type { Log } from '../log.ts';
import { journalFolder } from './journal/folder.ts';
import { type Journal, openJournal } from './journal/journal.ts';
import { listDeadWorkers, removeJournal } from './journal/read-journal.ts';
import { holdsBatch } from './ledger/lease.ts';
import { holdPresence } from './ledger/presence.ts';

/** What a worker has on its own machine and holds in Postgres: its journal, its lock, and whom it knows to be dead. */
export type Station = {
  journal: Journal;
  /** Where the journals of this machine's workers are. */
  folder: string;
  /** Workers of this machine that are gone: what they held may be taken at once. */
  dead: string[];
  close(): Promise<void>;
};

/** A name for this process among all workers; it begins with the machine's and the process's, as `listDeadWorkers` reads it. */
export const workerName = (): string => `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;

/** Opens the station of `worker`, its journals under `data_dir`, and clears away those of the dead who hold nothing. */
export async function openStation(
  db: Db,
  worker: string,
  { data_dir, log }: { data_dir: string; log: Log },
): Promise<Station> {
  const folder = journalFolder(data_dir);
  const dead: string[] = [];
  for (const gone of listDeadWorkers(folder)) {
    if (await holdsBatch(db, gone)) dead.push(gone);
    else removeJournal(folder, gone);
  }
  const journal = openJournal(folder, worker, { log });
  const presence = holdPresence(db, worker);
  return {
    journal,
    folder,
    dead,
    async close() {
      await presence.end();
      const holds = await holdsBatch(db, worker).catch(() => true); // what it could not give back, its journal settles
      if (!holds) journal.close();
    },
  };
}
