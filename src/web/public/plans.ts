import { Hono } from 'hono';
import { priceLabel } from '../../messages/words/price.ts';
import { contactOf, type Publication, requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { listPlans, type Plan } from '../../trials/paid/plan.ts';
import { show } from '../show.ts';
import type { Env } from '../site.ts';
import { scheduleWords } from '../words.ts';

/** What a subscription costs, and the ways to take one. */
export const plans = new Hono<Env>();

plans.get(routes.plans, async (c) => {
  const { db, payments } = c.var.site;
  const publication = await requirePublication(db, c.req.param('slug'));
  return show(c, 'plans', {
    title: 'Subscribe',
    publication,
    indexed: true,
    description: `What a subscription to ${publication.name} costs, and how to take one.`,
    schedule: scheduleWords(publication),
    contact: contactOf(publication),
    by_card: payments !== undefined,
    plans: (await listPlans(db, publication.id)).map((plan) => shown(plan, publication)),
  });
});

const shown = (plan: Plan, { slug }: Publication) => ({
  name: plan.name,
  price: priceLabel(plan),
  checkout_url: `${path(routes.checkout, { slug })}?plan=${encodeURIComponent(plan.slug)}`,
  invoice_url: `${path(routes.invoice, { slug })}?plan=${encodeURIComponent(plan.slug)}`,
});
