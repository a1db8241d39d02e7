import { type RawBuilder, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Whose } from './whose.ts';

/** What is kept of a reader in one table. */
export type Holding = {
  table: keyof Schema;
  /** By what a row is a reader's. */
  of: keyof typeof MATCHES;
  /** Columns, and what lies in them after a dot, that are not handed out: secrets, and keys that mean nothing outside. */
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
  secret: ({ id, address_key }: Whose) =>
    sql<boolean>`(position(${address_key} in t.value) > 0 or t.value in (select id from accounts where subscriber_id = ${id}))`,
  tries: ({ id, address_key }: Whose) =>
    sql<boolean>`(position(${address_key} in t.bucket) > 0 or t.bucket = ${`address change of ${id}`}
      or t.bucket in (select 'address change to ' || new_key from address_changes where subscriber_id = ${id}))`,
  form: ({ spellings }: Whose) => sql<boolean>`(t.request ->> 'address' = any(${spellings}::text[])
      or t.request ->> 'group_request_id' in (select id::text from group_requests where address = any(${spellings}::text[]))
      or t.request ->> 'invoice_request_id' in (select id::text from invoice_requests where address = any(${spellings}::text[])))`,
  asked: ({ id, spellings }: Whose) =>
    sql<boolean>`(t.subscriber_id = ${id} or t.subscriber_id is null and t.address = any(${spellings}::text[]))`,
  delivery: ({ id }: Whose) =>
    sql<boolean>`(t.run_id, t.seq) in (select run_id, seq from audience where subscriber_id = ${id})`,
  event: ({ id }: Whose) =>
    sql<boolean>`t.id in (select returned_id from events where subscriber_id = ${id})`,
  payment: ({ id }: Whose) =>
    sql<boolean>`t.subscription_id in (select id from subscriptions where subscriber_id = ${id})`,
  subject: (whose: Whose) =>
    sql<boolean>`t.subject in (select ${`subscriber ${whose.id}`}
      union all select 'trial ' || id from trials where subscriber_id = ${whose.id}
      union all select 'account ' || id from accounts where subscriber_id = ${whose.id})`,
};

/** Whether a row of the table `t` is this reader's. */
export const isOf = ({ of }: Holding, whose: Whose): RawBuilder<boolean> => MATCHES[of](whose);
