import { Hono } from 'hono';
import { notFound, PresstimeError } from '../../errors.ts';
import { changeRenewal } from '../../payments/change-renewal.ts';
import { path, routes } from '../../routes.ts';
import { findSubscriptionOf, type Subscription } from '../../trials/paid/subscription.ts';
import { readForm } from '../request/form.ts';
import type { Env, Page } from '../site.ts';
import { goToProvider } from './go-to-provider.ts';
import { type Reader, readerOf } from './reader.ts';
import { backToSubscription, showSubscription } from './show-subscription.ts';

/** A reader who pays by card stops paying, goes on after all, or changes their card. */
export const card = new Hono<Env>();

const FAILED =
  'The payment provider does not answer just now, and nothing was changed. Please try again in a minute.';

card.post(routes.renewal, async (c) => {
  const { reader, subscription, payments } = await payerOf(c);
  const renews = (await readForm(c)).renews === 'yes';
  const { db, clock, enqueue, config } = c.var.site;
  const syncing = { payments, clock, enqueue, secret_keys: config.SECRET_KEY };
  return withProvider(c, reader, async () => {
    await changeRenewal(db, subscription, { renews }, syncing);
    return backToSubscription(c, renews ? 'renewed' : 'stopped');
  });
});

card.post(routes.card, async (c) => {
  const { reader, subscription, payments } = await payerOf(c);
  const { customer_id } = subscription;
  const { config } = c.var.site;
  const back = config.PUBLIC_URL + path(routes.subscription, { token: c.req.param('token') ?? '' });
  return withProvider(c, reader, async () => {
    if (customer_id === null) throw notFound(`subscription ${subscription.id} has no customer`);
    return goToProvider(c, reader.publication, await payments.openPortal(customer_id, back));
  });
});

async function payerOf(c: Page) {
  const reader = await readerOf(c, 'subscription');
  const { db, payments } = c.var.site;
  const of = { subscriber_id: reader.subscriber.id, publication_id: reader.publication.id };
  const subscription: Subscription | undefined = await findSubscriptionOf(db, of);
  if (!payments || !subscription) throw notFound(`subscriber ${of.subscriber_id} pays nothing by card`);
  return { reader, subscription, payments };
}

async function withProvider(c: Page, reader: Reader, act: () => Promise<Response>): Promise<Response> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof PresstimeError) || error.kind !== 'unavailable') throw error;
    c.var.site.log.error({ err: error }, 'the payment provider does not answer a reader');
    return showSubscription(c, reader, { wrong_payment: FAILED });
  }
}
