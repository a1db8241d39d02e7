import { dayLabel } from '../words/date-label.ts';
import { webAddress } from '../words/web-address.ts';
import {
  editionsLabel,
  type LetterContent,
  type LetterData,
  optionalAddress,
  renderLetter,
} from './letter.ts';

/** `price`: what a subscription costs, as words: "$29 a month". */
type Subscribing = { subscribe_url: string; price?: string | null };
/** `last_edition_on` is an ISO date; `certain` says that no change of the calendar can move it any more. */
export type TrialEndingData = LetterData &
  Subscribing & { editions_left: number; last_edition_on: string; certain: boolean };
/** `ask_more_url` where the reader may ask for five more editions. */
export type TrialEndedData = LetterData &
  Subscribing & { editions_received: number; ask_more_url?: string | null };

/** Tells how many free editions are left and how to go on (M4, and M5 where one is left). */
export function trialEndingLetter(data: TrialEndingData): Promise<LetterContent> {
  const day = dayLabel(data.last_edition_on, data.publication.lang);
  const last_edition_label = `${data.certain ? 'on' : 'about'} ${day}`;
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

const subscribing = ({ subscribe_url, price }: Subscribing) => ({
  subscribe_url: webAddress(subscribe_url, 'subscribe_url'),
  price: price ?? null,
});
