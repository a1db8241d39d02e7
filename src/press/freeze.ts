import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { decisionsAt } from '../trials/rights/decision.ts';

/** How many readers there are to send to, why the others get nothing, and which plates are wanted. */
export type Frozen = { send: number; skipped: Record<string, number>; variants: string[]; batches: number };

const BATCH_SIZE = 500;
/** With so few editions left the strip of a trial stands at the top, where it is not overlooked. */
const STRIP_AT_TOP = 3;

/**
 * Writes the audience of a run as it stands at `now`, those to send to first, with the last word at once for the
 * others, and cuts it into batches. Set-based: one statement each, whatever the number of readers.
 */
export async function freezeAudience(
  trx: Db,
  run: { id: number; publication_id: number },
  { now, due_at, stale_at }: { now: Instant; due_at: Instant; stale_at: Instant },
): Promise<Frozen> {
  await sql`
    insert into audience (run_id, seq, subscriber_id, address, decision, reason, grant_id, grant_source, variant,
      due_at, stale_at)
    select ${run.id}, row_number() over (order by d.decision = 'skip', d.subscriber_id), d.subscriber_id, d.address,
      d.decision, d.reason, d.grant_id, d.grant_source,
      case
        when d.decision = 'skip' then null
        when d.trial_state is null then 'plain'
        when d.trial_state = 'grace' or d.trial_left <= ${sql.lit(STRIP_AT_TOP)} then 'strip-top'
        else 'strip-foot'
      end,
      ${due_at}, ${stale_at}
    from (${decisionsAt(trx, run.publication_id, now)}) d`.execute(trx);
  await sql`
    insert into outcomes (run_id, seq, attempt, status, reason, at)
    select run_id, seq, 1, 'skipped', reason, ${now} from audience
    where run_id = ${run.id} and decision = 'skip'`.execute(trx);
  const frozen = await count(trx, run.id);
  await sql`
    insert into batches (run_id, no, lo, hi, due_at, stale_at)
    select ${run.id}, no, (no - 1) * ${BATCH_SIZE} + 1, least(no * ${BATCH_SIZE}, ${frozen.send}), ${due_at}, ${stale_at}
    from generate_series(1, ${frozen.batches}::int) no`.execute(trx);
  return frozen;
}

async function count(trx: Db, runId: number): Promise<Frozen> {
  const rows = await trx
    .selectFrom('audience')
    .select(({ fn }) => ['decision', 'reason', 'variant', fn.countAll<number>().as('readers')])
    .where('run_id', '=', runId)
    .groupBy(['decision', 'reason', 'variant'])
    .execute();
  const sending = rows.filter(({ decision }) => decision === 'send');
  const send = sending.reduce((sum, { readers }) => sum + readers, 0);
  return {
    send,
    skipped: Object.fromEntries(rows.flatMap(({ reason, readers }) => (reason ? [[reason, readers]] : []))),
    variants: sending.flatMap(({ variant }) => variant ?? []),
    batches: Math.ceil(send / BATCH_SIZE),
  };
}
