import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { findDelivery } from '../deliveries/ledger/delivery.ts';
import type { DeliveryRef } from '../deliveries/mail/return-path.ts';
import { isOfOneMailbox } from '../deliveries/pacing/slow-down.ts';
import type { Log } from '../log.ts';
import { applyMeaning } from './apply.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import type { Reason } from './reading/returned.ts';
import { reasonOfReply } from './reply.ts';

/** A delivery that the mail server did not take, with its last words. */
type Missed = DeliveryRef & { reply: string; at: Instant };

/** Runs are looked at for so long after they were opened. */
const LOOKED_AT = { hours: 7 * 24 };
const AT_ONCE = 500;

/**
 * Judges what mail servers answered at the hand-over by the same rules as what comes back: the readers of late runs
 * whom a server refused for good, or put off until the edition was stale. Each answer once: it stands in `events` then.
 */
export async function judgeFailures(
  db: Db,
  { clock, log }: { clock: Clock; log: Log },
): Promise<{ judged: number }> {
  for (let judged = 0; ; ) {
    const now = clock.now();
    const missed = await listMissed(db, { since: now.subtract(LOOKED_AT) });
    for (const one of missed) await db.transaction().execute((trx) => judgeOne(trx, one, { now, log }));
    judged += missed.length;
    if (missed.length < AT_ONCE) return { judged };
  }
}

async function judgeOne(
  trx: Db,
  { reply, at, ...ref }: Missed,
  { now, log }: { now: Instant; log: Log },
): Promise<void> {
  const delivery = await findDelivery(trx, ref);
  if (!delivery) return; // its run was dropped meanwhile, and is not listed again
  const said = { ...reasonOfReply(reply), address: delivery.address, diagnostic: reply };
  await applyMeaning(trx, delivery, ofTheReader(meaningOf({ ...said, action: 'failed' }), reply), {
    source: { way: 'answer', returned_id: null, at },
    now,
    log,
  });
}

/** What words alone, without a code, say of a mailbox. */
const OF_A_MAILBOX: (Reason | null)[] = ['mailbox_full', 'mailbox_disabled'];

/** We speak to relays: their own trouble, even when it lasts, says nothing of the reader. */
function ofTheReader(meaning: Meaning, reply: string): Meaning {
  if (meaning.kind !== 'soft_bounce' || isOfOneMailbox(reply)) return meaning;
  const isWordsAlone = meaning.status === null && OF_A_MAILBOX.includes(meaning.reason);
  return isWordsAlone ? meaning : { ...meaning, kind: 'noted' };
}

/** Final refusals, and deliveries that went stale after a server had put them off, that no event tells of yet. */
async function listMissed(db: Db, { since }: { since: Instant }): Promise<Missed[]> {
  const { rows } = await sql<Missed>`
    select o.run_id, o.seq, o.at, coalesce(o.reply, p.reply) as reply
    from runs r
    join outcomes o on o.run_id = r.id and o.final and o.status in ('failed', 'skipped')
    left join lateral (
      select reply from outcomes d
      where o.status = 'skipped' and o.reason = 'stale' and d.run_id = o.run_id and d.seq = o.seq
        and d.status = 'deferred' and d.reply_code between 400 and 499
      order by d.attempt desc limit 1
    ) p on true
    where r.opened_at >= ${since} and coalesce(o.reply, p.reply) is not null
      and not exists (select from events e where e.event_key = 'r' || o.run_id || '-' || o.seq || ' answer')
    order by o.run_id, o.seq
    limit ${AT_ONCE}`.execute(db);
  return rows;
}
