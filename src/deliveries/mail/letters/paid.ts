import type { Db } from '../../../db/connect.ts';
import { convertedLetter } from '../../../messages/letters/converted.ts';
import { priceLabel } from '../../../messages/words/price.ts';
import { localDate } from '../../../publications/calendar.ts';
import { contactOf } from '../../../publications/publication.ts';
import { listHoldKinds } from '../../../subscribers/hold.ts';
import { expectNextEditionFor } from '../../../trials/next-edition.ts';
import { requirePlanById } from '../../../trials/paid/plan.ts';
import type { ConvertedDetail } from '../../../trials/rights/give-grant.ts';
import type { Writing } from './about.ts';

/** The letters of a paid subscription. */
export const PAID = {
  async converted(db: Db, { common, publication, subscriber, letter, at }: Writing) {
    const { paid_until, credited, plan_id, renews } = letter.detail as ConvertedDetail;
    return convertedLetter({
      ...common,
      first_edition_on: (await expectNextEditionFor(db, subscriber.id, publication, at)).toString(),
      paid_until: paid_until && localDate(publication, Temporal.Instant.from(paid_until)).toString(),
      renews,
      is_away: (await listHoldKinds(db, letter.subscriber_id, publication.id, { at })).includes(
        'unsubscribed',
      ),
      price: plan_id === null ? null : priceLabel(await requirePlanById(db, plan_id)),
      credited,
      contact: contactOf(publication),
    });
  },
};
