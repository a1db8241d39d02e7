import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { inTransaction } from '../../db/transaction.ts';
import { withdrawConsents } from '../../subscribers/consent.ts';
import { placeHold } from '../../subscribers/hold.ts';
import { lockSubscriber } from '../../subscribers/subscriber.ts';
import { noteOnTrial } from '../course/note.ts';
import { applyEvent } from '../machine/event.ts';
import { isAllowed } from '../machine/machine.ts';
import { stopRenewals } from '../paid/end-subscriptions.ts';
import { findTrial } from '../trial.ts';

/**
 * How a reader left: by the button of their mail program (RFC 8058), on our page, perhaps with a word why, or by
 * calling our mail spam (RFC 5965).
 */
export type Leaving = { now: Instant; how: 'one_click' | 'page' | 'complaint'; reason?: string | null };

/** Longest kept of what a reader says on leaving. */
const LONGEST_REASON = 2000;

/**
 * Takes a reader off a publication: the hold stands when this returns, an open trial is cancelled without a
 * letter, consents are withdrawn, a card is charged no further term. Again: `already`, and nothing is written, but for a trial that was asked for since: that
 * it is not wanted is noted on it. Throws `not_found`.
 */
export function leave(
  db: Db,
  subscriberId: number,
  publicationId: number,
  { now, how, reason }: Leaving,
): Promise<{ outcome: 'left' | 'already' }> {
  const reader = { subscriber_id: subscriberId, publication_id: publicationId };
  const said = reason?.trim().slice(0, LONGEST_REASON) || null;
  return inTransaction(db, async (trx) => {
    await lockSubscriber(trx, subscriberId);
    if (!(await placeHold(trx, { ...reader, kind: 'unsubscribed', reason: said }, { now }))) {
      await refuse(trx, reader, { now, how });
      return { outcome: 'already' };
    }
    await withdrawConsents(trx, subscriberId, publicationId, { now });
    await stopRenewals(trx, reader, { now });
    await noteOnTrials(trx, reader, { now, how });
    await recordAudit(
      trx,
      {
        actor: 'reader',
        verb: 'leave',
        subject: `subscriber ${subscriberId}`,
        detail: { publication_id: publicationId, how },
      },
      { now },
    );
    return { outcome: 'left' };
  });
}

/** Who has left already, and leaves by a letter that asks them to confirm a trial, does not want to be asked: once noted. */
async function refuse(
  trx: Db,
  reader: { subscriber_id: number; publication_id: number },
  { now, how }: Pick<Leaving, 'now' | 'how'>,
): Promise<void> {
  const trial = await findTrial(trx, reader);
  if (trial?.state !== 'requested') return;
  const detail = { how };
  await noteOnTrial(trx, trial, 'unsubscribed', { now, actor: 'reader', key: 'refused', detail });
}

/** The log of the reader's trial says that they left; an open one ends with it. */
async function noteOnTrials(
  trx: Db,
  reader: { subscriber_id: number; publication_id: number },
  { now, how }: Pick<Leaving, 'now' | 'how'>,
): Promise<void> {
  const trial = await findTrial(trx, reader);
  if (!trial) return;
  const event = how === 'complaint' ? 'complained' : 'unsubscribed';
  await noteOnTrial(trx, trial, event, { now, actor: 'reader', key: `at ${now}`, detail: { how } });
  if (!isAllowed(trial.state, 'cancelled')) return;
  await applyEvent(
    trx,
    trial.id,
    { event: 'cancelled' },
    { now, actor: 'reader', idem_key: `cancelled ${trial.version}` },
  );
}
