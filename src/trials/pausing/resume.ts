import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { askForLetter } from '../../letters/letter.ts';
import { requirePublication } from '../../publications/publication.ts';
import { endHold, findPause, type Hold } from '../../subscribers/hold.ts';
import { lockSubscriber } from '../../subscribers/subscriber.ts';
import { noteOnTrial } from '../course/note.ts';
import { currentHardStop } from '../ending/current-hard-stop.ts';
import { askAgain } from '../letters/ask-again.ts';
import { recordEvent } from '../machine/event.ts';
import { findTrial, lockTrial } from '../trial.ts';

/**
 * Who ends the pause, and, where it was a member of staff, why. `at`: when it ended, where that was before `now`;
 * `letter_at`: when the reader hears of it.
 */
export type Resuming = {
  now: Instant;
  actor: string;
  reason?: string | null;
  at?: Instant;
  letter_at?: Instant;
};

/** What the letter on return looks back on. */
export type ResumedDetail = { paused_from: string };

/**
 * Ends a reader's pause: the trial's last date moves by the publishing days paused, and one letter catches up on what
 * was missed (M12). `not_paused` where there is no pause.
 */
export function resume(
  db: Db,
  subscriberId: number,
  publicationId: number,
  resuming: Resuming,
): Promise<{ outcome: 'resumed' | 'not_paused' }> {
  const reader = { subscriber_id: subscriberId, publication_id: publicationId };
  return inTransaction(db, async (trx) => {
    await lockSubscriber(trx, subscriberId);
    const hold = await findPause(trx, reader);
    if (!hold) return { outcome: 'not_paused' };
    const { now, actor, reason = null, at = now } = resuming;
    await endHold(trx, { ...reader, kind: 'paused' }, { now: at });
    await goOn(trx, hold, resuming);
    const subject = `subscriber ${subscriberId}`;
    await recordAudit(
      trx,
      { actor, verb: 'resume', subject, reason, detail: { publication_id: publicationId } },
      { now },
    );
    return { outcome: 'resumed' };
  });
}

/** The trial goes on, with its last date moved, and the reader is told. */
async function goOn(
  trx: Db,
  hold: Hold,
  { now, actor, reason = null, at = now, letter_at = now }: Resuming,
): Promise<void> {
  const reader = { subscriber_id: hold.subscriber_id, publication_id: hold.publication_id as number };
  const trial = await findTrial(trx, reader);
  if (trial) {
    await noteOnTrial(trx, trial, 'resumed', {
      now,
      effective_at: at,
      actor,
      reason,
      key: `hold ${hold.id}`,
    });
    await moveHardStop(trx, trial.id, { now, key: `hold ${hold.id}` });
    await askAgain(trx, trial, { now });
  }
  const detail: ResumedDetail = { paused_from: hold.started_at.toString() };
  await askForLetter(
    trx,
    {
      ...reader,
      trial_id: trial?.id ?? null,
      letter: 'resumed',
      anchor: `hold ${hold.id}`,
      due_at: letter_at,
      detail,
    },
    { now },
  );
}

async function moveHardStop(
  trx: Db,
  trialId: number,
  { now, key }: { now: Instant; key: string },
): Promise<void> {
  const trial = await lockTrial(trx, trialId);
  if (trial.state !== 'scheduled' && trial.state !== 'running') return;
  const publication = await requirePublication(trx, trial.publication_id);
  const hard_stop_on = await currentHardStop(trx, trial, publication, { now });
  if (trial.hard_stop_on?.equals(hard_stop_on)) return;
  const recording = { now, actor: 'system', idem_key: `hard_stop ${hard_stop_on} ${key}` };
  await recordEvent(
    trx,
    trial,
    { event: 'hard_stop_moved' },
    { ...recording, detail: { hard_stop_on: hard_stop_on.toString() } },
  );
}
