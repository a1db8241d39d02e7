import { requireReason } from '../../audit/reason.ts';
import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import { conflict, invalid, notFound } from '../../errors.ts';
import { voidApproval } from '../desk/approval.ts';
import type { Editor } from '../desk/edit.ts';
import { type Edition, moveEdition, requireEdition } from '../edition.ts';
import type { EditionModel } from '../model.ts';
import { shortDate } from '../wording.ts';
import { says } from './correct-model.ts';
import { type Correction, insertCorrection, type Severity } from './correction.ts';
import { writeCorrectionEdition } from './write-edition.ts';

/** What was wrong, in a story or in the edition's own words, what is right, and what readers are told; else that is made from the two. */
export type Correcting = {
  article_id: number | null;
  severity: Severity;
  wrong: string;
  right: string;
  note?: string | undefined;
  by: Editor;
  now: Temporal.Instant;
};

const LONGEST_NOTE = 600;

/**
 * Corrects an edition that has gone. Its page on the web says what is right from now on; but for a typo it says that it was
 * corrected, and so does the next edition. Where harm was done a mail to those who got it is drafted as an edition of its own,
 * which goes once an approver has approved it. Throws `not_found`, `invalid` where the edition does not say what is told to be
 * wrong, `conflict` for one that has not gone.
 */
export function correctEdition(db: Db, editionId: number, correcting: Correcting): Promise<Correction> {
  const { article_id, severity, by, now } = correcting;
  const [wrong, right_words] = [inOneLine(correcting.wrong), inOneLine(correcting.right)];
  return inTransaction(db, async (trx) => {
    const edition = await requireEdition(trx, editionId);
    const model = requireGone(edition);
    if (severity === 'harm' && edition.state === 'pressing')
      throw conflict(
        `the edition of ${edition.edition_on} is still going out; stop the presses first, then correct it and replace what is left`,
      );
    if (wrong === '' || !says(model, { article_id, wrong }))
      throw invalid(
        `the edition does not say “${wrong}” there; expected words that stand in it, as they stand`,
      );
    const note = inOneLine(correcting.note ?? '') || noteFrom(edition, { wrong, right_words });
    if (note.length > LONGEST_NOTE)
      throw invalid(`the note has ${note.length} characters; at most ${LONGEST_NOTE} expected`);
    const correction = await insertCorrection(trx, {
      ...{ publication_id: edition.publication_id, edition_id: editionId, article_id, severity },
      ...{ wrong, right_words, note, at: now, staff_id: by.staff_id, actor: by.name },
    });
    if (severity === 'harm') await writeCorrectionEdition(trx, { edition, model, correction, by, now });
    const act = { actor: by.name, verb: 'correct an edition', subject: `edition ${editionId}`, reason: note };
    await recordAudit(trx, { ...act, detail: { severity, wrong, right: right_words, article_id } }, { now });
    return correction;
  });
}

/** Leaves the note of a correction out of the editions to come. A reason is wanted. Throws `not_found` where it is told or left out already. */
export async function dropNote(
  db: Db,
  id: number,
  { by, now, reason }: { by: Editor; now: Temporal.Instant; reason: string },
): Promise<void> {
  const drop_reason = requireReason(reason, 'to leave out the note of a correction');
  await inTransaction(db, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('corrections')
      .set({ dropped_at: now, dropped_by: by.name, drop_reason })
      .where('id', '=', id)
      .where('told_in', 'is', null)
      .where('dropped_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw notFound(`no correction ${id} that is still to be told`);
    await unapproveTelling(trx, id, { now, by });
    const act = { actor: by.name, verb: 'leave out the note of a correction', subject: `correction ${id}` };
    await recordAudit(trx, { ...act, reason: drop_reason }, { now });
  });
}

/** An edition that was approved with the note would go with it: it has to be approved anew. */
async function unapproveTelling(
  trx: Db,
  correctionId: number,
  { by, now }: { by: Editor; now: Temporal.Instant },
): Promise<void> {
  const standing = await trx
    .selectFrom('approvals as a')
    .innerJoin('editions as e', 'e.id', 'a.edition_id')
    .select(['e.id', 'a.model'])
    .where('a.voided_at', 'is', null)
    .where('e.state', '=', 'approved')
    .execute();
  for (const { id, model } of standing) {
    const tells = ((model as EditionModel).corrections ?? []).some((told) => told.id === correctionId);
    if (!tells) continue;
    const reason = `${by.name}: leave out the note of a correction`;
    await voidApproval(trx, id, { now, reason });
    await moveEdition(trx, id, { from: ['approved'], to: 'in_review', now, actor: by.name, reason });
  }
}

function requireGone({ state, model, kind, edition_on }: Edition): EditionModel {
  const hasGone = ['pressing', 'pressed', 'stopped'].includes(state) && model !== null;
  if (!hasGone)
    throw conflict(`the edition of ${edition_on} is ${state}; expected one that has gone, to correct it`);
  if (kind !== 'regular' && kind !== 'weekly')
    throw conflict(`a ${kind} is not corrected; correct the edition that it is about`);
  return model as EditionModel;
}

const noteFrom = (
  { edition_on, kind }: Edition,
  { wrong, right_words }: { wrong: string; right_words: string },
): string => {
  const where = `${kind === 'weekly' ? 'The weekly round-up' : 'The edition'} of ${shortDate(edition_on)}`;
  return right_words === ''
    ? `${where} said “${wrong}”, which is not so.`
    : `${where} said “${wrong}”. It should have said “${right_words}”.`;
};

const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
