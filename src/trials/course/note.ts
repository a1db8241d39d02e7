import type { Db } from '../../db/connect.ts';
import { applyEvent, type Recording } from '../machine/event.ts';
import type { NoteEvent } from '../machine/machine.ts';
import type { Trial } from '../trial.ts';

/** What a note stands for: `key` names the occasion, so that a trial notes it once. */
export type Noting = Pick<Recording, 'now' | 'effective_at' | 'actor' | 'reason' | 'detail'> & {
  key: string;
};

/** Writes on a trial's log what happened to its reader; its state stays. */
export async function noteOnTrial(
  trx: Db,
  { id }: Pick<Trial, 'id'>,
  event: NoteEvent,
  { key, ...recording }: Noting,
): Promise<void> {
  await applyEvent(trx, id, { event }, { ...recording, idem_key: `${event} ${key}` });
}
