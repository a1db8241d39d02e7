import type { Db } from '../../db/connect.ts';
import { markEditionHanded, requireEdition } from '../../editions/edition.ts';
import { requirePublication } from '../../publications/publication.ts';
import { listSubscribers } from '../../subscribers/subscriber.ts';
import { countAccepted } from '../../trials/count.ts';
import { type Decision, decisionsAt } from '../../trials/rights/decision.ts';
import { listOpenTrials } from '../../trials/trial.ts';
import type { Reader } from '../ledger/audience.ts';
import type { Run } from '../ledger/run.ts';
import { listPlates } from '../plate.ts';
import type { Sending } from '../sending.ts';
import type { RunMail } from './run-mail.ts';
import { openEdition } from './splice-edition.ts';

/** The mail of an edition's run: the stored plates, filled for each reader whom the rule still lets through. */
export async function openEditionMail(db: Db, run: Run, sending: Sending): Promise<RunMail> {
  const publication = await requirePublication(db, run.publication_id);
  const edition = await requireEdition(db, run.edition_id as number);
  const plates = await listPlates(db, edition.id);
  const make = openEdition({ publication, edition, plates }, sending);

  return {
    doubtful_policy: publication.doubtful_policy,
    async prepare(readers, now) {
      const found = await lookAgain(db, publication.id, readers, now);
      return readers.map((reader) => {
        const { decision, subscriber, trial } = found(reader);
        if (decision?.decision !== 'send') return { skip: decision?.reason ?? 'no_grant' };
        const first_name = subscriber?.first_name ?? null;
        const { grant_source } = decision;
        const blanksFor = {
          ...reader,
          first_name,
          grant_source,
          trial: decision.trial_id === null ? undefined : trial,
        };
        return { make: async () => make(reader, blanksFor, now) };
      });
    },
    async follow(trx, written) {
      const accepted = written.filter(({ outcome }) => outcome.status === 'accepted');
      const first = accepted[0];
      if (first && !edition.first_accepted_at)
        await markEditionHanded(trx, edition.id, { now: first.outcome.at });
      for (const { reader, outcome } of accepted.sort(
        (a, b) => a.reader.subscriber_id - b.reader.subscriber_id,
      )) {
        const { subscriber_id, grant_source } = reader;
        await countAccepted(trx, { subscriber_id, grant_source, publication, edition, at: outcome.at });
      }
    },
  };
}

/** What the database says of these readers now. */
async function lookAgain(db: Db, publicationId: number, readers: Reader[], now: Temporal.Instant) {
  const ids = readers.map(({ subscriber_id }) => subscriber_id);
  const [decisions, subscribers, trials] = await Promise.all([
    decisionsAt(db, publicationId, now, ids).execute(),
    listSubscribers(db, ids),
    listOpenTrials(db, publicationId, ids),
  ]);
  return ({ subscriber_id }: Reader) => ({
    decision: decisions.find((one): one is Decision => one.subscriber_id === subscriber_id),
    subscriber: subscribers.find(({ id }) => id === subscriber_id),
    trial: trials.find((trial) => trial.subscriber_id === subscriber_id),
  });
}
