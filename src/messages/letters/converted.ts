import { dayLabel, longDate } from '../words/date-label.ts';
import { editionsLabel, type LetterContent, type LetterData, renderLetter } from './letter.ts';

/**
 * Dates are ISO dates. `paid_until` null: until it is ended. `credited` editions of the trial moved that date, below zero
 * where editions of grace were taken from it.
 */
export type ConvertedData = LetterData & {
  first_edition_on: string;
  paid_until: string | null;
  /** Whether it is paid again by itself on that date. */
  renews: boolean;
  /** Whether they have left, so that nothing comes until they come back. */
  is_away: boolean;
  /** Words: "$190 a year"; null where it is not known. */
  price: string | null;
  credited: number;
  contact: string;
};

/** Tells a reader who has paid what they have now, from when and until when (M10). */
export function convertedLetter(data: ConvertedData): Promise<LetterContent> {
  const { credited, paid_until, publication } = data;
  return renderLetter('converted', data, {
    preheader: 'What you have now, from when, and how to stop it.',
    first_edition_label: dayLabel(data.first_edition_on, publication.lang),
    paid_until_label: paid_until && longDate(paid_until, publication.lang),
    price: data.price,
    renews: data.renews,
    is_away: data.is_away,
    credited_label: credited > 0 ? editionsLabel(credited, 'free ') : null,
    deducted_label: credited < 0 ? editionsLabel(-credited, 'extra ') : null,
    contact: data.contact,
  });
}
