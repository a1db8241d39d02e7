import type { Edition } from '../../editions/edition.ts';
import { fillPlate, type Plate, type PlateVariant } from '../../messages/plate.ts';
import type { Publication } from '../../publications/publication.ts';
import type { OutgoingMail } from '../lanes/lane.ts';
import type { Reader } from '../ledger/audience.ts';
import type { Sending } from '../sending.ts';
import { feedbackId } from './compose-mail.ts';
import { makeMail } from './make-mail.ts';
import { type BlanksFor, readerBlanks } from './reader-blanks.ts';

/** What the messages of an edition are made of. */
export type EditionParts = { publication: Publication; edition: Edition; plates: Map<PlateVariant, Plate> };
/** The message of one reader, dated `at`. Throws where there is no plate for them. */
export type MakeEdition = (
  reader: Reader,
  blanksFor: BlanksFor,
  at: Temporal.Instant,
) => Promise<OutgoingMail>;

/** How the message of each reader of an edition is made. */
export function openEdition({ publication, edition, plates }: EditionParts, sending: Sending): MakeEdition {
  const { slug } = publication;
  return async (reader, blanksFor, at) => {
    const blanks = readerBlanks(blanksFor, { publication, edition_on: edition.edition_on }, sending);
    return makeMail(
      {
        ...fillPlate(plateFor(plates, reader, blanksFor), blanks),
        delivery: reader,
        to: { name: blanksFor.first_name, address: reader.address },
        unsubscribe_url: blanks.unsubscribe_url,
        feedback_id: feedbackId(
          `${slug}-${edition.edition_on}`,
          reader.grant_source ?? 'none',
          edition.kind,
          slug,
        ),
        bulk: true,
        at,
      },
      publication,
      sending,
    );
  };
}

/** The plate chosen at press; the plain one for a reader whose trial has become something better since. */
function plateFor(plates: Map<PlateVariant, Plate>, reader: Reader, { trial }: BlanksFor): Plate {
  const frozen = plates.get(reader.variant as PlateVariant);
  const plate = trial ? frozen : (plates.get('plain') ?? frozen);
  if (!plate) throw new Error(`no plate ${reader.variant} for reader ${reader.seq} of run ${reader.run_id}`);
  return plate;
}
