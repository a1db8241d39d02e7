import type { Db } from '../../../db/connect.ts';
import { listPublicEditions } from '../../../editions/archive.ts';
import {
  trialEndedLetter,
  trialEndingLetter,
  trialExtendedLetter,
  trialMidwayLetter,
  trialValueLetter,
} from '../../../messages/letters/trial.ts';
import { winBackLetter } from '../../../messages/letters/win-back.ts';
import { pricesLabel } from '../../../messages/words/price.ts';
import { countPublishingDays } from '../../../publications/calendar.ts';
import { mayAskForMore } from '../../../trials/course/ask-for-more.ts';
import type { WinBackDetail } from '../../../trials/letters/clock-letters.ts';
import { listPlans } from '../../../trials/paid/plan.ts';
import { expectNextEditionOn, trialPosition } from '../../../trials/position.ts';
import { findDailyOnItsWay } from '../../ledger/on-its-way.ts';
import { countRoundUpsOnTrial } from '../../ledger/received.ts';
import { subscribeUrl, trialOf, type Writing } from './about.ts';
import { listReceivedEditions, pastEdition } from './editions.ts';

/** So many of the latest editions stand in a letter that asks a reader back. */
const LATEST = 4;

/** The letters of a trial's course. */
export const TRIAL = {
  async 'trial-value'(db: Db, writing: Writing) {
    const { common } = writing;
    const received = await listReceivedEditions(db, writing, { limit: 3 });
    return trialValueLetter({ ...common, received, sections_url: `${common.manage_url}#preferences` });
  },

  'trial-midway': async (db: Db, writing: Writing) =>
    trialMidwayLetter({
      ...writing.common,
      subscribe_url: subscribeUrl(writing),
      ...(await ending(db, writing)),
    }),

  'trial-ending': async (db: Db, writing: Writing) =>
    trialEndingLetter({
      ...writing.common,
      ...(await subscribing(db, writing)),
      ...(await ending(db, writing)),
    }),

  async 'trial-ended'(db: Db, writing: Writing) {
    const { common, pages, publication } = writing;
    const trial = trialOf(writing);
    const target = { purpose: 'more', subject: trial.id, publication: publication.id } as const;
    return trialEndedLetter({
      ...common,
      ...(await subscribing(db, writing)),
      editions_received: trial.consumed + trial.grace_used + (await countRoundUpsOnTrial(db, trial)),
      ask_more_url: (await mayAskForMore(db, trial, writing.at)) ? pages.links.url(target) : null,
    });
  },

  async 'trial-extended'(db: Db, writing: Writing) {
    const asked_for = writing.letter.detail.by === 'reader';
    const given_by = asked_for ? 'as you asked' : 'by the newsroom';
    return trialExtendedLetter({ ...writing.common, ...(await ending(db, writing)), given_by });
  },

  async 'win-back'(db: Db, writing: Writing) {
    const latest = await listPublicEditions(db, writing.publication.id, { limit: LATEST });
    return winBackLetter({
      ...writing.common,
      latest: latest.map((edition) => pastEdition(edition, writing)),
      ...(await subscribing(db, writing)),
      is_last: (writing.letter.detail as WinBackDetail).which === 'last',
    });
  },
};

/** Where to subscribe, and what it costs. */
const subscribing = async (db: Db, writing: Writing) => ({
  subscribe_url: subscribeUrl(writing),
  price: pricesLabel(await listPlans(db, writing.publication.id)),
});

/** Where the trial stands at the reader's next edition: one on its way to them at their hour, or that of the calendar. */
async function ending(db: Db, writing: Writing) {
  const { publication, letter, at } = writing;
  const next = (await findDailyOnItsWay(db, letter)) ?? expectNextEditionOn(publication, at);
  const { left, last_on = next, certain } = trialPosition(trialOf(writing), publication, next);
  // where the calendar has gained days, more come than were left: the trial goes on to the date it was told
  const to_come = countPublishingDays(publication, next.subtract({ days: 1 }), last_on);
  return { editions_left: Math.max(left, to_come), last_edition_on: last_on.toString(), certain };
}
