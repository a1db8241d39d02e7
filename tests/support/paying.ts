import { after, test } from 'node:test';
import { parseConfig } from '../../src/config.ts';
import { connect } from '../../src/db/connect.ts';
import type { Call } from '../../src/deliveries/staff/staff.ts';
import { silentLog } from '../../src/log.ts';
import type { CardPayments } from '../../src/payments/card-payments.ts';
import { carryOut } from '../../src/payments/carry-out.ts';
import type { Paying } from '../../src/payments/paying.ts';
import { openStripe } from '../../src/payments/stripe/open-stripe.ts';
import { workEvents } from '../../src/payments/work-events.ts';
import { putPlans } from '../../src/trials/paid/plan.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { SECRET_KEYS, seedCast, seedPublication } from './cast.ts';
import { freshTarget } from './database.ts';
import { noteJobs, PUBLIC_URL } from './press-room.ts';
import { createSite } from './site.ts';
import { startStripe } from './stripe.ts';

/** A site with the cast, two plans, and a pretended Stripe behind it; Ann is on her sixth of ten editions. */
async function openPaying() {
  const db = connect(await freshTarget());
  after(() => db.destroy());
  const publication = await seedPublication(db);
  const cast = await seedCast(db, publication);
  await putPlans(db, publication.id, [
    { slug: 'year', name: 'A year', price_cents: 19000, currency: 'USD', interval: 'year' },
    { slug: 'month', name: 'A month', price_cents: 1900, currency: 'USD', interval: 'month' },
  ]);
  const stripe = await startStripe({ now: () => site.clock.now() });
  const config = parseConfig({
    ...{ DATABASE_URL: 'postgres://localhost/unused', SMTP_URL: 'smtp://127.0.0.1:1' },
    ...{ PUBLIC_URL, SECRET_KEY: 'k'.repeat(32) },
    ...stripe.settings,
  });
  const payments = openStripe(config) as CardPayments;
  const jobs = noteJobs();
  const site = createSite(db, {
    payments,
    enqueue: jobs.enqueue,
    config: { ...config, SECRET_KEY: SECRET_KEYS },
  });
  const called: Call[] = [];
  const staff = { call: (call: Call) => void called.push(call), idle: async () => {} };
  const { clock } = site;
  const paying: Paying = {
    payments,
    clock,
    log: silentLog(),
    staff,
    enqueue: jobs.enqueue,
    secret_keys: SECRET_KEYS,
  };

  /** Fills in the form to pay by card; the checkout that opens. */
  const begin = async (address: string, plan = 'year') => {
    const answer = await site.post('/dome-daily/checkout', { address, plan });
    if (answer.status !== 200)
      throw new Error(`the checkout answered ${answer.status}: ${await answer.text()}`);
    return stripe.lastSession();
  };
  /** Posts an event as Stripe does; the status of the answer. */
  const tell = async (...told: Parameters<typeof stripe.event>) => {
    const { payload, headers } = stripe.event(...told);
    return (await site.app.request('/hooks/stripe', { method: 'POST', body: payload, headers })).status;
  };
  const work = async () => ({ ...(await workEvents(db, paying)), ...(await carryOut(db, paying)) });
  /** Pays on the page of a checkout, and lets us hear of it. */
  const pay = async (address: string, plan?: string, { is_holder = false } = {}) => {
    const session = await begin(address, plan);
    if (is_holder)
      await db.updateTable('subscriptions').set({ is_holder }).where('checkout_id', '=', session).execute();
    const kept = stripe.pay(session);
    await tell('checkout.session.completed', { id: session });
    await work();
    return kept;
  };
  const subscription = () =>
    db.selectFrom('subscriptions').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow();
  const paidGrants = () =>
    db.selectFrom('grants').selectAll().where('source_id', 'like', '% card %').orderBy('id').execute();
  const letters = () =>
    db
      .selectFrom('letters')
      .select(['letter', 'detail', 'subscriber_id', 'trial_id'])
      .where('letter', '=', 'converted')
      .execute();
  const events = () =>
    db.selectFrom('provider_events').selectAll().orderBy('received_at').orderBy('event_id').execute();
  const stateOfTrial = async () => (await requireTrial(db, cast.trial.id)).state;
  const lastCall = (): string => called.at(-1)?.text ?? '';
  return {
    ...{ letters, events, stateOfTrial, lastCall },
    ...site,
    db,
    publication,
    cast,
    stripe,
    payments,
    paying,
    called,
    jobs,
    begin,
    tell,
    work,
    pay,
    subscription,
    paidGrants,
  };
}

/** A test with a site of its own. */
export const inRoom = (
  sentence: string,
  act: (room: Awaited<ReturnType<typeof openPaying>>) => Promise<void>,
) => test(sentence, async () => act(await openPaying()));
