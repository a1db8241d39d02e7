import type { Db } from '../../db/connect.ts';
import { markEditionHanded, requireEdition } from '../../editions/edition.ts';
import { fillPlate, type Plate, type PlateVariant } from '../../messages/plate.ts';
import { requirePublication } from '../../publications/publication.ts';
import { countAccepted } from '../../trials/count.ts';
import type { Reader } from '../ledger/audience.ts';
import type { Run } from '../ledger/run.ts';
import { listPlates } from '../plate.ts';
import type { Sending } from '../sending.ts';
import { feedbackId } from './compose-mail.ts';
import { lookAgain } from './look-again.ts';
import { makeMail } from './make-mail.ts';
import { type BlanksFor, readerBlanks } from './reader-blanks.ts';
import type { RunMail } from './run-mail.ts';

/** The mail of an edition's run: the stored plates, filled for each reader whom the rule still lets through. */
export async function openEditionMail(db: Db, run: Run, sending: Sending): Promise<RunMail> {
  const publication = await requirePublication(db, run.publication_id);
  const edition = await requireEdition(db, run.edition_id as number);
  const plates = await listPlates(db, edition.id);
  const { slug } = publication;

  const make = (reader: Reader, blanksFor: BlanksFor, at: Temporal.Instant) => {
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

  let isHanded = edition.first_accepted_at !== null;
  return {
    lane: sending.lane,
    doubtful_policy: publication.doubtful_policy,
    async prepare(readers, now) {
      const standing = await lookAgain(db, publication.id, readers, now);
      return readers.map((reader) => {
        const { skip, ...blanksFor } = standing(reader);
        return skip === undefined ? { make: () => make(reader, { ...reader, ...blanksFor }, now) } : { skip };
      });
    },
    async follow(trx, written) {
      const accepted = written.flatMap(({ reader, outcome }) =>
        outcome.status === 'accepted'
          ? [{ subscriber_id: reader.subscriber_id, grant_source: reader.grant_source, at: outcome.at }]
          : [],
      );
      const [first] = accepted;
      if (!first) return;
      // only once it stands there already is it sure to have been committed
      if (!isHanded) isHanded = !(await markEditionHanded(trx, edition.id, { now: first.at }));
      await countAccepted(trx, accepted, { publication, edition });
    },
  };
}

/** The plate chosen at press; the plain one for a reader whose trial has become something better since. */
function plateFor(plates: Map<PlateVariant, Plate>, reader: Reader, { trial }: BlanksFor): Plate {
  const frozen = plates.get(reader.variant as PlateVariant);
  const plate = trial ? frozen : (plates.get('plain') ?? frozen);
  if (!plate) throw new Error(`no plate ${reader.variant} for reader ${reader.seq} of run ${reader.run_id}`);
  return plate;
}
