import { dayLabel } from '../words/date-label.ts';
import { webAddress } from '../words/web-address.ts';
import {
  editionsLabel,
  type LetterContent,
  type LetterData,
  optionalAddress,
  renderLetter,
} from './letter.ts';
import { type PastEdition, pastEditions } from './looking-back.ts';

/** `price`: what a subscription costs, as words: "$29 a month". */
type Subscribing = { subscribe_url: string; price?: string | null };
/** `last_edition_on` is an ISO date; `certain` says that no change of the calendar can move it any more. */
export type TrialEndingData = LetterData &
  Subscribing & { editions_left: number; last_edition_on: string; certain: boolean };
/** `ask_more_url` where the reader may ask for five more editions. */
export type TrialEndedData = LetterData &
  Subscribing & { editions_received: number; ask_more_url?: string | null };

/** What the reader has had so far; `sections_url` where they have not yet said which sections they want. */
export type TrialValueData = LetterData & { received: PastEdition[]; sections_url: string | null };
/** As an ending letter, without the hurry. */
export type TrialMidwayData = Omit<TrialEndingData, 'price'>;
/** `editions_left` of the trial from now on; `given_by` as in "by the newsroom". */
export type TrialExtendedData = LetterData & {
  editions_left: number;
  last_edition_on: string;
  certain: boolean;
  given_by: string;
};

/** Tells after the third edition what a reader has had, and how to make it theirs (M2). */
export function trialValueLetter(data: TrialValueData): Promise<LetterContent> {
  return renderLetter('trial-value', data, {
    preheader: 'The stories you have had so far, and how to make the edition yours.',
    received: pastEditions(data.received, data.publication),
    sections_url: optionalAddress(data.sections_url, 'sections_url'),
  });
}

/** Tells in a long trial that seven editions are left (M3). */
export function trialMidwayLetter(data: TrialMidwayData): Promise<LetterContent> {
  const last_edition_label = lastEditionLabel(data);
  return renderLetter('trial-midway', data, {
    preheader: `Nothing to do: the last one comes ${last_edition_label}.`,
    subscribe_url: webAddress(data.subscribe_url, 'subscribe_url'),
    editions_left_label: editionsLabel(data.editions_left, 'free '),
    last_edition_label,
  });
}

/** Tells that there are more editions, how many, and until when (M11). */
export function trialExtendedLetter(data: TrialExtendedData): Promise<LetterContent> {
  const last_edition_label = lastEditionLabel(data);
  return renderLetter('trial-extended', data, {
    preheader: `The last one comes ${last_edition_label}. Nothing to pay.`,
    editions_left_label: editionsLabel(data.editions_left, 'free '),
    last_edition_label,
    given_by: data.given_by,
  });
}

/** Tells how many free editions are left and how to go on (M4, and M5 where one is left). */
export function trialEndingLetter(data: TrialEndingData): Promise<LetterContent> {
  const last_edition_label = lastEditionLabel(data);
  return renderLetter('trial-ending', data, {
    preheader: `The last one comes ${last_edition_label}. Here is how to go on.`,
    ...subscribing(data),
    last: data.editions_left === 1,
    editions_left_label: editionsLabel(data.editions_left, 'free '),
    last_edition_label,
  });
}

/** Tells that the trial is over and how to have the editions back (M7). */
export function trialEndedLetter(data: TrialEndedData): Promise<LetterContent> {
  return renderLetter('trial-ended', data, {
    preheader: 'Nothing to pay, nothing to cancel. Here is how to have it back.',
    ...subscribing(data),
    editions_received_label: editionsLabel(data.editions_received),
    ask_more_url: optionalAddress(data.ask_more_url, 'ask_more_url'),
  });
}

/** "on Friday, December 4", "about" while the calendar may still move it. */
const lastEditionLabel = ({
  last_edition_on,
  certain,
  publication,
}: Pick<TrialEndingData, 'last_edition_on' | 'certain' | 'publication'>): string =>
  `${certain ? 'on' : 'about'} ${dayLabel(last_edition_on, publication.lang)}`;

const subscribing = ({ subscribe_url, price }: Subscribing) => ({
  subscribe_url: webAddress(subscribe_url, 'subscribe_url'),
  price: price ?? null,
});
