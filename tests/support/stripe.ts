import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import Stripe from 'stripe';

const SECRET = 'whsec_of_the_tests';
const DAY = 24 * 3600;

/** A subscription as the pretended Stripe keeps it; instants in Unix seconds. */
type Kept = {
  id: string;
  customer: string;
  status: string;
  metadata: Record<string, string>;
  cancel_at: number | null;
  cancel_at_period_end: boolean;
  items: { data: { current_period_start: number; current_period_end: number }[] };
};

/** A Stripe on loopback that keeps subscriptions, opens checkouts, and signs what it tells; every call to it is noted. */
export async function startStripe({ now }: { now: () => Temporal.Instant }) {
  const subscriptions = new Map<string, Kept>();
  const sessions = new Map<string, Record<string, unknown>>();
  const charges = new Map<string, Record<string, unknown>>();
  const byKey = new Map<string, unknown>();
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    if (pathname.startsWith('/pay/')) {
      if (request.method === 'POST') pay(pathname.split('/').at(-1) as string);
      const back = searchParams.get('back') ?? '';
      const [status, headers] = request.method === 'POST' ? [303, { location: back }] : [200, {}];
      response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(PAY_PAGE);
      return;
    }
    const [status, body] = answer(
      `${request.method} ${request.url?.split('?')[0]}`,
      await formOf(request),
      request.headers['idempotency-key'],
    );
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state = { fails: false, numbers: 0 };
  const seconds = () => Math.floor(now().epochMilliseconds / 1000);
  const next = (kind: string) => `${kind}_${++state.numbers}`;

  /** What Stripe will not do, it says. */
  function refusalOf(form: URLSearchParams): string | undefined {
    if (form.get('cancel_at_period_end') !== null && form.get('cancel_at') !== null)
      return 'Please pass in only one of cancel_at and cancel_at_period_end';
    const trialEnd = form.get('trial_end');
    if (trialEnd === null) return undefined;
    if (form.get('proration_behavior') !== 'none') return 'a proration that nobody wanted';
    return Number(trialEnd) <= seconds() ? 'trial_end must be in the future' : undefined;
  }

  function answer(
    call: string,
    form: URLSearchParams,
    key: string | string[] | undefined,
  ): [number, unknown] {
    calls.push(`${call}${form.size > 0 ? ` ${[...form].map((pair) => pair.join('=')).join('&')}` : ''}`);
    const message = refusalOf(form);
    if (message) return [400, { error: { type: 'invalid_request_error', message } }];
    if (state.fails) return [500, { error: { type: 'api_error', message: 'broken for a test' } }];
    if (typeof key === 'string' && call.startsWith('POST') && byKey.has(key)) return [200, byKey.get(key)];
    const found = reply(call, form);
    if (found && typeof key === 'string') byKey.set(key, found);
    return found
      ? [200, found]
      : [404, { error: { type: 'invalid_request_error', code: 'resource_missing' } }];
  }

  function reply(call: string, form: URLSearchParams): unknown {
    const id = call.split('/').at(-1) as string;
    if (call === 'POST /v1/checkout/sessions') return openSession(form);
    if (call.startsWith('GET /v1/checkout/sessions/')) return sessions.get(id);
    if (call === 'GET /v1/subscriptions')
      return { object: 'list', has_more: false, data: [...subscriptions.values()] };
    if (call.startsWith('GET /v1/subscriptions/')) return subscriptions.get(id);
    if (call.startsWith('GET /v1/charges/')) return charges.get(id);
    if (call === 'POST /v1/billing_portal/sessions') return { id: next('bps'), url: `${url}/portal` };
    const kept = subscriptions.get(id);
    if (kept?.status === 'canceled') return undefined;
    if (kept && call.startsWith('DELETE')) kept.status = 'canceled';
    if (kept && call.startsWith('POST')) change(kept, form);
    return kept;
  }

  function openSession(form: URLSearchParams) {
    const id = next('cs_test');
    const metadata = { presstime: form.get('metadata[presstime]') };
    const of_subscription = { presstime: form.get('subscription_data[metadata][presstime]') };
    const address = `${url}/pay/${id}?back=${encodeURIComponent(form.get('success_url') ?? '')}`;
    const session = { id, url: address, status: 'open', metadata, subscription: null };
    sessions.set(id, {
      ...session,
      of_subscription,
      interval: form.get('line_items[0][price_data][recurring][interval]'),
    });
    return session;
  }

  function change(kept: Kept, form: URLSearchParams): void {
    const [item] = kept.items.data;
    const trialEnd = form.get('trial_end');
    if (trialEnd && item) {
      kept.status = 'trialing';
      item.current_period_end = Number(trialEnd);
    }
    const stops = form.get('cancel_at_period_end');
    if (stops) kept.cancel_at_period_end = stops === 'true';
    if (form.get('cancel_at') === '') kept.cancel_at = null;
  }

  /** What the payer does on the page of a checkout: a subscription begins there. */
  function pay(sessionId: string): Kept {
    const session = sessions.get(sessionId) as {
      of_subscription: Record<string, string>;
      interval: string;
    };
    const start = seconds();
    const period = {
      current_period_start: start,
      current_period_end: start + (session.interval === 'year' ? 365 : 30) * DAY,
    };
    const kept: Kept = {
      ...{ id: next('sub'), customer: next('cus'), status: 'active', metadata: session.of_subscription },
      ...{ cancel_at: null, cancel_at_period_end: false, items: { data: [period] } },
    };
    subscriptions.set(kept.id, kept);
    sessions.set(sessionId, { ...session, status: 'complete', subscription: kept.id });
    return kept;
  }

  /** An event as Stripe would post it: the bytes, and their signature. */
  function event(type: string, object: object, over: { id?: string; livemode?: boolean; at?: number } = {}) {
    const { id = next('evt'), livemode = false, at = seconds() } = over;
    const payload = JSON.stringify({ id, object: 'event', type, livemode, created: at, data: { object } });
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET, timestamp: at });
    return { payload, headers: { 'stripe-signature': signature, 'content-type': 'application/json' } };
  }

  return {
    settings: {
      STRIPE_SECRET_KEY: 'sk_test_of_the_tests',
      STRIPE_WEBHOOK_SECRET: SECRET,
      STRIPE_TEST_MODE: 'true',
      STRIPE_API_URL: url,
    },
    ...{ url, subscriptions, sessions, charges, calls, pay, event, state },
    /** The last checkout that was opened. */
    lastSession: () => [...sessions.keys()].at(-1) as string,
  };
}

const PAY_PAGE =
  '<!doctype html><html lang="en"><title>Pay</title><main><h1>Pay</h1><form method="post"><button>Pay</button></form></main></html>';

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const part of request) body += part;
  return new URLSearchParams(body);
}
