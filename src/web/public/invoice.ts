import { Hono } from 'hono';
import { contactOf, type Publication, requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { LONGEST, parseLine, requireLine } from '../../trials/group-trial/parse.ts';
import { listPlans } from '../../trials/paid/plan.ts';
import { takeInvoiceRequest } from '../../trials/paid/take-invoice-request.ts';
import { clientOf } from '../request/client.ts';
import { complaint, readForm } from '../request/form.ts';
import { answerSignUpsSoon } from '../request/letters.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { complaintOfPlan, planChoices } from './plan-choices.ts';
import { showBusy } from './show-busy.ts';
import { thrownAway } from './thrown-away.ts';

/** The form that asks for an invoice; the newsroom answers it. */
export const invoice = new Hono<Env>();

const FIELDS = ['plan', 'name', 'organisation', 'billing_address', 'address', 'po_number', 'note'] as const;
type Field = (typeof FIELDS)[number];
type Typed = Record<Field, string>;

invoice.get(routes.invoice, async (c) => {
  const publication = await requirePublication(c.var.site.db, c.req.param('slug'));
  return showForm(c, publication, typedOf({ plan: c.req.query('plan') ?? '' }), {});
});

invoice.post(routes.invoice, async (c) => {
  const { db, clock } = c.var.site;
  const publication = await requirePublication(db, c.req.param('slug'));
  const typed = typedOf(await readForm(c));
  const wrong = await complaintsOf(c, publication, typed);
  if (Object.keys(wrong).length > 0) return showForm(c, publication, typed, wrong);
  const form = {
    plan: typed.plan,
    address: typed.address,
    name: requireLine(typed.name, 'name'),
    organisation: requireLine(typed.organisation, 'organisation'),
    billing_address: requireLine(typed.billing_address, 'billing_address'),
    po_number: parseLine(typed.po_number, 'po_number'),
    note: parseLine(typed.note, 'note'),
    ip: clientOf(c).ip,
  };
  const taken = await takeInvoiceRequest(db, publication, form, { now: clock.now() });
  const { domain } = parseAddress(typed.address);
  if (taken === 'disposable')
    return showForm(c, publication, typed, { address: `${thrownAway(domain)} ${contactOf(publication)}` });
  if (taken !== 'taken') return showBusy(c, publication, { refusal: taken, domain });
  await answerSignUpsSoon(c);
  return show(c, 'with-newsroom', {
    title: 'Thank you. We will write to you',
    kicker: 'Invoice',
    publication,
  });
});

const typedOf = (form: Record<string, string>): Typed =>
  Object.fromEntries(FIELDS.map((field) => [field, form[field] ?? ''])) as Typed;

/** What is wrong with each field that is wrong. */
async function complaintsOf(
  c: Page,
  { id }: Publication,
  typed: Typed,
): Promise<Partial<Record<Field, string>>> {
  const { db } = c.var.site;
  const found: [Field, string | null][] = [
    ['name', complaint(() => requireLine(typed.name, 'name'))],
    ['organisation', complaint(() => requireLine(typed.organisation, 'organisation'))],
    ['billing_address', complaint(() => requireLine(typed.billing_address, 'billing_address'))],
    ['address', complaint(() => parseAddress(typed.address))],
    ['po_number', complaint(() => parseLine(typed.po_number, 'po_number'))],
    ['note', complaint(() => parseLine(typed.note, 'note'))],
    ['plan', await complaintOfPlan(db, id, typed.plan)],
  ];
  return Object.fromEntries(found.filter(([, wrong]) => wrong !== null));
}

async function showForm(
  c: Page,
  publication: Publication,
  typed: Typed,
  wrong: Partial<Record<Field, string>>,
): Promise<Response> {
  const plans = await listPlans(c.var.site.db, publication.id);
  const first = FIELDS.find((field) => wrong[field] !== undefined);
  const text = (field: Field, label: string, over: object = {}) => ({
    ...{ field, label, value: typed[field], wrong: wrong[field] ?? null, focus: field === first },
    ...{ type: 'text', autocomplete: 'off', longest: LONGEST[field as keyof typeof LONGEST] ?? 254 },
    ...{ optional: false, ...over },
  });
  return show(c, 'invoice', {
    title: 'Ask for an invoice',
    publication,
    status: first ? 400 : 200,
    trouble: first !== undefined,
    action: path(routes.invoice, { slug: publication.slug }),
    contact: contactOf(publication),
    plans: planChoices(plans, typed.plan),
    wrong_plan: wrong.plan ?? null,
    fields: [
      text('name', 'Your name', { autocomplete: 'name' }),
      text('organisation', 'Organisation', { autocomplete: 'organization' }),
      text('billing_address', 'Postal address for the invoice', { autocomplete: 'street-address' }),
      text('address', 'E-mail address that is to receive the edition', {
        type: 'email',
        autocomplete: 'email',
      }),
      text('po_number', 'Purchase order number', { optional: true }),
      text('note', 'Anything we should know', { optional: true }),
    ],
  });
}
