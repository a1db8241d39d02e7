import { Hono } from 'hono';
import { notFound, PresstimeError } from '../../errors.ts';
import { changeRenewal } from '../../payments/change-renewal.ts';
import { path, routes } from '../../routes.ts';
import { listLiveSubscriptionsOf } from '../../trials/paid/subscription.ts';
import { withNext } from '../account/next.ts';
import { accountOf } from '../request/account.ts';
import { readForm } from '../request/form.ts';
import type { Env, Page } from '../site.ts';
import { goToProvider } from './go-to-provider.ts';
import { isRenewed } from './payment-form.ts';
import { type Reader, readerOf } from './reader.ts';
import { backToSubscription, showSubscription } from './show-subscription.ts';

/** A reader who pays by card stops paying, goes on after all, or changes their card. */
export const card = new Hono<Env>();

const FAILED =
  'The payment provider does not answer just now, so we could not make sure. Please look again in a minute.';

card.post(routes.renewal, async (c) => {
  const { reader, subscription, payments, form } = await payerOf(c);
  const { db, clock, enqueue, config } = c.var.site;
  const syncing = { payments, clock, enqueue, secret_keys: config.SECRET_KEY };
  return withProvider(c, reader, async () => {
    const now = await changeRenewal(db, subscription, { renews: form.renews === 'yes' }, syncing);
    return backToSubscription(c, now && now.state !== 'ended' && isRenewed(now) ? 'renewed' : 'stopped');
  });
});

/** The provider's page shows a card and receipts: the link of a letter, which may be passed on, does not lead there. */
card.post(routes.card, async (c) => {
  const { reader, subscription, payments } = await payerOf(c);
  const back = path(routes.subscription, { token: c.req.param('token') ?? '' });
  const holder = await accountOf(c);
  if (holder?.subscriber.id !== reader.subscriber.id) return c.redirect(withNext(routes.signIn, back), 303);
  const { customer_id } = subscription;
  return withProvider(c, reader, async () => {
    if (customer_id === null) throw notFound(`subscription ${subscription.id} has no customer`);
    const url = await payments.openPortal(customer_id, c.var.site.config.PUBLIC_URL + back);
    return goToProvider(c, reader.publication, url);
  });
});

async function payerOf(c: Page) {
  const reader = await readerOf(c, 'subscription');
  const { db, payments } = c.var.site;
  const form = await readForm(c);
  const live = await listLiveSubscriptionsOf(db, reader.subscriber.id);
  const subscription = live.find(
    (one) => one.publication_id === reader.publication.id && one.public_id === form.subscription,
  );
  if (!payments || !subscription)
    throw notFound(
      `subscriber ${reader.subscriber.id} pays nothing by card that "${form.subscription}" names`,
    );
  return { reader, subscription, payments, form };
}

async function withProvider(c: Page, reader: Reader, act: () => Promise<Response>): Promise<Response> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof PresstimeError) || !['unavailable', 'invalid'].includes(error.kind)) throw error;
    c.var.site.log.error({ err: error }, 'the payment provider does not do what a reader asks');
    return showSubscription(c, reader, { wrong_payment: FAILED });
  }
}
