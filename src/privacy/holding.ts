import { type RawBuilder, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';

/** The reader whose rows are meant. */
export type Whose = { id: number; address_key: string };

/** What is kept of a reader in one table. */
export type Holding = {
  table: keyof Schema;
  /** By what a row is a reader's. */
  of: keyof typeof MATCHES;
  /** Columns that are not handed out: secrets, and keys that mean nothing outside. */
  hidden?: readonly string[];
  /** What becomes of the rows when the reader is erased: gone, kept as they are because they name nobody, or these columns set. */
  erased: 'deleted' | 'kept' | Readonly<Record<string, RawBuilder<unknown> | null>>;
};

const ALL_TRIALS = ({ id }: Whose) => sql`(select id from trials where subscriber_id = ${id})`;

/** How rows of a table `t` are known to be a reader's. */
const MATCHES = {
  self: ({ id }: Whose) => sql<boolean>`t.id = ${id}`,
  subscriber: ({ id }: Whose) => sql<boolean>`t.subscriber_id = ${id}`,
  trial: (whose: Whose) => sql<boolean>`t.trial_id in ${ALL_TRIALS(whose)}`,
  account: ({ id }: Whose) =>
    sql<boolean>`t.account_id in (select id from accounts where subscriber_id = ${id})`,
  address: ({ address_key }: Whose) => sql<boolean>`t.address_key = ${address_key}`,
  delivery: ({ id }: Whose) =>
    sql<boolean>`(t.run_id, t.seq) in (select run_id, seq from audience where subscriber_id = ${id})`,
  event: ({ id }: Whose) =>
    sql<boolean>`t.id in (select returned_id from events where subscriber_id = ${id})`,
  payment: ({ id }: Whose) =>
    sql<boolean>`t.subscription_id in (select id from subscriptions where subscriber_id = ${id})`,
  subject: (whose: Whose) =>
    sql<boolean>`(t.subject = ${`subscriber ${whose.id}`} or t.subject in (select 'trial ' || id from trials where subscriber_id = ${whose.id}))`,
};

/** Whether a row of the table `t` is this reader's. */
export const isOf = ({ of }: Holding, whose: Whose): RawBuilder<boolean> => MATCHES[of](whose);
