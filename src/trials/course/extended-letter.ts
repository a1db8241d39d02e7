import type { Db } from '../../db/connect.ts';
import { askForLetter } from '../../letters/letter.ts';
import type { Trial } from '../trial.ts';
import type { StaffAct } from './staff-act.ts';

/** How long the letter waits, so that a change of many can be undone before anybody hears of it; none: it goes at once. */
export type LetterWait = { letter_after?: Temporal.DurationLike };

/** Asks for the letter that tells a reader of more editions (M11), in the transaction that gives them. */
export async function askForExtendedLetter(
  trx: Db,
  { id, subscriber_id, publication_id, version }: Trial,
  {
    now,
    actor,
    letter_after,
  }: Pick<StaffAct, 'now' | 'actor'> & { letter_after: Temporal.DurationLike | undefined },
): Promise<void> {
  await askForLetter(
    trx,
    {
      subscriber_id,
      publication_id,
      trial_id: id,
      letter: 'trial-extended',
      anchor: `trial ${id} v${version}`,
      due_at: now.add(letter_after ?? { seconds: 0 }),
      detail: { by: actor === 'reader' ? 'reader' : 'newsroom' },
    },
    { now },
  );
}
