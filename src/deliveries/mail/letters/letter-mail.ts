import type { Db } from '../../../db/connect.ts';
import { dropLetter, forgetSecret, type Letter, listLetters } from '../../../letters/letter.ts';
import { isOfList, type LetterName } from '../../../letters/letter-kind.ts';
import { requirePublication } from '../../../publications/publication.ts';
import { requireSubscriber } from '../../../subscribers/subscriber.ts';
import { letterStillHolds } from '../../../trials/letters/letter-holds.ts';
import { keepPromise } from '../../../trials/letters/promise.ts';
import { nextEditionOn } from '../../../trials/position.ts';
import type { Reader } from '../../ledger/audience.ts';
import { findDailyOnItsWay } from '../../ledger/on-its-way.ts';
import type { Run } from '../../ledger/run.ts';
import type { Sending } from '../../sending.ts';
import { feedbackId } from '../fields.ts';
import { makeMail } from '../make-mail.ts';
import { readerLinks } from '../reader-blanks.ts';
import type { Prepared, RunMail } from '../run-mail.ts';
import { letterContent } from './content.ts';

/** The mail of a day's letters: each asked anew whether it still holds, and written from what is so now. */
export async function openLetterMail(db: Db, run: Run, sending: Sending): Promise<RunMail> {
  const publication = await requirePublication(db, run.publication_id);
  const { slug } = publication;

  const make = async (reader: Reader, letter: Letter, at: Temporal.Instant) => {
    const subscriber = await requireSubscriber(db, letter.subscriber_id);
    const content = await letterContent(db, letter, { publication, subscriber, at, pages: sending });
    const { unsubscribe_url } = readerLinks(subscriber.id, publication, sending.links);
    return makeMail(
      {
        ...content,
        delivery: reader,
        to: { name: subscriber.first_name, address: reader.address },
        unsubscribe_url: isOfList(letter.letter as LetterName) ? unsubscribe_url : null,
        feedback_id: feedbackId(letter.letter, 'none', 'letter', slug),
        bulk: false,
        at,
      },
      publication,
      sending,
    );
  };

  const prepareOne = async (
    reader: Reader,
    letter: Letter | undefined,
    now: Temporal.Instant,
  ): Promise<Prepared> => {
    if (!letter || letter.dropped_at) return { skip: letter?.drop_reason ?? 'no letter' };
    const holds = await letterStillHolds(db, letter, { now });
    return holds.send ? { make: () => make(reader, letter, now) } : { skip: holds.reason };
  };

  return {
    lane: sending.letter_lane,
    doubtful_policy: publication.doubtful_policy,
    async prepare(readers, now) {
      const letters = await listLetters(
        db,
        readers.flatMap(({ letter_id }) => letter_id ?? []),
      );
      const letterOf = (reader: Reader) => letters.find(({ id }) => id === reader.letter_id);
      return Promise.all(readers.map((reader) => prepareOne(reader, letterOf(reader), now)));
    },
    follows: (written) => written.length > 0,
    async follow(trx, written) {
      const letters = await listLetters(
        trx,
        written.flatMap(({ reader }) => reader.letter_id ?? []),
      );
      for (const { reader, outcome } of written) {
        const letter = letters.find(({ id }) => id === reader.letter_id);
        if (!letter) continue;
        const now = outcome.at;
        if (outcome.status === 'skipped')
          await dropLetter(trx, letter.id, outcome.reason ?? 'skipped', { now });
        if (outcome.status === 'accepted' || outcome.status === 'unknown')
          await keepPromise(trx, letter, publication, {
            now,
            next_on: (await findDailyOnItsWay(trx, letter)) ?? nextEditionOn(publication, now),
          });
        if (outcome.retry_at === null) await forgetSecret(trx, letter.id);
      }
    },
  };
}
