import { Hono } from 'hono';
import { notFound, PresstimeError } from '../../errors.ts';
import { longDate } from '../../messages/words/date-label.ts';
import { startCheckout } from '../../payments/start-checkout.ts';
import { localDate } from '../../publications/calendar.ts';
import { contactOf, type Publication, requirePublication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { addressKeys } from '../../subscribers/address-key.ts';
import { listPlans } from '../../trials/paid/plan.ts';
import { findSubscription, type Subscription } from '../../trials/paid/subscription.ts';
import { accountOf } from '../request/account.ts';
import { clientOf } from '../request/client.ts';
import { complaint, readForm } from '../request/form.ts';
import { show } from '../show.ts';
import type { Env, Page } from '../site.ts';
import { goToProvider } from './go-to-provider.ts';
import { complaintOfPlan, planChoices } from './plan-choices.ts';
import { showBusy } from './show-busy.ts';
import { SUBSCRIBE_WORDING_ID } from './terms.ts';

/** To pay by card: the form, the way to the provider's page, and the page that waits for its word. */
export const checkout = new Hono<Env>();

/** The form as it was sent, with what is wrong with each field, and with all of it. */
type Typed = { address: string; plan: string; wrong_address: string | null; wrong_plan: string | null };

const FAILED =
  'The page to pay on could not be opened just now. Nothing was charged. Please try again in a minute, or ask for an invoice.';

checkout.get(routes.checkout, async (c) => {
  const publication = await openFor(c);
  const holder = await accountOf(c);
  const plan = c.req.query('plan') ?? '';
  const typed = { address: holder?.subscriber.address ?? '', plan, wrong_address: null, wrong_plan: null };
  return showForm(c, publication, typed);
});

checkout.post(routes.checkout, async (c) => {
  const publication = await openFor(c);
  const { db, clock, payments, config } = c.var.site;
  const { address = '', plan = '' } = await readForm(c);
  const wrong_address = complaint(() => parseAddress(address));
  const wrong_plan = await complaintOfPlan(db, publication.id, plan);
  const typed = { address, plan, wrong_address, wrong_plan };
  if (!payments || wrong_address !== null || wrong_plan !== null) return showForm(c, publication, typed);
  const form_url = config.PUBLIC_URL + path(routes.checkout, { slug: publication.slug });
  const holder = await accountOf(c);
  const key = addressKeys(config.SECRET_KEY, parseAddress(address)).strict;
  const is_holder = holder?.subscriber.address_key === key;
  const form = { address, plan, form_url, wording_id: SUBSCRIBE_WORDING_ID, is_holder, ...clientOf(c) };
  try {
    const means = { payments, clock, public_url: config.PUBLIC_URL };
    const started = await startCheckout(db, publication, form, means);
    if (started === 'busy_network')
      return showBusy(c, publication, { refusal: started, domain: parseAddress(address).domain });
    return goToProvider(c, publication, started.url);
  } catch (error) {
    if (!(error instanceof PresstimeError) || !['unavailable', 'invalid'].includes(error.kind)) throw error;
    c.var.site.log.error({ err: error }, 'a checkout could not be opened');
    return showForm(c, publication, typed, FAILED);
  }
});

/** After paying: our own state is what is said, never what the address or the provider's way back claims. */
checkout.get(routes.paid, async (c) => {
  const publication = await openFor(c);
  const { db } = c.var.site;
  const found = await findSubscription(db, { public_id: c.req.param('subscription') });
  if (found?.publication_id !== publication.id) throw notFound('no such subscription');
  const holder = await accountOf(c);
  if (found.state === 'active' || found.state === 'past_due')
    return showPaid(c, publication, found, holder?.subscriber.id === found.subscriber_id);
  if (found.state === 'ended') return showOver(c, publication);
  return showWaiting(c, publication);
});

/** Where no card is taken there is no such page. */
async function openFor(c: Page): Promise<Publication> {
  if (!c.var.site.payments) throw notFound('no card payments are configured');
  return requirePublication(c.var.site.db, c.req.param('slug') ?? '');
}

async function showForm(
  c: Page,
  publication: Publication,
  { address, plan, wrong_address, wrong_plan }: Typed,
  failed: string | null = null,
): Promise<Response> {
  const trouble = wrong_address !== null || wrong_plan !== null;
  const plans = await listPlans(c.var.site.db, publication.id);
  const { slug } = publication;
  return show(c, 'checkout', {
    title: 'Pay by card',
    publication,
    status: failed ? 503 : trouble ? 400 : 200,
    under_way: true,
    trouble,
    failed,
    action: path(routes.checkout, { slug }),
    invoice_url: `${path(routes.invoice, { slug })}?plan=${encodeURIComponent(plan)}`,
    plans: planChoices(plans, plan),
    wrong_plan,
    field: {
      ...{ field: 'address', label: 'E-mail address that is to receive the edition', value: address },
      ...{ wrong: wrong_address, focus: wrong_address !== null, type: 'email', autocomplete: 'email' },
      ...{ longest: 254, optional: false },
    },
  });
}

/** So often, and so many seconds apart, the page looks again by itself. */
const LOOKS = 20;
const SECONDS_APART = 2;

function showWaiting(c: Page, publication: Publication): Promise<Response> {
  const looks = Number.parseInt(c.req.query('looks') ?? '0', 10) || 0;
  const again = `${c.req.path}?looks=${looks + 1}`;
  const isPatient = looks < LOOKS;
  if (isPatient) c.header('refresh', `${SECONDS_APART};url=${again}`);
  return show(c, 'payment-waits', {
    title: 'Your payment',
    publication,
    is_patient: isPatient,
    again_url: again,
    contact: contactOf(publication),
  });
}

function showPaid(
  c: Page,
  publication: Publication,
  { paid_until }: Subscription,
  isTheirs: boolean,
): Promise<Response> {
  return show(c, 'paid', {
    title: 'Thank you: you subscribe',
    publication,
    paid_until:
      isTheirs && paid_until && longDate(localDate(publication, paid_until).toString(), publication.lang),
    page_url: isTheirs ? routes.account : routes.signIn,
    page_label: isTheirs ? 'To my account' : 'Sign in',
  });
}

function showOver(c: Page, publication: Publication): Promise<Response> {
  return show(c, 'not-paid', {
    title: 'This payment did not come about',
    publication,
    plans_url: path(routes.plans, { slug: publication.slug }),
    contact: contactOf(publication),
  });
}
