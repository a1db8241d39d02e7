import pg from 'pg';
import { load } from './load.ts';
import { CHECKS, DOUBT_PER_KILL, RECOVERY } from './queries.ts';

// This folder knows the tables of the ledger and the log of the mail server, and shares no code with the sender.

/** Where the ledger is. */
export type Ledger = { host: string; port: number; user: string; database: string };

/** A stretch of a run's readers that a sender held or had marked some of, and those. */
type Held = { worker: string; run_id: number; lo: number; hi: number; marked: number[] };

/** A sender that was killed: when, in milliseconds, and what it held. */
export type Kill = { at: number; held: Held[] };

/** What the comparison of the server's log with the ledger found. Each figure but the last two counts readers or copies. */
export type Findings = {
  readers: number;
  accepted: number;
  /** Entitled, in the ledger accepted or nowhere, and the server never had the message. */
  lost: number;
  /** A message whose envelope, To, text or links are another reader's, or that no reader of the ledger was to get. */
  wrong_person: number;
  /** Copies beyond the first, answered or not. */
  doubled: number;
  /** Of those, the ones before which the ledger had listed no doubt that allows them. */
  doubled_beyond_unknown: number;
  /** Doubts listed. */
  unknown: number;
  /** Readers whose last word is unknown and whose message never arrived: missed, and listed as such. */
  unknown_never_sent: number;
  /** The server said 250, and the last word of the ledger is neither accepted nor unknown. */
  unrecorded: number;
  /** Copies for one reader that differ in their Message-ID or body. */
  differing_copies: number;
  /** Runs that are not closed, or whose counts are not those of their readers. */
  unbalanced: number;
  /** Trials in which another number of editions is noted than were accepted for their reader. */
  miscounted: number;
  /** Listed doubts of each kill that held anything. */
  unknown_per_kill: number[];
  /** From each kill to the next message, by another process, to a reader whom the dead one held. */
  recovery_seconds: number[];
};

type Count = Exclude<keyof Findings, 'unknown_per_kill' | 'recovery_seconds'>;

/**
 * Compares what the mail server wrote down in `log` with the ledger. Nothing may be sending. `clock_moved`: the times of
 * the ledger are not the server's, so that whether a doubt was listed before a copy cannot be told by them.
 */
export async function check(
  ledger: Ledger,
  log: string,
  { kills = [], clock_moved = false }: { kills?: readonly Kill[]; clock_moved?: boolean } = {},
): Promise<Findings> {
  const client = new pg.Client(ledger);
  await client.connect();
  try {
    await load(client, log, kills);
    const counts: Partial<Record<Count, number>> = {};
    for (const [name, query] of Object.entries(CHECKS) as [Count, string][]) {
      const { rows } = await client.query(query, query.includes('$1') ? [clock_moved] : []);
      counts[name] = Number(rows[0].count);
    }
    const figures = async (query: string): Promise<number[]> =>
      (await client.query(query)).rows.map(({ figure }) => Number(figure));
    return {
      ...(counts as Record<Count, number>),
      unknown_per_kill: await figures(DOUBT_PER_KILL),
      recovery_seconds: await figures(RECOVERY),
    };
  } finally {
    await client.end();
  }
}

/** What must be nothing, and is not: the reasons why the program failed. */
export function failures(findings: Findings): string[] {
  const must_be_none = [
    'lost',
    'wrong_person',
    'doubled_beyond_unknown',
    'unrecorded',
    'differing_copies',
    'unbalanced',
    'miscounted',
  ] as const;
  return must_be_none.filter((name) => findings[name] > 0).map((name) => `${name}: ${findings[name]}`);
}
