import type Stripe from 'stripe';
import type { Config } from '../../config.ts';
import { forbidden, invalid, messageOf, PresstimeError, unavailable } from '../../errors.ts';
import type { Facts } from '../../trials/paid/facts.ts';
import type { CardPayments, Charge, Checkout, Order } from '../card-payments.ts';
import { idOf, OUR_NAME, readFacts } from './read-facts.ts';
import { readNotice } from './read-notice.ts';

/** What an account of Stripe's answers in: its own version may be another. */
const API_VERSION = '2026-10-28.endive';
/** A payer waits for the page; a job tries again. */
const PATIENCE_MS = 15_000;
/** Of a notice's signature; an older one may be somebody's repeat. */
const NOTICE_FRESH_SECONDS = 300;

type Settings = Pick<
  Config,
  'STRIPE_SECRET_KEY' | 'STRIPE_WEBHOOK_SECRET' | 'STRIPE_TEST_MODE' | 'STRIPE_API_URL'
>;

/** Card payments by Stripe Checkout; undefined without its keys. The library is loaded with the first call. */
export function openStripe(settings: Settings): CardPayments | undefined {
  const { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: secret, STRIPE_TEST_MODE: is_test } = settings;
  if (key === undefined || secret === undefined) return undefined;
  let opened: Promise<Stripe> | undefined;
  const stripe = () => {
    opened ??= openClient(key, settings.STRIPE_API_URL);
    return opened;
  };
  const ask = async <T>(what: string, act: (client: Stripe) => Promise<T>): Promise<T> => {
    const client = await stripe();
    return act(client).catch((cause) => {
      if (cause.type === 'StripeInvalidRequestError') throw invalid(`Stripe will not ${what}`, cause);
      throw unavailable(`Stripe could not ${what}`, cause);
    });
  };
  return {
    provider: 'stripe',
    openCheckout: (order) => ask('open a checkout', (client) => openCheckout(client, order)),
    findCheckout: (id) =>
      ask(`show checkout ${id}`, (client) => known(client.checkout.sessions.retrieve(id).then(checkoutOf))),
    findSubscription: (id) =>
      ask(`show subscription ${id}`, (client) => known(client.subscriptions.retrieve(id).then(readFacts))),
    findCharge: (id) =>
      ask(`show charge ${id}`, (client) => known(client.charges.retrieve(id).then(chargeOf))),
    async *listSubscriptions() {
      const client = await stripe();
      try {
        for await (const one of client.subscriptions.list({ status: 'all', limit: 100 })) yield tryFacts(one);
      } catch (cause) {
        throw unavailable('Stripe could not list its subscriptions', cause);
      }
    },
    creditUntil: (id, until) =>
      ask(`credit ${id}`, async (client) => {
        const trial_end = Math.ceil(until.epochMilliseconds / 1000);
        await client.subscriptions.update(id, { trial_end, proration_behavior: 'none' });
      }),
    setRenewal: (id, renews) =>
      ask(`change the renewal of ${id}`, async (client) => setRenewal(client, id, renews)),
    cancel: (id) => ask(`end ${id}`, async (client) => cancel(client, id)),
    openPortal: (customer, return_url) =>
      ask('open the page of the card', async (client) => {
        const { url } = await client.billingPortal.sessions.create({ customer, return_url });
        return url;
      }),
    async readNotice(body, signature, now) {
      const event = await verify(await stripe(), { body, signature, secret, now });
      if (event.livemode === is_test)
        throw forbidden(
          `a notice of Stripe's ${event.livemode ? 'live' : 'test'} mode came, and STRIPE_TEST_MODE is ${is_test}`,
        );
      return readNotice(event);
    },
  };
}

async function openClient(key: string, apiUrl: string | undefined): Promise<Stripe> {
  const { default: Client } = await import('stripe');
  const url = apiUrl === undefined ? undefined : new URL(apiUrl);
  return new Client(key, {
    apiVersion: API_VERSION,
    timeout: PATIENCE_MS,
    maxNetworkRetries: 1,
    telemetry: false,
    ...(url && { protocol: url.protocol === 'http:' ? 'http' : 'https', host: url.hostname, port: url.port }),
  });
}

async function openCheckout(client: Stripe, order: Order): Promise<{ id: string; url: string }> {
  const { public_id, plan, title, address, paid_url, back_url } = order;
  const metadata = { [OUR_NAME]: public_id };
  const { id, url } = await client.checkout.sessions.create(
    {
      mode: 'subscription',
      // a card pays at once; with what pays days later the right would come before the money
      allowed_payment_method_types: ['card'],
      client_reference_id: public_id,
      customer_email: address,
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency: plan.currency.toLowerCase(),
            unit_amount: plan.price_cents,
            recurring: { interval: plan.interval },
            product_data: { name: title },
          },
        },
      ],
      metadata,
      subscription_data: { metadata },
      success_url: paid_url,
      cancel_url: back_url,
    },
    { idempotencyKey: `checkout ${public_id}` },
  );
  if (url === null) throw new Error(`checkout ${id} has no address`);
  return { id, url };
}

/** Ended already is ended. */
async function cancel(client: Stripe, id: string): Promise<void> {
  const found = await known(client.subscriptions.retrieve(id));
  const isOver = !found || found.status === 'canceled' || found.status === 'incomplete_expired';
  if (!isOver) await client.subscriptions.cancel(id);
}

/** An end may be set as the end of the term, or as a date: to renew, either is taken back. */
async function setRenewal(client: Stripe, id: string, renews: boolean): Promise<void> {
  const { status, cancel_at, cancel_at_period_end } = await client.subscriptions.retrieve(id);
  if (!renews && status === 'past_due') await client.subscriptions.cancel(id);
  else if (renews && cancel_at !== null && !cancel_at_period_end)
    await client.subscriptions.update(id, { cancel_at: '' });
  else await client.subscriptions.update(id, { cancel_at_period_end: !renews });
}

/** What cannot be read must keep no other from being looked at. */
function tryFacts(subscription: Stripe.Subscription): Facts | Error {
  try {
    return readFacts(subscription);
  } catch (error) {
    return error as Error;
  }
}

const checkoutOf = ({ status, metadata, subscription }: Stripe.Checkout.Session): Checkout => ({
  public_id: metadata?.[OUR_NAME] ?? null,
  provider_id: idOf(subscription),
  state: status === 'complete' ? 'complete' : status === 'expired' ? 'expired' : 'open',
});

const chargeOf = ({ customer, refunded, disputed }: Stripe.Charge): Charge => ({
  customer_id: idOf(customer),
  is_refunded: refunded,
  is_disputed: disputed,
});

/** What Stripe does not know is undefined; any other refusal is thrown. */
async function known<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: { code?: string }) => {
    if (error.code === 'resource_missing') return undefined;
    throw error;
  });
}

async function verify(
  client: Stripe,
  {
    body,
    signature = '',
    secret,
    now,
  }: { body: Buffer; signature: string | undefined; secret: string; now: Temporal.Instant },
): Promise<Stripe.Event> {
  const received = now.epochMilliseconds;
  try {
    return await client.webhooks.constructEventAsync(
      body,
      signature,
      secret,
      NOTICE_FRESH_SECONDS,
      undefined,
      received,
    );
  } catch (cause) {
    if (cause instanceof SyntaxError) throw invalid('a notice signed by Stripe is no JSON', cause);
    if (cause instanceof PresstimeError) throw cause;
    throw forbidden(`a notice is not signed by Stripe: ${messageOf(cause)}`);
  }
}
