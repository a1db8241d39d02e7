import { shortDay } from './words/date-label.ts';

/** Where a reader's trial stands with this edition. Dates are ISO dates. `moved`: another date was printed before. */
export type Strip =
  | { kind: 'trial'; edition: number; allowance: number; last_on: string; certain: boolean; moved?: boolean }
  | { kind: 'last' }
  | { kind: 'grace'; edition: number; allowance: number; why: 'po_pending' | 'payment_pending' | 'courtesy' };

/** The line that tells a trial reader how many editions are left; the link to subscribe stands after it. */
export function stripText(strip: Strip, lang = 'en'): string {
  if (strip.kind === 'last') return 'This is your last free edition.';
  const place = `${strip.edition} of ${strip.allowance}`;
  if (strip.kind === 'grace') return `${GRACE[strip.why]} Extra edition ${place}.`;
  const day = shortDay(strip.last_on, lang);
  if (strip.moved)
    return `Free edition ${place}. Your last has moved: it is ${strip.certain ? '' : 'about '}${day}.`;
  return `Free edition ${place}. ${strip.certain ? 'Your last is' : 'About'} ${day}.`;
}

const GRACE = {
  po_pending: 'Your free trial is over, and we keep it coming while your order is on its way.',
  payment_pending: 'Your free trial is over, and we keep it coming while your payment is on its way.',
  courtesy: 'Your free trial is over, and we keep it coming for a little longer.',
};
