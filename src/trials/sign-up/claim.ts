import type { Selectable } from 'kysely';
import type { Db } from '../../db/connect.ts';
import { lockInTransaction } from '../../db/lock.ts';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';
import type { AddressKeys } from '../../subscribers/address-key.ts';

/** That an address has had its trial: `strict` blocks another, `loose` only marks one for a person to look at. */
export type Claim = Selectable<Schema['trial_claims']>;

/** Holds everything that is claimed for an address, in whatever of its spellings, until the transaction ends. */
export function lockClaims(trx: Db, publicationId: number, { loose }: AddressKeys): Promise<void> {
  return lockInTransaction(trx, `claims of publication ${publicationId} for ${loose}`); // one loose form has every strict one
}

/** The claim in force of an address, by one of its two forms. */
export function findClaim(
  db: Db,
  publicationId: number,
  { kind, key_hash }: Pick<Claim, 'kind' | 'key_hash'>,
): Promise<Claim | undefined> {
  return db
    .selectFrom('trial_claims')
    .selectAll()
    .where('publication_id', '=', publicationId)
    .where('kind', '=', kind)
    .where('key_hash', '=', key_hash)
    .where('voided_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Claims the trial of an address. The database refuses a second strict claim while the first stands. */
export async function claimTrial(
  trx: Db,
  claim: Pick<Claim, 'publication_id' | 'trial_id'> & { expires_on: PlainDate },
  keys: AddressKeys,
  { now }: { now: Instant },
): Promise<void> {
  await trx
    .insertInto('trial_claims')
    .values(
      (['strict', 'loose'] as const).map((kind) => ({
        ...claim,
        kind,
        key_hash: keys[kind],
        claimed_at: now,
      })),
    )
    .execute();
}

/**
 * Lets every claim that stands for a reader's trials stand for another address too, as long as it does: who moves has
 * not a new trial at either. Where the address has a claim already, that one stays.
 */
export async function claimAlso(
  trx: Db,
  subscriberId: number,
  keys: AddressKeys,
  { now }: { now: Instant },
): Promise<void> {
  for (const kind of ['strict', 'loose'] as const)
    await trx
      .insertInto('trial_claims')
      .columns(['publication_id', 'kind', 'key_hash', 'trial_id', 'claimed_at', 'expires_on'])
      .expression((eb) =>
        eb
          .selectFrom('trial_claims as c')
          .innerJoin('trials as t', 't.id', 'c.trial_id')
          .select(['c.publication_id', 'c.kind', eb.val(keys[kind]).as('key_hash'), 'c.trial_id'])
          .select([eb.val(now).as('claimed_at'), 'c.expires_on'])
          .distinctOn(['c.publication_id', 'c.trial_id'])
          .where('t.subscriber_id', '=', subscriberId)
          .where('c.kind', '=', kind)
          .where('c.voided_at', 'is', null),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Gives the claims of a trial back: the person may try again. */
export async function voidClaims(trx: Db, trialId: number, { at }: { at: Instant }): Promise<void> {
  await trx
    .updateTable('trial_claims')
    .set({ voided_at: at })
    .where('trial_id', '=', trialId)
    .where('voided_at', 'is', null)
    .execute();
}

/** Takes the claims of a trial back that were given back with its end, but for an address that another trial claims by now. */
export async function renewClaims(trx: Db, trialId: number): Promise<void> {
  await trx
    .updateTable('trial_claims as c')
    .set({ voided_at: null })
    .where('c.trial_id', '=', trialId)
    .where('c.voided_at', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('trial_claims as other')
            .select('other.id')
            .whereRef('other.publication_id', '=', 'c.publication_id')
            .whereRef('other.kind', '=', 'c.kind')
            .whereRef('other.key_hash', '=', 'c.key_hash')
            .where('other.voided_at', 'is', null),
        ),
      ),
    )
    .execute();
}

/** Lets the claims of a trial stand for good: the end was abuse. */
export async function keepClaims(trx: Db, trialId: number): Promise<void> {
  await trx
    .updateTable('trial_claims')
    .set({ expires_on: null })
    .where('trial_id', '=', trialId)
    .where('voided_at', 'is', null)
    .execute();
}
