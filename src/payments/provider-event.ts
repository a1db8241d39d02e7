import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { Schema } from '../db/schema.ts';
import type { Notice } from './card-payments.ts';

/** What a provider has told: *waiting*, *parked* while nobody of ours is known by it, *worked*, *foreign*, or *given_up*. */
export type ProviderEvent = Selectable<Schema['provider_events']>;

/** How long after each try the next may come, in minutes; the last of them goes on. */
const AGAIN_MINUTES = [1, 2, 5, 15, 60];

/** Stores what was told, to be worked from `now` on; false where it is known already, and nothing is changed. */
export async function insertProviderEvent(
  trx: Db,
  provider: string,
  { notice, body }: { notice: Notice; body: Buffer },
  { now }: { now: Instant },
): Promise<boolean> {
  const isOurs = notice.about !== null;
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('provider_events')
    .values({
      ...notice,
      provider,
      payload: isOurs ? body.toString('utf8') : null,
      payload_hash: createHash('sha256').update(body).digest('hex'),
      state: isOurs ? 'waiting' : 'foreign',
      received_at: now,
      try_at: isOurs ? now : null,
    })
    .onConflict((conflict) => conflict.columns(['provider', 'event_id']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Takes the oldest that is due in hand: it is not due again for some minutes, whatever becomes of this try. */
export async function claimProviderEvent(
  db: Db,
  { now }: { now: Instant },
): Promise<ProviderEvent | undefined> {
  const wait = sql`(${sql.val(AGAIN_MINUTES)}::int[])[least(e.tries + 1, ${AGAIN_MINUTES.length}::int)]`;
  const { rows } = await sql<ProviderEvent>`
    with next as materialized (
      select provider, event_id from provider_events where try_at <= ${now}
      order by try_at, event_id limit 1 for update skip locked
    )
    update provider_events e set tries = e.tries + 1, try_at = ${now}::timestamptz + ${wait} * interval '1 minute'
    from next where (e.provider, e.event_id) = (next.provider, next.event_id) returning e.*`.execute(db);
  return rows[0];
}

/** Notes what has become of an event; while it waits or is parked it is tried again. */
export async function noteProviderEvent(
  db: Db,
  { provider, event_id }: Pick<ProviderEvent, 'provider' | 'event_id'>,
  change: Partial<Pick<ProviderEvent, 'state' | 'subscription_id' | 'trouble'>> & { payload?: null },
): Promise<void> {
  const isOver = change.state !== undefined && change.state !== 'parked' && change.state !== 'waiting';
  await db
    .updateTable('provider_events')
    .set({ ...change, ...(isOver && { try_at: null }) })
    .where('provider', '=', provider)
    .where('event_id', '=', event_id)
    .execute();
}

/** How many could not be worked, and wait for a person. */
export async function countGivenUp(db: Db): Promise<number> {
  const { n } = await db
    .selectFrom('provider_events')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('state', '=', 'given_up')
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** Forgets what stood in everything that came before `before` and is done with; ids and hashes stay. Returns how many. */
export async function forgetPayloads(db: Db, before: Instant): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('provider_events')
    .set({ payload: null })
    .where('received_at', '<', before)
    .where('payload', 'is not', null)
    .where('try_at', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
