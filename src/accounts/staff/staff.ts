import type { Selectable } from 'kysely';
import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Schema } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { conflict, notFound } from '../../errors.ts';
import type { Address } from '../../subscribers/address.ts';
import { meetSubscriber } from '../../subscribers/subscriber.ts';
import { meetAccount } from '../account.ts';
import { endSessions } from '../session.ts';

/** One who works at the desk: known by their address like every reader, with a name and a role. */
export type Staff = Selectable<Schema['staff']>;
export type Role = Staff['role'];

/** The roles, each with all that those before it may do. */
const ROLES: readonly Role[] = ['editor', 'approver', 'admin'];

/** Whether one role may do what another may. */
export const isAtLeast = (role: Role, wanted: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(wanted);

/**
 * Gives somebody a place at the desk, with an account to sign in to: by the same pages and letters as readers. Who has a
 * place has their name and role set anew.
 */
export function addStaff(
  db: Db,
  { address, name, role }: { address: Address; name: string; role: Role },
  { now, actor, secretKeys }: { now: Instant; actor: string; secretKeys: readonly string[] },
): Promise<Staff> {
  return inTransaction(db, async (trx) => {
    const subscriber = await meetSubscriber(trx, { address, first_name: null }, { now, secretKeys });
    if (subscriber.erased_at) throw conflict(`${address.text} has been erased`);
    await meetAccount(trx, subscriber, { now });
    const staff = await trx
      .insertInto('staff')
      .values({ subscriber_id: subscriber.id, name, role, added_at: now })
      .onConflict((taken) => taken.column('subscriber_id').doUpdateSet({ name, role, ended_at: null }))
      .returningAll()
      .executeTakeFirstOrThrow();
    const act = { actor, verb: 'add to the staff', subject: `subscriber ${subscriber.id}` };
    await recordAudit(trx, { ...act, detail: { name, role } }, { now });
    return staff;
  });
}

/** Takes a place at the desk away, and signs them out everywhere. Throws `not_found` for who has none. */
export function endStaff(
  db: Db,
  id: number,
  { now, actor, reason }: { now: Instant; actor: string; reason: string | null },
): Promise<void> {
  return inTransaction(db, async (trx) => {
    const ended = await trx
      .updateTable('staff')
      .set({ ended_at: now })
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .returning('subscriber_id')
      .executeTakeFirst();
    if (!ended) throw notFound(`no member of staff ${id}`);
    const account = await trx
      .selectFrom('accounts')
      .select('id')
      .where('subscriber_id', '=', ended.subscriber_id)
      .executeTakeFirst();
    if (account) await endSessions(trx, account.id);
    const subject = `subscriber ${ended.subscriber_id}`;
    await recordAudit(trx, { actor, verb: 'take off the staff', subject, reason }, { now });
  });
}

/** The place at the desk of a subscriber, if they have one. */
export function findStaffOf(db: Db, subscriberId: number): Promise<Staff | undefined> {
  return db
    .selectFrom('staff')
    .selectAll()
    .where('subscriber_id', '=', subscriberId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
}

/** Everybody at the desk, with their addresses, by name. */
export function listStaff(db: Db): Promise<(Staff & { address: string })[]> {
  return db
    .selectFrom('staff as m')
    .innerJoin('subscribers as s', 's.id', 'm.subscriber_id')
    .selectAll('m')
    .select('s.address')
    .where('m.ended_at', 'is', null)
    .where('s.erased_at', 'is', null)
    .orderBy('m.name')
    .orderBy('m.id')
    .execute();
}
