import type { Db } from '../../db/connect.ts';
import { markEditionHanded, requireEdition } from '../../editions/edition.ts';
import { requirePublication } from '../../publications/publication.ts';
import { countAccepted, mayCountOn } from '../../trials/count.ts';
import { STILL_CORRECTED } from '../../trials/rights/corrected.ts';
import type { Run } from '../ledger/run.ts';
import { listPlates } from '../plate.ts';
import type { Sending } from '../sending.ts';
import { lookAgain } from './look-again.ts';
import type { RunMail } from './run-mail.ts';
import { openEdition } from './splice-edition.ts';

/** The mail of an edition's run: the stored plates, filled for each reader whom the rule still lets through. */
export async function openEditionMail(db: Db, run: Run, sending: Sending): Promise<RunMail> {
  const publication = await requirePublication(db, run.publication_id);
  const edition = await requireEdition(db, run.edition_id as number);
  const plates = await listPlates(db, edition.id);
  const make = openEdition({ publication, edition, plates }, sending);

  let isHanded = edition.first_accepted_at !== null;
  return {
    lane: sending.lane,
    doubtful_policy: publication.doubtful_policy,
    async prepare(readers, now) {
      const standing = await lookAgain(db, publication.id, readers, now);
      return readers.map((reader) => {
        const { skip, first_name, grant_source, trial } = standing(reader);
        const isTold = edition.kind === 'correction' && skip !== undefined && STILL_CORRECTED.has(skip);
        if (skip !== undefined && !isTold) return { skip };
        const { subscriber_id, address } = reader;
        return {
          make: () => make(reader, { subscriber_id, address, first_name, grant_source, trial }, now),
        };
      });
    },
    follows: (written) =>
      written.some(
        ({ reader, outcome }) =>
          outcome.status === 'accepted' && (!isHanded || mayCountOn(reader.grant_source)),
      ),
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
