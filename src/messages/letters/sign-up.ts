import { dayLabel, shortDay } from '../words/date-label.ts';
import { webAddress } from '../words/web-address.ts';
import {
  allowanceLabel,
  type LetterContent,
  type LetterData,
  optionalAddress,
  renderLetter,
} from './letter.ts';

/** `confirm_by`: until when the link works, as words. */
export type ConfirmData = LetterData & { confirm_url: string; confirm_by: string };
/** `first_edition_on` is an ISO date; `allowance` counts what `unit` says; the latest edition is one on the web. */
export type WelcomeData = LetterData & {
  first_edition_on: string;
  unit: 'editions' | 'publishing_days';
  allowance: number;
  latest_edition_url: string | null;
};

/** Asks a reader to prove that the address is theirs (M0). */
export function confirmLetter(data: ConfirmData): Promise<LetterContent> {
  return renderLetter('confirm', data, {
    preheader: 'One press of a button, and your free trial begins with the next edition.',
    confirm_url: webAddress(data.confirm_url, 'confirm_url'),
    confirm_by: data.confirm_by,
  });
}

/** Tells when the first edition comes and what the trial is (M1). */
export function welcomeLetter(data: WelcomeData): Promise<LetterContent> {
  const { lang } = data.publication;
  const allowance_label = allowanceLabel(data.unit, data.allowance);
  return renderLetter('welcome', data, {
    preheader: `${allowance_label}, no card, nothing to cancel.`,
    first_edition_label: dayLabel(data.first_edition_on, lang),
    first_edition_short: shortDay(data.first_edition_on, lang),
    allowance_label,
    latest_edition_url: optionalAddress(data.latest_edition_url, 'latest_edition_url'),
  });
}
