import type { EditionModel } from '../editions/model.ts';
import { preheaderPadding, publicationView } from './publication-view.ts';
import { renderEmail } from './render/render.ts';
import type { EmailName } from './render/template.ts';
import { type Words, words } from './words/bidi.ts';
import { dayLabel, shortDay } from './words/date-label.ts';
import { webAddress } from './words/web-address.ts';

/** A letter ready to be handed over. */
export type LetterContent = { subject: string; html: string; text: string };

/** What every letter says. `why` is a sentence: "You started a free trial on Nov. 12." */
type Letter = {
  publication: EditionModel['publication'];
  first_name: string | null;
  address: string;
  why: string;
  unsubscribe_url: string;
};
type Subscribing = {
  manage_url: string;
  subscribe_url: string;
  /** What a subscription costs, as words: "$29 a month". */
  price?: string | null;
};
/** `confirm_by`: until when the link works, as words. */
export type ConfirmData = Letter & { confirm_url: string; confirm_by: string };
/** `first_edition_on` is an ISO date; `allowance` counts editions; the latest edition is one on the web. */
export type WelcomeData = Letter & {
  first_edition_on: string;
  allowance: number;
  latest_edition_url: string | null;
  manage_url: string;
};
/** `last_edition_on` is an ISO date; `certain` says that no change of the calendar can move it any more. */
export type TrialEndingData = Letter &
  Subscribing & { editions_left: number; last_edition_on: string; certain: boolean };
/** `ask_more_url` where the reader may ask for five more editions. */
export type TrialEndedData = Letter &
  Subscribing & { editions_received: number; ask_more_url?: string | null };

/** Asks a reader to prove that the address is theirs (M0). */
export function confirmLetter(data: ConfirmData): Promise<LetterContent> {
  const view = {
    confirm_url: webAddress(data.confirm_url, 'confirm_url'),
    confirm_by: data.confirm_by,
    manage_url: null,
  };
  return letter(
    'confirm',
    data,
    'One press of a button, and your free trial begins with the next edition.',
    view,
  );
}

/** Tells when the first edition comes and what the trial is (M1). */
export function welcomeLetter(data: WelcomeData): Promise<LetterContent> {
  const { lang } = data.publication;
  const allowance_label = editions(data.allowance);
  return letter('welcome', data, `${allowance_label}, no card, nothing to cancel.`, {
    first_edition_label: dayLabel(data.first_edition_on, lang),
    first_edition_short: shortDay(data.first_edition_on, lang),
    allowance_label,
    latest_edition_url: optionalAddress(data.latest_edition_url, 'latest_edition_url'),
    manage_url: webAddress(data.manage_url, 'manage_url'),
  });
}

/** Tells how many free editions are left and how to go on (M4, and M5 where one is left). */
export function trialEndingLetter(data: TrialEndingData): Promise<LetterContent> {
  const day = dayLabel(data.last_edition_on, data.publication.lang);
  const last_edition_label = `${data.certain ? 'on' : 'about'} ${day}`;
  return letter('trial-ending', data, `The last one comes ${last_edition_label}. Here is how to go on.`, {
    ...subscribing(data),
    last: data.editions_left === 1,
    editions_left_label: editions(data.editions_left, 'free '),
    last_edition_label,
  });
}

/** Tells that the trial is over and how to have the editions back (M7). */
export function trialEndedLetter(data: TrialEndedData): Promise<LetterContent> {
  return letter('trial-ended', data, 'Nothing to pay, nothing to cancel. Here is how to have it back.', {
    ...subscribing(data),
    editions_received_label: editions(data.editions_received),
    ask_more_url: optionalAddress(data.ask_more_url, 'ask_more_url'),
  });
}

/** Every letter says where it comes from, to whom, why, and how to stop it. */
function letter(name: EmailName, data: Letter, preheader: string, view: object): Promise<LetterContent> {
  const { publication, first_name, address, why, unsubscribe_url } = data;
  const speak = (text: string): Words => words(text, publication);
  return renderEmail(name, {
    ...publicationView(publication, speak),
    title: publication.name,
    preheader: speak(preheader),
    preheader_padding: preheaderPadding(preheader),
    greeting: speak(first_name ? `Hello ${first_name},` : 'Hello,'),
    address,
    why: speak(why),
    unsubscribe_url: webAddress(unsubscribe_url, 'unsubscribe_url'),
    ...view,
  });
}

function subscribing({ manage_url, subscribe_url, price }: Subscribing) {
  return {
    manage_url: webAddress(manage_url, 'manage_url'),
    subscribe_url: webAddress(subscribe_url, 'subscribe_url'),
    price: price ?? null,
  };
}

function optionalAddress(url: string | null | undefined, place: string): string | null {
  return url ? webAddress(url, place) : null;
}

const editions = (count: number, kind = ''): string => `${count} ${kind}edition${count === 1 ? '' : 's'}`;
