import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant, PlainDate } from '../db/schema/kinds.ts';
import type { GrantSource } from '../db/schema/readers.ts';
import { anyOf } from '../db/table-of.ts';
import type { Publication } from '../publications/publication.ts';
import { askForClockLetters } from './letters/clock-letters.ts';
import { stripPromise } from './letters/promise.ts';
import { type Planned, planEvents, writePlanned } from './machine/event.ts';
import { OUTRANKING } from './rights/grant.ts';
import type { Trial } from './trial.ts';
import { listTrialsWithEvent } from './trial-event.ts';

/** One acceptance. `grant_source` is what the audience was frozen with; where it is not given, the present decides. */
export type Accepted = { subscriber_id: number; at: Instant; grant_source?: string | null };

/** What was accepted. */
export type Counting = {
  publication: Publication;
  edition: { id: number; edition_on: PlainDate; kind?: string };
};

/** `recorded`: the trial had ended meanwhile; `not_counted`: the reader receives on other terms than a trial. */
export type Counted = 'counted' | 'repeated' | 'recorded' | 'not_counted';

/**
 * Counts an edition that the mail server has accepted towards the trials of these readers, once per edition and reader,
 * in the transaction that records the acceptance; a few statements for all. The last date that a strip printed is
 * kept, letters that become due are asked for, and a trial whose allowance is spent ends. Only a regular edition received on
 * a trial counts; and a weekly round-up in grace, which nothing else would end. Returns what became of each, in the order given.
 */
export async function countAccepted(
  trx: Db,
  accepted: readonly Accepted[],
  { publication, edition }: Counting,
): Promise<Counted[]> {
  const { kind = 'regular' } = edition;
  const counts = kind === 'regular' || kind === 'weekly';
  const onTrial = counts ? accepted.filter(({ grant_source }) => mayCountOn(grant_source)) : [];
  if (onTrial.length === 0) return accepted.map(() => 'not_counted');
  const trials = await lockNewestTrials(trx, onTrial, publication);
  const idem_key = `ed:${edition.id}`;
  const repeated = await listTrialsWithEvent(
    trx,
    [...trials.values()].map(({ id }) => id),
    idem_key,
  );
  const planned: Planned[] = [];
  const judged = new Map<number, Counted>();
  for (const { subscriber_id, at, grant_source } of onTrial) {
    const trial = trials.get(subscriber_id);
    if (!trial || !mayCount(trial, grant_source) || judged.has(subscriber_id)) continue;
    if (kind === 'weekly' && trial.state !== 'grace' && !repeated.has(trial.id)) continue;
    if (repeated.has(trial.id)) judged.set(subscriber_id, 'repeated');
    else {
      judged.set(subscriber_id, isOpen(trial) ? 'counted' : 'recorded');
      const { is_outranked, ...row } = trial;
      planned.push(planAcceptance(row, { publication, edition }, { at, idem_key }));
    }
  }
  await writePlanned(trx, planned);
  await askForLetters(trx, planned, { publication, edition });
  return accepted.map(({ subscriber_id }) => judged.get(subscriber_id) ?? 'not_counted');
}

/** What one accepted edition makes of a trial, by its events; the promise that its strip printed among them. Pure. */
export function planAcceptance(
  trial: Trial,
  { publication, edition }: Counting,
  { at, idem_key }: { at: Instant; idem_key: string },
): Planned {
  const hasStrip = isOpen(trial) && edition.kind !== 'weekly';
  const promised = hasStrip
    ? stripPromise(trial, publication, { now: at, on: edition.edition_on })
    : undefined;
  return planEvents(trial, [
    ...(promised ? [promised] : []),
    {
      event: { event: 'edition_accepted', edition_on: edition.edition_on },
      recording: { now: at, actor: 'system', idem_key, detail: { edition_id: edition.id } },
    },
  ]);
}

/** Letters follow from an edition that moved its trial: nobody is told twice for one that did not. */
async function askForLetters(trx: Db, planned: Planned[], { publication, edition }: Counting): Promise<void> {
  const moved = planned.filter(
    ({ before, after }) => isOpen(before) && (after.state === 'ended' || after.consumed > before.consumed),
  );
  const byInstant = Map.groupBy(moved, ({ rows }) => rows.at(-1)?.recorded_at.toString());
  for (const group of byInstant.values()) {
    const now = (group[0] as Planned).rows[0]?.recorded_at as Instant;
    await askForClockLetters(
      trx,
      group.map(({ after }) => after),
      publication,
      { now, on: edition.edition_on },
    );
  }
}

type Newest = Trial & { is_outranked: boolean };

const isOpen = ({ state }: Pick<Trial, 'state'>): boolean =>
  ['scheduled', 'running', 'grace'].includes(state);

const mayCount = (trial: Newest, source: string | null | undefined): boolean =>
  isOpen(trial) ? !trial.is_outranked : Boolean(source) && trial.state !== 'requested';

/** Whether an edition received on a right from `source` may count towards a trial; not where it is received on other terms. */
export const mayCountOn = (source: string | null | undefined): boolean =>
  source === null || source === undefined || !OUTRANKING.includes(source as GrantSource);

/** The newest trial of each reader, its row held, and whether a grant stands that is weightier than a trial's. */
async function lockNewestTrials(
  trx: Db,
  accepted: readonly Accepted[],
  publication: Publication,
): Promise<Map<number, Newest>> {
  const ids = accepted.map(({ subscriber_id }) => subscriber_id);
  const at = (accepted[0] as Accepted).at;
  const newest = await trx
    .selectFrom('trials')
    .selectAll()
    .select(
      sql<boolean>`exists (select from grants g
        where g.publication_id = trials.publication_id and g.subscriber_id = trials.subscriber_id
          and g.source = any(${sql.val(OUTRANKING)}::text[])
          and g.starts_at <= ${at} and (g.ends_at is null or g.ends_at > ${at}))`.as('is_outranked'),
    )
    .where('subscriber_id', '=', anyOf(ids))
    .where('publication_id', '=', publication.id)
    .orderBy('id') // everybody holds rows in this order, so that two who hold many do not wait for each other
    .forUpdate()
    .execute();
  return new Map(newest.map((trial) => [trial.subscriber_id, trial]));
}
