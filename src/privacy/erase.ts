import { type RawBuilder, sql } from 'kysely';
import { recordAudit } from '../audit/record.ts';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { inTransaction } from '../db/transaction.ts';
import { dropLettersOf } from '../letters/letter.ts';
import { lockSubscriber } from '../subscribers/subscriber.ts';
import { leave } from '../trials/ending/leave.ts';
import { voidRequestsOf } from '../trials/ending/void-requests.ts';
import { listNewsletters } from '../trials/newsletters.ts';
import { endSubscriptionsOf } from '../trials/paid/end-subscriptions.ts';
import { closeGrants, listLiveGrantsOf } from '../trials/rights/grant.ts';
import { type Holding, isOf } from './holding.ts';
import { HOLDINGS } from './holdings.ts';
import { findWhose, type Whose } from './whose.ts';

/**
 * Erases a reader: they leave every newsletter, their rights end, no letter goes any more, and whatever tells who they
 * were is taken out of every table. Of their address the keyed hash stays where it keeps a second trial or a mail from
 * happening. Again: `already`. Throws `not_found`.
 */
export function eraseReader(
  db: Db,
  subscriberId: number,
  { now, actor, secretKeys }: { now: Instant; actor: string; secretKeys: readonly string[] },
): Promise<{ outcome: 'erased' | 'already' }> {
  return inTransaction(db, async (trx) => {
    const reader = await lockSubscriber(trx, subscriberId);
    if (reader.erased_at) return { outcome: 'already' };
    for (const publicationId of await listNewsletters(trx, subscriberId))
      await leave(trx, subscriberId, publicationId, { now, how: 'page' });
    const grants = await listLiveGrantsOf(trx, subscriberId, { at: now });
    await closeGrants(
      trx,
      grants.map((grant) => ({ ...grant, at: now })),
    );
    await voidRequestsOf(trx, subscriberId, { now, actor });
    await dropLettersOf(trx, subscriberId, 'erased', { now });
    const whose = await findWhose(trx, reader, { secretKeys });
    await endSubscriptionsOf(trx, whose, { now });
    for (const holding of HOLDINGS) await eraseRows(trx, holding, whose);
    await trx.updateTable('subscribers').set({ erased_at: now }).where('id', '=', subscriberId).execute();
    await recordAudit(trx, { actor, verb: 'erase', subject: `subscriber ${subscriberId}` }, { now });
    return { outcome: 'erased' };
  });
}

async function eraseRows(trx: Db, holding: Holding, whose: Whose): Promise<void> {
  const { table, erased } = holding;
  if (erased === 'kept') return;
  const rows = isOf(holding, whose);
  if (erased === 'deleted') await sql`delete from ${sql.table(table)} t where ${rows}`.execute(trx);
  else await sql`update ${sql.table(table)} t set ${assignments(erased)} where ${rows}`.execute(trx);
}

const assignments = (values: Exclude<Holding['erased'], string>): RawBuilder<unknown> =>
  sql.join(Object.entries(values).map(([column, value]) => sql`${sql.ref(column)} = ${value}`));
