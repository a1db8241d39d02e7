import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant, PlainDate } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { conflict, invalid } from '../../errors.ts';
import { askForLetter } from '../../letters/letter.ts';
import { localDate } from '../../publications/calendar.ts';
import { type Publication, requirePublication } from '../../publications/publication.ts';
import { findPause, type Hold, listHoldKinds, movePause, placeHold } from '../../subscribers/hold.ts';
import { lockSubscriber } from '../../subscribers/subscriber.ts';
import { noteOnTrial } from '../course/note.ts';
import { listLiveGrants } from '../rights/grant.ts';
import { findTrial } from '../trial.ts';

/** A pause is no longer than this, in calendar days from its first, however often it is moved. */
export const LONGEST_PAUSE_DAYS = 30;

/** Until when, who asked, and, where it was a member of staff, why. */
export type Pausing = { resume_on: PlainDate; now: Instant; actor: string; reason?: string | null };

/**
 * Pauses a reader's editions until the local date `resume_on`, whose edition comes again, at most 30 days after the first
 * day; the trial's clock stands still meanwhile, and a letter says so (M12). A pause under way is moved to the new date.
 * Throws `invalid` for a date out of reach, `conflict` where the reader receives nothing that could be paused.
 */
export function pause(
  db: Db,
  subscriberId: number,
  publicationId: number,
  { resume_on, now, actor, reason = null }: Pausing,
): Promise<{ outcome: 'paused' | 'moved' | 'already' }> {
  const reader = { subscriber_id: subscriberId, publication_id: publicationId };
  return inTransaction(db, async (trx) => {
    await lockSubscriber(trx, subscriberId);
    const publication = await requirePublication(trx, publicationId);
    requireWithinReach(resume_on, daysToPause(publication, await findPause(trx, reader), { now }));
    await requireReceiving(trx, reader, { now });
    const hold = { ...reader, kind: 'paused' as const, resume_on };
    const placed = await placeHold(trx, hold, { now });
    if (!placed && !(await movePause(trx, reader, resume_on))) return { outcome: 'already' };
    const trial = await findTrial(trx, reader);
    const detail = { resume_on: resume_on.toString() };
    if (trial) await noteOnTrial(trx, trial, 'paused', { now, actor, reason, key: `at ${now}`, detail });
    await askForLetter(
      trx,
      {
        ...reader,
        trial_id: trial?.id ?? null,
        letter: 'paused',
        anchor: `until ${resume_on} at ${now}`,
        due_at: now,
        detail,
      },
      { now },
    );
    const subject = `subscriber ${subscriberId}`;
    await recordAudit(
      trx,
      { actor, verb: 'pause', subject, reason, detail: { publication_id: publicationId, ...detail } },
      { now },
    );
    return { outcome: placed ? 'paused' : 'moved' };
  });
}

/**
 * The local dates on which a pause may end: from tomorrow to 30 days after its first, that of `open` where one is under
 * way. None where `first` lies after `last`.
 */
export function daysToPause(
  publication: Publication,
  open: Pick<Hold, 'started_at'> | undefined,
  { now }: { now: Instant },
): { first: PlainDate; last: PlainDate } {
  const begun = localDate(publication, open?.started_at ?? now);
  return {
    first: localDate(publication, now).add({ days: 1 }),
    last: begun.add({ days: LONGEST_PAUSE_DAYS }),
  };
}

function requireWithinReach(resume_on: PlainDate, { first, last }: ReturnType<typeof daysToPause>): void {
  if (Temporal.PlainDate.compare(resume_on, first) >= 0 && Temporal.PlainDate.compare(resume_on, last) <= 0)
    return;
  const longest = `at most ${LONGEST_PAUSE_DAYS} days after its first`;
  throw invalid(
    Temporal.PlainDate.compare(first, last) > 0
      ? `a pause until ${resume_on} is not possible; expected it to end by ${last}, ${longest}`
      : `a pause until ${resume_on} is not possible; expected a date from ${first} to ${last}, ${longest}`,
  );
}

async function requireReceiving(
  trx: Db,
  reader: { subscriber_id: number; publication_id: number },
  { now }: { now: Instant },
): Promise<void> {
  const holds = await listHoldKinds(trx, reader.subscriber_id, reader.publication_id, { at: now });
  if (holds.some((kind) => kind !== 'paused' && kind !== 'bounced'))
    throw conflict('nothing comes that could be paused; expected a reader who has not left');
  if ((await listLiveGrants(trx, reader, { at: now })).length > 0) return;
  throw conflict('nothing comes that could be paused; expected a reader with a trial or a subscription');
}
