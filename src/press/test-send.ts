import { recordAudit } from '../audit/record.ts';
import type { Db } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import type { TestDetail } from '../deliveries/mail/letters/edition-test.ts';
import { openReaderBlanks } from '../deliveries/mail/reader-blanks.ts';
import type { Editor } from '../editions/desk/edit.ts';
import { keepRevision } from '../editions/desk/keep-revision.ts';
import { requireEdition } from '../editions/edition.ts';
import { loadModel } from '../editions/load-model.ts';
import { invalid } from '../errors.ts';
import { askForLetters } from '../letters/letter.ts';
import type { PlateVariant } from '../messages/plate.ts';
import { requirePublication } from '../publications/publication.ts';
import type { Links } from '../subscribers/link.ts';
import { hashToApprove } from './hash-to-approve.ts';
import { type PersonaName, personaOf } from './persona.ts';

/** To whom of the staff (their subscriber ids), as which reader. */
export type Testing = {
  to: readonly number[];
  persona: PersonaName;
  by: Editor;
  now: Temporal.Instant;
  links: Links;
  public_url: string;
};

/**
 * Sends an edition as it stands to members of the staff, as one kind of reader gets it, made by what makes the mail: the
 * subject bears the first digits of the hash that an approval would bind to, and the reader's links lead nowhere. Who had which
 * hash is in the audit. Returns the mark. Throws `invalid` for nobody to send it to.
 */
export function sendTest(db: Db, id: number, testing: Testing): Promise<{ mark: string }> {
  const { to, persona, by, now, links, public_url } = testing;
  if (to.length === 0)
    throw invalid('nobody of the staff is named; expected at least one to send the test to');
  return inTransaction(db, async (trx) => {
    const edition = await requireEdition(trx, id);
    const publication = await requirePublication(trx, edition.publication_id);
    const model = await loadModel(trx, id, { publicUrl: public_url });
    const hash = hashToApprove(edition, model);
    const mark = hash.slice(0, 4);
    const { variant, reader } = personaOf(persona, { at: now });
    const blanks = openReaderBlanks({ publication, edition }, { links, public_url })(reader);
    const detail: TestDetail = { model, variant: variant as PlateVariant, blanks, mark };
    const letters = to.map((subscriber_id) => ({
      subscriber_id,
      publication_id: publication.id,
      trial_id: null,
      letter: 'edition-test' as const,
      anchor: `edition ${id} ${hash.slice(0, 8)} ${persona} at ${now}`,
      due_at: now,
      detail,
    }));
    await askForLetters(trx, letters, { now });
    await keepRevision(trx, id, { now, by, reason: `test ${hash.slice(0, 8)}` });
    const act = { actor: by.name, verb: 'send a test', subject: `edition ${id}` };
    await recordAudit(trx, { ...act, detail: { hash, persona, to: [...to] } }, { now });
    return { mark };
  });
}
