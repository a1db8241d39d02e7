import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { OutgoingMail } from '../lanes/lane.ts';
import type { Reader } from '../ledger/audience.ts';
import type { DoubtfulPolicy, Outcome } from '../ledger/judge.ts';
import { requireRun } from '../ledger/run.ts';
import type { Relays } from '../relays/relays.ts';
import type { Sending } from '../sending.ts';
import { openEditionMail } from './edition-mail.ts';
import { openLetterMail } from './letters/letter-mail.ts';

/** What a reader of a run is to get now: a message, made when it is needed, or nothing and why. */
export type Prepared = { make(): OutgoingMail | Promise<OutgoingMail> } | { skip: string };

/** How the mail of one run is made, whether editions or letters. */
export type RunMail = {
  /** The way it goes: letters have one of their own, so that no edition stands before them. */
  lane: Relays;
  doubtful_policy: DoubtfulPolicy;
  /** Decides anew for each reader, from the database as it stands now, in the order given. */
  prepare(readers: Reader[], now: Instant): Promise<Prepared[]>;
  /** Whether anything follows from outcomes: where nothing does, writing them down is one statement. */
  follows(written: { reader: Reader; outcome: Outcome }[]): boolean;
  /** What follows from outcomes, in the transaction that records them. */
  follow(trx: Db, written: { reader: Reader; outcome: Outcome }[]): Promise<void>;
};

/** Opens the run's mail; throws `not_found` for an unknown run. */
export async function openRunMail(db: Db, runId: number, sending: Sending): Promise<RunMail> {
  const run = await requireRun(db, runId);
  return run.kind === 'edition' ? openEditionMail(db, run, sending) : openLetterMail(db, run, sending);
}
