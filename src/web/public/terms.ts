import { allowanceLabel } from '../../messages/letters/letter.ts';
import type { Offer } from '../../trials/offer.ts';

/** What a reader agrees to who sends the form: the edition and letters about the trial; the id is kept as proof. */
export const SERVICE_WORDING_ID = 'free-trial-1';
/** What a reader agrees to who presses “Come back”: what they had, once more. */
export const REJOIN_WORDING_ID = 'rejoin-1';
/** What a reader agrees to who pays by card: every edition, and letters about the subscription. */
export const SUBSCRIBE_WORDING_ID = 'subscribe-1';
/** What a reader agrees to who ticks the box. Changed words need a new id. */
export const MARKETING_WORDING_ID = 'marketing-1';
export const MARKETING_WORDING = (name: string): string =>
  `Now and then, also write to me about subscriptions and events of ${name}. Not needed for the trial.`;

/** An offer in plain words. */
export function termsOf({ unit, allowance }: Pick<Offer, 'unit' | 'allowance'>) {
  return {
    in_short: `${allowanceLabel(unit, allowance)}, no card, ends by itself`,
    terms: [
      'No card: we ask for an address and nothing else',
      'Ends by itself: there is nothing to cancel',
      'Leave at any time with one click',
    ],
  };
}
