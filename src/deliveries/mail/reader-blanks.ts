import type { GrantSource } from '../../db/schema/readers.ts';
import type { Edition } from '../../editions/edition.ts';
import { editionPath } from '../../editions/edition-path.ts';
import type { ReaderBlanks } from '../../messages/plate.ts';
import { type Strip, stripText } from '../../messages/strip.ts';
import { shortDate } from '../../messages/words/date-label.ts';
import { countPublishingDays, localDate } from '../../publications/calendar.ts';
import type { Publication } from '../../publications/publication.ts';
import type { Links } from '../../subscribers/link.ts';
import { isOnGrace } from '../../trials/machine/machine.ts';
import { trialPosition } from '../../trials/position.ts';
import type { Trial } from '../../trials/trial.ts';

type OfEdition = Pick<Edition, 'kind' | 'edition_on'> & Partial<Pick<Edition, 'corrects'>>;

/** The reader of one message, and the right on which they get it. */
export type BlanksFor = {
  subscriber_id: number;
  first_name: string | null;
  address: string;
  grant_source: GrantSource | null;
  /** The open trial on which they receive; none where they receive on other terms. */
  trial: Trial | undefined;
};

/**
 * What stands in the blanks of each reader of an edition. Preview, test and send all fill from here. Sentences that many
 * readers share are put in words once.
 */
export function openReaderBlanks(
  { publication, edition }: { publication: Publication; edition: OfEdition },
  { links, public_url }: { links: Links; public_url: string },
): (reader: BlanksFor) => ReaderBlanks {
  const view_url = public_url + editionPath(publication.slug, edition);
  const corrected = edition.corrects ? whyCorrected(edition.corrects, publication) : undefined;
  const [strips, reasons] = [new Map<string, string>(), new Map<string, string>()];
  const stripFor = (trial: Trial) =>
    strips.getOrInsertComputed(standingOf(trial), () =>
      stripText(stripOf(trial, publication, edition.edition_on), publication.lang),
    );
  const reasonFor = (trial: Trial) =>
    reasons.getOrInsertComputed(beginningOf(trial), () => whyOnTrial(trial, publication));

  return ({ subscriber_id, first_name, address, grant_source, trial }) => {
    const { manage_url, unsubscribe_url } = readerLinks(subscriber_id, publication, links);
    return {
      first_name: first_name ?? '',
      address,
      why: corrected ?? (trial ? reasonFor(trial) : whyReceived(grant_source, publication)),
      strip_text: trial ? stripFor(trial) : '',
      subscribe_url: `${manage_url}#subscribe`,
      manage_url,
      pause_url: `${manage_url}#pause`,
      unsubscribe_url,
      view_url,
    };
  };
}

/** All that `trialPosition` reads of a trial. */
const standingOf = (trial: Trial): string =>
  [
    trial.state,
    trial.unit,
    trial.hard_stop_on,
    trial.grace_why,
    trial.consumed,
    trial.allowance,
    trial.grace_used,
    trial.grace_allowance,
    trial.promise_floor_on,
  ].join(' ');

/** Two instants in one quarter of an hour have the same local date: every zone is whole quarters off. */
const beginningOf = ({ confirmed_at, requested_at }: Trial): string => {
  const { epochMilliseconds } = confirmed_at ?? requested_at;
  return `${confirmed_at ? 'started' : 'asked'} ${Math.floor(epochMilliseconds / QUARTER_HOUR_MS)}`;
};

const QUARTER_HOUR_MS = 900_000;

/** The signed links that every message to a reader carries. */
export function readerLinks(subscriberId: number, publication: Publication, links: Links) {
  const target = { subject: subscriberId, publication: publication.id };
  return {
    manage_url: links.url({ ...target, purpose: 'subscription' }),
    unsubscribe_url: links.url({ ...target, purpose: 'leave' }),
  };
}

/** Why somebody is told of what was wrong in an edition. */
function whyCorrected({ edition_on }: NonNullable<Edition['corrects']>, { name, lang }: Publication): string {
  return `You were sent the edition of ${name} of ${shortDate(edition_on, lang)}.`;
}

/** Why somebody who is on no trial gets an edition, as a sentence. */
export function whyReceived(grant_source: GrantSource | null, { name }: Publication): string {
  switch (grant_source) {
    case 'licence':
      return `Your organisation subscribes to ${name} for you.`;
    case 'comp':
      return `You receive ${name} with our compliments.`;
    case 'gift':
      return `You were given a subscription to ${name}.`;
    case 'trial':
    case 'grace':
      return `You started a free trial of ${name}.`;
    default:
      return `You subscribe to ${name}.`;
  }
}

/** Why somebody on a trial is written to, with the date on which they began it. */
export function whyOnTrial(
  trial: Pick<Trial, 'confirmed_at' | 'requested_at'>,
  publication: Publication,
): string {
  const { name, lang } = publication;
  const did = trial.confirmed_at ? 'started' : 'asked for';
  const on = localDate(publication, trial.confirmed_at ?? trial.requested_at);
  return `You ${did} a free trial of ${name} on ${shortDate(on.toString(), lang)}.`;
}

/** A last date that has moved by so many publishing days since it was printed is said to have moved. */
const WORTH_TELLING_DAYS = 2;

function stripOf(trial: Trial, publication: Publication, edition_on: Temporal.PlainDate): Strip {
  const { edition, of: allowance, is_last, last_on, certain } = trialPosition(trial, publication, edition_on);
  if (isOnGrace(trial)) return { kind: 'grace', edition, allowance, why: trial.grace_why ?? 'courtesy' };
  if (is_last || !last_on) return { kind: 'last' };
  const { promise_floor_on: told } = trial;
  const moved = told !== null && countPublishingDays(publication, told, last_on) >= WORTH_TELLING_DAYS;
  return { kind: 'trial', edition, allowance, last_on: last_on.toString(), certain, moved };
}
