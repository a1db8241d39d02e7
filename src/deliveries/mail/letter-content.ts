import type { Db } from '../../db/connect.ts';
import { listPublicEditions } from '../../editions/archive.ts';
import type { Letter, LetterName } from '../../letters/letter.ts';
import {
  confirmLetter,
  type LetterContent,
  trialEndedLetter,
  trialEndingLetter,
  welcomeLetter,
} from '../../messages/letters.ts';
import { dayTimeLabel } from '../../messages/words/date-label.ts';
import { countPublishingDays } from '../../publications/calendar.ts';
import type { Publication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { nextEditionOn, trialPosition } from '../../trials/position.ts';
import { confirmBy } from '../../trials/sign-up/request-limits.ts';
import { requireTrial, type Trial } from '../../trials/trial.ts';
import type { Sending } from '../sending.ts';
import { readerLinks, whyOnTrial } from './reader-blanks.ts';

type About = { publication: Publication; subscriber: Subscriber; at: Temporal.Instant };
type Pages = Pick<Sending, 'links' | 'public_url'>;

/** What a letter says, from what the database says now. Every letter there is so far is about a trial. */
export async function letterContent(
  db: Db,
  letter: Letter,
  about: About,
  pages: Pages,
): Promise<LetterContent> {
  const { publication, subscriber, at } = about;
  if (letter.trial_id === null) throw new Error(`letter ${letter.id} (${letter.letter}) is about no trial`);
  const trial = await requireTrial(db, letter.trial_id);
  const { manage_url, unsubscribe_url } = readerLinks(subscriber.id, publication, pages.links);
  const common = {
    publication,
    first_name: subscriber.first_name,
    address: subscriber.address,
    why: whyOnTrial(trial, publication),
    unsubscribe_url,
    manage_url,
    subscribe_url: `${manage_url}#subscribe`,
  };
  switch (letter.letter as LetterName) {
    case 'confirm': {
      const target = { purpose: 'confirm', subject: trial.id, publication: publication.id } as const;
      const until = confirmBy(trial).toZonedDateTimeISO(publication.zone);
      const confirm_by = dayTimeLabel(until, publication.lang);
      return confirmLetter({ ...common, confirm_by, confirm_url: pages.links.url(target) });
    }
    case 'welcome': {
      const latest_edition_url = await findLatestEdition(db, publication, pages);
      const first_edition_on = nextOn(publication, at).toString();
      return welcomeLetter({ ...common, latest_edition_url, first_edition_on, allowance: trial.allowance });
    }
    case 'trial-ending':
      return trialEndingLetter({ ...common, ...ending(trial, publication, at) });
    case 'trial-ended':
      return trialEndedLetter({ ...common, editions_received: trial.consumed });
  }
}

function ending(trial: Trial, publication: Publication, at: Temporal.Instant) {
  const next = nextOn(publication, at);
  const { left, last_on = next, certain } = trialPosition(trial, publication, next);
  // where the calendar has gained days, more come than were left: the trial goes on to the date it was told
  const to_come = countPublishingDays(publication, next.subtract({ days: 1 }), last_on);
  return { editions_left: Math.max(left, to_come), last_edition_on: last_on.toString(), certain };
}

/** A calendar without a publishing day in a year has no next edition; the day after is as good as any other. */
const nextOn = (publication: Publication, at: Temporal.Instant): Temporal.PlainDate =>
  nextEditionOn(publication, at) ?? at.toZonedDateTimeISO(publication.zone).toPlainDate().add({ days: 1 });

async function findLatestEdition(
  db: Db,
  publication: Publication,
  { public_url }: Pages,
): Promise<string | null> {
  const [latest] = await listPublicEditions(db, publication.id, { limit: 1 });
  if (!latest) return null;
  const { slug } = publication;
  return public_url + path(routes.edition, { slug, date: latest.edition_on.toString() });
}
