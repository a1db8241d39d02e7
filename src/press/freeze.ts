import { sql } from 'kysely';
import { earlier, later } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import type { TrialState } from '../db/schema/readers.ts';
import { tableOf } from '../db/table-of.ts';
import type { Edition, EditionKind } from '../editions/edition.ts';
import type { PlateVariant } from '../messages/plate.ts';
import type { Publication } from '../publications/publication.ts';
import { morningAfter } from '../subscribers/morning.ts';
import { listMornings } from '../subscribers/preferences.ts';
import { audienceAt } from '../trials/rights/decision.ts';
import { correctionAudience } from './correction-audience.ts';
import type { SectionSet } from './section-sets.ts';

/** How a press begins: with so many readers, or one in a hundred; the others follow so much later. */
type Ramp = Pick<Publication, 'ramp_readers' | 'ramp_wait_seconds'>;

/** The run of an edition, and what it is a run of. */
type RunOf = {
  id: number;
  publication_id: number;
  edition_kind: EditionKind;
  corrects: Edition['corrects'];
};
/** How many readers there are to send to, how many of them only after the first, why the others get nothing, and which plates are wanted. */
export type Frozen = { send: number; skipped: Record<string, number>; variants: string[]; late: number };

const BATCH_SIZE = 500;
/** With so few editions left the strip of a trial stands at the top, where it is not overlooked. */
const STRIP_AT_TOP = 3;

/** The plate of a reader on a trial: its strip stands at the top once few editions are left. `freezeAudience` says the same in SQL. */
export const variantFor = ({ state, left }: { state: TrialState; left: number }): PlateVariant =>
  state === 'grace' || left <= STRIP_AT_TOP ? 'strip-top' : 'strip-foot';

/**
 * When an edition is due: to those who want it at press time at `due_at`, to the others at the hour they chose after
 * `press_at`, its place in the calendar, but no earlier. Stale as long after that as `stale_at` is after `due_at`.
 */
export type Due = { press_at: Instant; due_at: Instant; stale_at: Instant };

/**
 * Writes the audience of a run as it stands at `now`, those to send to first, the first due before the others, with the
 * last word at once for the rest, and cuts it into batches of readers who are due together. Who wants one of `sets` gets
 * the plate of it. Of those who want it at press time the staff among them and a hundred, or one in a hundred, are due
 * first, and the others once that was looked at (`ramp`). Set-based: one statement each, whatever the number of readers.
 */
export async function freezeAudience(
  trx: Db,
  run: RunOf,
  { now, sets, ramp, ...due }: Due & { now: Instant; sets: readonly SectionSet[]; ramp: Ramp },
): Promise<Frozen> {
  const mornings = await duePerMorning(trx, run.publication_id, due);
  await sql`
    insert into audience (run_id, seq, subscriber_id, address, decision, reason, grant_id, grant_source, variant,
      due_at, stale_at)
    select ${run.id}, row_number() over (order by d.decision = 'skip', d.own_due_at nulls first, d.is_late, d.subscriber_id), d.subscriber_id, d.address,
      d.decision, d.reason, d.grant_id, d.grant_source,
      case
        when d.decision = 'skip' then null
        when d.trial_state is null or ${run.edition_kind !== 'regular'} then 'plain'
        when d.trial_state = 'grace' or d.trial_left <= ${sql.lit(STRIP_AT_TOP)} then 'strip-top'
        else 'strip-foot'
      end || case when d.decision = 'send' then coalesce(' ' || w.key, '') end,
      coalesce(d.own_due_at, case when d.is_late then ${lateAt(due, ramp)}::timestamptz else ${due.due_at}::timestamptz end),
      coalesce(d.own_stale_at, case when d.is_late then ${due.stale_at.add(lateBy(ramp))}::timestamptz else ${due.stale_at}::timestamptz end)
    from (
      select d.*, m.due_at as own_due_at, m.stale_at as own_stale_at,
        ${isLate(run.id, ramp)} as is_late
      from (${await audienceOf(trx, run, { now })}) d
      left join (${mornings}) m on m.subscriber_id = d.subscriber_id and m.due_at > ${due.due_at} and ${run.edition_kind !== 'correction'}
    ) d
    left join (${wantingOnly(run.publication_id, sets)}) w on w.subscriber_id = d.subscriber_id`.execute(trx);
  await sql`
    insert into outcomes (run_id, seq, attempt, status, reason, at)
    select run_id, seq, 1, 'skipped', reason, ${now} from audience
    where run_id = ${run.id} and decision = 'skip'`.execute(trx);
  await cut(trx, run.id);
  return count(trx, run.id, lateAt(due, ramp));
}

/** Whom an edition is for: a correction is for those who got what it corrects, whatever became of their right to more. */
async function audienceOf(
  trx: Db,
  { publication_id, edition_kind, corrects }: RunOf,
  { now }: { now: Instant },
) {
  if (corrects) return correctionAudience(trx, publication_id, { at: now, corrects });
  const kind = edition_kind === 'weekly' ? 'weekly' : 'regular';
  return audienceAt(trx, publication_id, { at: now, kind });
}

/** After the wait there is time to look at the first, before anybody takes up the rest. */
export const LOOK_SECONDS = 10;

const lateBy = ({ ramp_wait_seconds }: Ramp) => ({ seconds: ramp_wait_seconds + LOOK_SECONDS });

const lateAt = ({ due_at }: Pick<Due, 'due_at'>, ramp: Ramp): Instant => due_at.add(lateBy(ramp));

/** Of those due at press: not among the staff, nor among the first, who are drawn by lot and so differ from press to press. */
function isLate(runId: number, { ramp_readers, ramp_wait_seconds }: Ramp) {
  if (ramp_wait_seconds === 0) return sql<boolean>`false`;
  const group = sql`partition by d.decision, m.due_at is null`;
  return sql<boolean>`d.decision = 'send' and m.due_at is null and row_number() over (${group}
    order by exists (select from staff f where f.subscriber_id = d.subscriber_id) desc, hashint8extended(d.subscriber_id, ${runId}))
    > greatest(${ramp_readers}::int, ceil(count(*) over (${group}) / 100.0))`;
}

/** Who chose an hour of their own, with when they are due: as many different ones as zones and hours at most. */
async function duePerMorning(trx: Db, publicationId: number, { press_at, due_at, stale_at }: Due) {
  const patience = due_at.until(stale_at);
  const mornings = (await listMornings(trx, publicationId)).map((morning) => {
    const due = later(due_at, morningAfter(earlier(press_at, due_at), morning));
    return { ...morning, due_at: due, stale_at: due.add(patience) };
  });
  const columns = { zone: 'text', morning_at: 'time', due_at: 'timestamptz', stale_at: 'timestamptz' };
  return sql`
    select w.subscriber_id, t.due_at, t.stale_at
    from preferences w join subscribers s on s.id = w.subscriber_id join publications p on p.id = w.publication_id
    join ${tableOf('t', mornings, columns)} on t.zone = coalesce(s.zone, p.zone) and t.morning_at = w.morning_at
    where w.publication_id = ${publicationId}`;
}

/** Who wants one of these sets of sections alone. */
function wantingOnly(publicationId: number, sets: readonly SectionSet[]) {
  const named = sets.map(({ key, ids }) => ({ key, ids: `{${ids.join(',')}}` }));
  return sql`
    select p.subscriber_id, t.key from preferences p
    join ${tableOf('t', named, { key: 'text', ids: 'text' })} on t.ids::int[] = p.sections
    where p.publication_id = ${publicationId}`;
}

async function cut(trx: Db, runId: number): Promise<void> {
  await sql`
    insert into batches (run_id, no, lo, hi, due_at, stale_at)
    select ${runId}, row_number() over (order by lo), lo, least(lo + ${BATCH_SIZE - 1}, last), due_at, stale_at
    from (
      select min(seq) as first, max(seq) as last, due_at, stale_at from audience
      where run_id = ${runId} and decision = 'send' group by due_at, stale_at
    ) together
    cross join generate_series(first, last, ${BATCH_SIZE}) lo`.execute(trx);
}

async function count(trx: Db, runId: number, late_at: Instant): Promise<Frozen> {
  const rows = await trx
    .selectFrom('audience')
    .select(({ fn }) => ['decision', 'reason', 'variant', fn.countAll<number>().as('readers')])
    .select(({ fn }) => fn.countAll<number>().filterWhere('due_at', '=', late_at).as('late'))
    .where('run_id', '=', runId)
    .groupBy(['decision', 'reason', 'variant'])
    .execute();
  const sending = rows.filter(({ decision }) => decision === 'send');
  const send = sending.reduce((sum, { readers }) => sum + readers, 0);
  return {
    send,
    late: sending.reduce((sum, { late }) => sum + late, 0),
    skipped: Object.fromEntries(rows.flatMap(({ reason, readers }) => (reason ? [[reason, readers]] : []))),
    variants: sending.flatMap(({ variant }) => variant ?? []),
  };
}
