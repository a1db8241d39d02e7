import type { Db } from '../../db/connect.ts';
import { priceLabel } from '../../messages/words/price.ts';
import type { Plan } from '../../trials/paid/plan.ts';
import { requirePlan } from '../../trials/paid/take-invoice-request.ts';
import { complaint } from '../request/form.ts';

/** The plans of a form as its radio buttons. */
export const planChoices = (plans: readonly Plan[], chosen: string) =>
  plans.map((plan) => ({
    slug: plan.slug,
    label: `${plan.name}: ${priceLabel(plan)}`,
    chosen: plan.slug === chosen,
  }));

/** What is wrong with the plan that was chosen; null where nothing is. */
export async function complaintOfPlan(db: Db, publicationId: number, slug: string): Promise<string | null> {
  try {
    await requirePlan(db, publicationId, slug);
    return null;
  } catch (error) {
    return complaint(() => {
      throw error;
    });
  }
}
