import type { Edition } from '../../editions/edition.ts';
import type { Plate, VariantName } from '../../messages/plate.ts';
import type { Publication } from '../../publications/publication.ts';
import type { OutgoingMail } from '../lanes/lane.ts';
import type { Reader } from '../ledger/audience.ts';
import type { Sending } from '../sending.ts';
import { feedbackId } from './fields.ts';
import { domainOf, envelopeOf, senderOf, signerFor } from './make-mail.ts';
import { createMessageIds } from './message-id.ts';
import { type BlanksFor, openReaderBlanks } from './reader-blanks.ts';
import { compileSplice, type Splice } from './splice/splice.ts';

/** What the messages of an edition are made of. */
export type EditionParts = { publication: Publication; edition: Edition; plates: Map<VariantName, Plate> };
/** The message of one reader, dated `at`. Throws where there is no plate for them. */
export type MakeEdition = (reader: Reader, blanksFor: BlanksFor, at: Temporal.Instant) => OutgoingMail;

/** How the message of each reader of an edition is made: each plate is prepared once, for its first reader. */
export function openEdition({ publication, edition, plates }: EditionParts, sending: Sending): MakeEdition {
  const { slug } = publication;
  const domain = domainOf(publication);
  const campaign = `${slug}-${edition.edition_on}`;
  const blanksOf = openReaderBlanks({ publication, edition }, sending);
  const messageIdOf = createMessageIds(sending.secret_keys);
  const feedbackIds = new Map<string, string>();
  const feedbackOf = (source: string): string =>
    feedbackIds.getOrInsertComputed(source, () => feedbackId(campaign, source, edition.kind, slug));
  const splices = new Map<Plate, Splice>();
  const spliceOf = (plate: Plate): Splice =>
    splices.getOrInsertComputed(plate, () =>
      compileSplice(plate, { ...senderOf(publication), bulk: true }, signerFor(sending.signer, domain)),
    );

  return (reader, blanksFor, at) => {
    const blanks = blanksOf(blanksFor);
    const parts = {
      to: { name: blanksFor.first_name, address: reader.address },
      at,
      message_id: messageIdOf(reader, domain),
      feedback_id: feedbackOf(reader.grant_source ?? 'none'),
      list: blanks,
    };
    return {
      ...envelopeOf(reader, reader.address, { domain, ...sending }),
      ...spliceOf(plateFor(plates, reader, blanksFor)).fill(parts, blanks),
    };
  };
}

/** The plate chosen at press; the plain one, of the same sections, for a reader whose trial has become something better since. */
function plateFor(plates: Map<VariantName, Plate>, reader: Reader, { trial }: BlanksFor): Plate {
  const variant = reader.variant as VariantName;
  const frozen = plates.get(variant);
  const plain = variant.replace(/^[^ ]+/, 'plain') as VariantName;
  const plate = trial ? frozen : (plates.get(plain) ?? frozen);
  if (!plate) throw new Error(`no plate ${reader.variant} for reader ${reader.seq} of run ${reader.run_id}`);
  return plate;
}
