import type { Plate, ReaderBlanks } from '../../messages/plate.ts';
import type { Publication } from '../../publications/publication.ts';
import { readWhole } from '../lanes/lane.ts';
import type { Signer } from './dkim.ts';
import { feedbackId } from './fields.ts';
import { domainOf, senderOf, signerFor } from './make-mail.ts';
import { compileSplice } from './splice/splice.ts';

/** The reader of a sample, as the parts of a message name them. */
export const sampleReader = (publication: Publication, blanks: ReaderBlanks, at: Temporal.Instant) => ({
  to: { name: blanks.first_name, address: blanks.address },
  at,
  message_id: `<sample@${domainOf(publication)}>`,
  feedback_id: feedbackId(publication.slug, 'none', 'sample', publication.slug),
  list: blanks,
});

/** The whole message of a plate for the reader of `blanks`, as it would be handed over: spliced, and signed where signing is configured. */
export function sampleMail(
  plate: Plate,
  publication: Publication,
  { at, blanks, signer }: { at: Temporal.Instant; blanks: ReaderBlanks; signer?: Signer | undefined },
): Buffer {
  const sender = { ...senderOf(publication), bulk: true };
  const splice = compileSplice(plate, sender, signerFor(signer, domainOf(publication)));
  return readWhole(splice.fill(sampleReader(publication, blanks, at), blanks));
}
