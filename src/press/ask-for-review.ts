import { recordAudit } from '../audit/record.ts';
import type { Db } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Editor } from '../editions/desk/edit.ts';
import { requireEdition } from '../editions/edition.ts';
import { invalid } from '../errors.ts';
import { askForLetters } from '../letters/letter.ts';
import { type Calling, describeCall } from './call-desk.ts';

/**
 * Sends the link to review an edition to members of the staff (their subscriber ids), in a letter that says how it stands now.
 * Throws `invalid` for nobody to send it to.
 */
export async function askForReview(
  db: Db,
  id: number,
  { to, by, ...calling }: Omit<Calling, 'staff'> & { to: readonly number[]; by: Editor },
): Promise<void> {
  if (to.length === 0)
    throw invalid('nobody of the staff is named; expected at least one to review the edition');
  const edition = await requireEdition(db, id);
  const { detail } = await describeCall(db, edition, calling);
  const { now } = calling;
  const letters = to.map((subscriber_id) => ({
    subscriber_id,
    publication_id: edition.publication_id,
    trial_id: null,
    letter: 'desk-call' as const,
    anchor: `edition ${id} review ${now}`,
    due_at: now,
    detail: { ...detail, title_line: `${by.name} asks you to review the edition` },
  }));
  await inTransaction(db, async (trx) => {
    await askForLetters(trx, letters, { now });
    const act = { actor: by.name, verb: 'ask for a review', subject: `edition ${id}` };
    await recordAudit(trx, { ...act, detail: { to: [...to] } }, { now });
  });
}
