import { Hono } from 'hono';
import { priceLabel } from '../../messages/words/price.ts';
import { contactOf, requirePublication } from '../../publications/publication.ts';
import { routes } from '../../routes.ts';
import { listPlans, type Plan } from '../../trials/paid/plan.ts';
import { show } from '../show.ts';
import type { Env } from '../site.ts';
import { scheduleWords } from '../words.ts';

/** What a subscription costs, and the ways to take one. */
export const plans = new Hono<Env>();

plans.get(routes.plans, async (c) => {
  const { db } = c.var.site;
  const publication = await requirePublication(db, c.req.param('slug'));
  const contact = contactOf(publication);
  return show(c, 'plans', {
    title: 'Subscribe',
    publication,
    indexed: true,
    description: `What a subscription to ${publication.name} costs, and how to take one.`,
    schedule: scheduleWords(publication),
    contact,
    plans: (await listPlans(db, publication.id)).map((plan) => shown(plan, publication.name, contact)),
  });
});

const shown = (plan: Plan, name: string, contact: string) => ({
  name: plan.name,
  price: priceLabel(plan),
  invoice_url: mail(contact, `Invoice, please: ${name}, ${plan.name.toLowerCase()}`, INVOICE_FORM),
});

/** What the newsroom needs to know to make an invoice out. */
const INVOICE_FORM = [
  'Organisation:',
  'Contact name:',
  'Postal address for the invoice:',
  'Purchase order number, if you have one:',
  'E-mail address that is to receive the edition:',
].join('\r\n');

const mail = (to: string, subject: string, body: string): string =>
  `mailto:${to}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
