import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import type { Instant, PlainDate } from '../db/schema/kinds.ts';
import type { GrantSource } from '../db/schema/readers.ts';
import type { Publication } from '../publications/publication.ts';
import { askForEnded, askForEnding } from './letters/clock-letters.ts';
import { keepStripPromise } from './letters/promise.ts';
import { recordEvent } from './machine/event.ts';
import { OUTRANKING } from './rights/grant.ts';
import { findEvent, type Trial } from './trial.ts';

/** One acceptance. `grant_source` is what the audience was frozen with; where it is not given, the present decides. */
export type Accepted = {
  subscriber_id: number;
  publication: Publication;
  edition: { id: number; edition_on: PlainDate; kind?: string };
  at: Instant;
  grant_source?: string | null;
};

/** `recorded`: the trial had ended meanwhile; `not_counted`: the reader receives on other terms than a trial. */
export type Counted = 'counted' | 'repeated' | 'recorded' | 'not_counted';

/**
 * Counts an edition that the mail server has accepted towards the reader's trial, once per edition, in the
 * transaction that records the acceptance. The last date that its strip printed is kept, letters that
 * become due are asked for, and a trial whose allowance is spent ends. Only a regular edition received on a trial counts.
 */
export async function countAccepted(trx: Db, accepted: Accepted): Promise<Counted> {
  const { publication, edition, at, grant_source } = accepted;
  if (edition.kind !== undefined && edition.kind !== 'regular') return 'not_counted';
  if (isOtherTerms(grant_source)) return 'not_counted';
  const found = await lockNewestTrial(trx, accepted);
  if (!found) return 'not_counted';
  const { is_outranked, ...trial } = found;
  const isOpen = ['scheduled', 'running', 'grace'].includes(trial.state);
  if (isOpen ? is_outranked : !grant_source || trial.state === 'requested') return 'not_counted';

  const idem_key = `ed:${edition.id}`;
  if (await findEvent(trx, trial.id, idem_key)) return 'repeated';
  const when = { now: at, on: edition.edition_on };
  const after = await recordEvent(
    trx,
    isOpen ? await keepStripPromise(trx, trial, publication, when) : trial,
    { event: 'edition_accepted', edition_on: edition.edition_on },
    { now: at, actor: 'system', idem_key, detail: { edition_id: edition.id } },
  );
  if (!isOpen) return 'recorded';
  if (after.state === 'ended') await askForEnded(trx, after, publication, when);
  else if (after.state === 'running' && after.consumed > trial.consumed)
    await askForEnding(trx, after, publication, when);
  return 'counted';
}

const isOtherTerms = (source: string | null | undefined): boolean =>
  source !== null && source !== undefined && OUTRANKING.includes(source as GrantSource);

/** The reader's newest trial, its row held, and whether a grant stands that is weightier than a trial's. */
function lockNewestTrial(
  trx: Db,
  { subscriber_id, publication, at }: Accepted,
): Promise<(Trial & { is_outranked: boolean }) | undefined> {
  return trx
    .selectFrom('trials')
    .selectAll()
    .select(
      sql<boolean>`exists (select from grants g
        where g.publication_id = trials.publication_id and g.subscriber_id = trials.subscriber_id
          and g.source = any(${sql.val(OUTRANKING)}::text[])
          and g.starts_at <= ${at} and (g.ends_at is null or g.ends_at > ${at}))`.as('is_outranked'),
    )
    .where('subscriber_id', '=', subscriber_id)
    .where('publication_id', '=', publication.id)
    .orderBy('id', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
}
