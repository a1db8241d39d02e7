import type { Db } from '../../../db/connect.ts';
import { trialEndedLetter, trialEndingLetter } from '../../../messages/letters/trial.ts';
import { countPublishingDays } from '../../../publications/calendar.ts';
import { expectNextEditionOn, trialPosition } from '../../../trials/position.ts';
import { subscribeUrl, trialOf, type Writing } from './about.ts';

/** The letters of a trial's course. */
export const TRIAL = {
  'trial-ending': async (_: Db, writing: Writing) =>
    trialEndingLetter({ ...writing.common, subscribe_url: subscribeUrl(writing), ...ending(writing) }),

  'trial-ended': async (_: Db, writing: Writing) =>
    trialEndedLetter({
      ...writing.common,
      subscribe_url: subscribeUrl(writing),
      editions_received: trialOf(writing).consumed,
    }),
};

function ending(writing: Writing) {
  const { publication, at } = writing;
  const next = expectNextEditionOn(publication, at);
  const { left, last_on = next, certain } = trialPosition(trialOf(writing), publication, next);
  // where the calendar has gained days, more come than were left: the trial goes on to the date it was told
  const to_come = countPublishingDays(publication, next.subtract({ days: 1 }), last_on);
  return { editions_left: Math.max(left, to_come), last_edition_on: last_on.toString(), certain };
}
