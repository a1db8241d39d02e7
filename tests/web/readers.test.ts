import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { openEditionRun } from '../../src/deliveries/ledger/run.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { createLinks, type LinkPurpose } from '../../src/subscribers/link.ts';
import { seedPublication } from '../support/cast.ts';
import { checksum } from '../support/checksum.ts';
import { freshDatabase } from '../support/database.ts';
import { seedEdition } from '../support/edition.ts';
import { served } from '../support/serve.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const dome = await seedPublication(db);
const other = await seedPublication(db, { slug: 'gavel', name: 'The Gavel' });
const { site, clock, get, post, app } = createSite(db);
const SIGN_UP = '/dome-daily/trial';
let person = 0;

beforeEach(() => clock.set('2026-11-23T10:00:00Z'));

/** A new reader who has asked for a trial, and the links they hold. */
async function asked(): Promise<{
  address: string;
  trial: number;
  subscriber: number;
  link: (purpose: LinkPurpose, of?: Publication) => string;
}> {
  const address = `ann@reader${++person}.example`;
  assert.equal((await post(SIGN_UP, { address })).status, 200);
  const trial = await db
    .selectFrom('trials')
    .innerJoin('subscribers', 'subscribers.id', 'trials.subscriber_id')
    .select(['trials.id', 'subscriber_id'])
    .where('address', '=', address)
    .executeTakeFirstOrThrow();
  const link = (purpose: LinkPurpose, of = dome) => {
    const subject = purpose === 'confirm' ? trial.id : trial.subscriber_id;
    return new URL(site.links.url({ purpose, subject, publication: of.id })).pathname;
  };
  return { address, trial: trial.id, subscriber: trial.subscriber_id, link };
}

async function onTrial() {
  const reader = await asked();
  assert.equal((await post(reader.link('confirm'))).status, 200);
  return reader;
}

const text = async (answer: Response | Promise<Response>): Promise<string> => (await answer).text();
const holds = (subscriber: number) =>
  db.selectFrom('holds').selectAll().where('subscriber_id', '=', subscriber).execute();
const state = async (id: number) =>
  (await db.selectFrom('trials').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;

test('the sign-up answers the same bytes for an address that is new, waits, is on trial, or has left', async () => {
  const waits = await asked();
  const running = await onTrial();
  const gone = await onTrial();
  await post(gone.link('leave'));
  const answers = await Promise.all(
    ['stranger@example.org', waits.address, running.address, gone.address].map(async (address) => {
      const answer = await post(SIGN_UP, { address });
      const headers = [...answer.headers].filter(([name]) => name !== 'date' && name !== 'set-cookie');
      return [answer.status, headers, (await answer.text()).replaceAll(address, 'ADDRESS')];
    }),
  );
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0]?.[0], 200);
});

test('where no trial is offered any more, an address that is known is told the same as one that is not', async () => {
  const known = await onTrial();
  const offers = db.updateTable('offers').where('publication_id', '=', dome.id);
  await offers.set({ active: false }).execute();
  try {
    const answers = await Promise.all(
      ['stranger2@example.org', known.address].map(async (address) => {
        const answer = await post(SIGN_UP, { address });
        return [answer.status, await answer.text()];
      }),
    );
    assert.deepEqual([answers[0], answers[0]?.[0]], [answers[1], 404]);
  } finally {
    await offers.set({ active: true }).execute();
  }
});

test('the places on their page that mails point to are there', async () => {
  const reader = await onTrial();
  const page = await text(get(reader.link('subscription')));
  assert.match(page, /id="subscribe"(?:(?!<\/section>)[\s\S])*mailto:daily@dome\.test\?subject=Subscription/);
  assert.match(page, /id="pause"(?:(?!<\/section>)[\s\S])*type="date"/);
});

test('a wrong address brings the form back with what is wrong beside the field, and everything typed kept', async () => {
  const answer = await post(SIGN_UP, { address: 'ann"<b>@', first_name: 'Ann <i>' });
  assert.equal(answer.status, 400);
  const page = await answer.text();
  assert.match(
    page,
    /value="ann&quot;&lt;b&gt;@"\s+aria-invalid="true" aria-describedby="address-wrong" autofocus/,
  );
  assert.match(page, /id="address-wrong">[^<]*quotation marks are not taken/);
  assert.match(page, /value="Ann &lt;i&gt;"/);
  assert.doesNotMatch(page, /first-name-wrong/);
  const named = await text(post(SIGN_UP, { address: 'ann@example.org', first_name: 'see www.evil.test' }));
  assert.match(named, /id="first-name-wrong">[^<]*a link or an address/);
  const empty = await post(SIGN_UP, {});
  assert.equal(empty.status, 400);
  const split = await post(SIGN_UP, { address: 'ann@example.org\r\nBcc: all@example.org' });
  assert.match(await split.text(), /it has a line break/);
});

test('the box for other mail stands unticked beside the button of the confirmation, where only its reader can tick it', async () => {
  assert.doesNotMatch(await text(get('/dome-daily')), /name="marketing"/);
  const form_url = 'https://news.dome.test/dome-daily';
  for (const [address, fields, expected] of [
    ['ticked@example.org', { marketing: 'yes' }, ['service free-trial-1', 'marketing marketing-1']],
    ['unticked@example.org', {}, ['service free-trial-1']],
  ] as const) {
    await post(SIGN_UP, { address, marketing: 'yes' });
    const asked = await db
      .selectFrom('trials as t')
      .innerJoin('subscribers as s', 's.id', 't.subscriber_id')
      .select(['t.id', 's.id as subscriber_id'])
      .where('s.address', '=', address)
      .executeTakeFirstOrThrow();
    const url = site.links.url({ purpose: 'confirm', subject: asked.id, publication: dome.id });
    const { pathname } = new URL(url);
    assert.match(await text(get(pathname)), /<input type="checkbox" name="marketing" value="yes">/);
    await post(pathname, fields);
    const consents = await db
      .selectFrom('consents')
      .selectAll()
      .where('subscriber_id', '=', asked.subscriber_id)
      .orderBy('id')
      .execute();
    assert.deepEqual(
      consents.map(({ purpose, wording_id }) => `${purpose} ${wording_id}`),
      expected,
    );
    assert.equal(consents[0]?.form_url, form_url);
    assert.ok(consents.every(({ confirmed_at }) => confirmed_at !== null));
  }
});

test('a consent keeps where it came from; a header is believed only behind a trusted proxy', async () => {
  const proxied = createSite(db, { config: { ...site.config, TRUST_PROXY: true } });
  for (const [address, at] of [
    ['direct@example.org', await served(app)],
    ['proxied@example.org', await served(proxied.app)],
  ]) {
    const headers = {
      origin: site.config.PUBLIC_URL,
      'x-forwarded-for': '203.0.113.9, 198.51.100.7',
      'user-agent': 'Reader/1',
    };
    const body = new URLSearchParams({ address: address as string });
    assert.equal((await fetch(`${at}${SIGN_UP}`, { method: 'POST', headers, body })).status, 200);
  }
  const consents = await db
    .selectFrom('consents')
    .innerJoin('subscribers', 'subscribers.id', 'consents.subscriber_id')
    .select(['address', 'ip', 'user_agent'])
    .where('address', 'in', ['direct@example.org', 'proxied@example.org'])
    .orderBy('consents.id')
    .execute();
  assert.deepEqual(consents, [
    { address: 'direct@example.org', ip: '127.0.0.1', user_agent: 'Reader/1' },
    { address: 'proxied@example.org', ip: '198.51.100.7', user_agent: 'Reader/1' },
  ]);
});

test('the front page says the terms plainly', async () => {
  const page = await text(get('/dome-daily'));
  assert.match(page, /10 editions, no card, ends by itself\./);
  assert.match(page, /Subscription<\/a>\s*<a [^>]*>Free Trial<\/a>/);
  assert.match(page, /Monday to Friday at 6:00 AM Eastern Time/);
});

test('the site lists its newsletters where there are several', async () => {
  const page = await text(get('/'));
  assert.match(page, /href="\/dome-daily">Dome Daily</);
  assert.match(page, /href="\/gavel">The Gavel</);
});

test('a confirm link shows a button, and only the button confirms; pressed again it says so kindly (H8)', async () => {
  const reader = await asked();
  const page = await text(get(reader.link('confirm')));
  assert.match(page, /10 editions, no card/);
  assert.match(
    page,
    /<form[^>]+method="post" action="\/confirm\/c[\w-]+">[\s\S]*<button type="submit">Yes, start my trial/,
  );
  assert.match(page, /10 editions, no card, ends by itself\./);
  assert.equal(await state(reader.trial), 'requested');
  const first = await text(post(reader.link('confirm')));
  assert.match(first, /Your trial has begun/);
  assert.match(first, /Your first edition comes on Monday, November 23\./);
  assert.equal(await state(reader.trial), 'scheduled');
  const second = await post(reader.link('confirm'));
  assert.equal(second.status, 200);
  assert.match(await second.text(), /this is done already/);
  assert.match(await text(get(reader.link('confirm'))), /this is done already/);
});

test('a confirm link that has run out says so and offers to start again', async () => {
  const reader = await asked();
  clock.set('2026-11-26T10:00:01Z');
  assert.match(await text(get(reader.link('confirm'))), /This link has run out/);
  assert.equal(await state(reader.trial), 'requested');
  assert.match(await text(post(reader.link('confirm'))), /This link has run out/);
});

test('looking at any link of a mail, by whatever method and however often, changes nothing (H1)', async () => {
  const waits = await asked();
  const running = await onTrial();
  const gone = await onTrial();
  await post(gone.link('leave'));
  const links = [
    waits.link('confirm'),
    ...[running, gone].flatMap(({ link }) => [link('confirm'), link('subscription'), link('leave')]),
    running.link('leave').replace('/leave/', '/rejoin/'),
    gone.link('leave').replace('/leave/', '/rejoin/'),
    '/',
    '/dome-daily',
    '/dome-daily/trial',
    '/dome-daily/editions',
    '/dome-daily/editions/2026-11-23',
  ];
  const before = await checksum(db);
  for (const link of links)
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      for (let time = 0; time < 20; time++) {
        const answer = await app.request(link, { method });
        assert.ok(answer.status < 500, `${method} ${link} ${answer.status}`);
        await answer.arrayBuffer();
      }
  assert.equal(await checksum(db), before);
});

test('one click leaves at once in both encodings, without a redirect, a cookie or a page (H2, H3, H4)', async () => {
  const multipart = new FormData();
  multipart.set('List-Unsubscribe', 'One-Click');
  for (const body of ['List-Unsubscribe=One-Click', multipart]) {
    const reader = await onTrial();
    const headers: Record<string, string> = { 'user-agent': 'Some relay/1.0' };
    if (typeof body === 'string') headers['content-type'] = 'application/x-www-form-urlencoded';
    const answer = await app.request(reader.link('leave'), { method: 'POST', body, headers });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/);
    assert.equal(answer.headers.get('set-cookie'), null);
    assert.match(await answer.text(), /^You have left Dome Daily\.$/m);
    assert.deepEqual(
      (await holds(reader.subscriber)).map(({ kind, ended_at }) => [kind, ended_at]),
      [['unsubscribed', null]],
    );
    assert.equal(await state(reader.trial), 'ended');
  }
});

test('the hundredth click is answered like the first and leaves one line in the audit (H5)', async () => {
  const reader = await onTrial();
  for (let time = 0; time < 100; time++) {
    const answer = await app.request(reader.link('leave'), {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
    assert.equal(answer.status, 200);
  }
  const audited = await db
    .selectFrom('audit')
    .selectAll()
    .where('verb', '=', 'leave')
    .where('subject', '=', `subscriber ${reader.subscriber}`)
    .execute();
  assert.equal(audited.length, 1);
});

test('a link to leave works under a new key, after coming back, and years later (H6)', async () => {
  const reader = await onTrial();
  await post(reader.link('leave'));
  assert.match(await text(post(reader.link('leave').replace('/leave/', '/rejoin/'))), /Welcome back/);
  clock.set('2031-01-01T00:00:00Z');
  const renewed = createSite(db, {
    clock,
    links: createLinks(
      ['a newer key, also long enough to be one', ...site.config.SECRET_KEY],
      site.config.PUBLIC_URL,
    ),
  });
  const answer = await renewed.app.request(reader.link('leave'), {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  });
  assert.equal(answer.status, 200);
  assert.equal((await holds(reader.subscriber)).filter(({ ended_at }) => ended_at === null).length, 1);
});

test('a link forged, cut, swapped, of another kind, of nobody, or with a parameter twice is one and the same 404 (H7)', async () => {
  const reader = await onTrial();
  const neighbour = await onTrial();
  const leave = reader.link('leave');
  const token = leave.slice('/leave/'.length);
  const elsewhere = site.links.url({ purpose: 'leave', subject: reader.subscriber, publication: 99 });
  const nobody = site.links.url({ purpose: 'leave', subject: 999_999, publication: dome.id });
  const wrong = [
    `/leave/${token.slice(0, -1)}`,
    `/leave/${token}A`,
    `/leave/${token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))}`,
    `/leave/${token.toUpperCase()}`,
    `/leave/${neighbour.link('leave').slice(7, -22)}${token.slice(-22)}`,
    `/leave/${reader.link('subscription').slice('/my/'.length)}`,
    `/leave/${reader.link('confirm').slice('/confirm/'.length)}`,
    `/leave/${token},${token}`,
    `${leave}?t=a&t=b`,
    '/leave/%00',
    '/leave/__proto__',
    new URL(elsewhere).pathname,
    new URL(nobody).pathname,
  ];
  const before = await checksum(db);
  const expected = await text(get('/nowhere'));
  for (const link of wrong) {
    const looked = await get(link);
    assert.deepEqual([looked.status, await looked.text()], [404, expected], link);
    const pressed = await app.request(link, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
    assert.deepEqual([pressed.status, await pressed.text()], [404, expected], link);
  }
  assert.equal(await checksum(db), before);
  assert.equal(
    (await get(reader.link('leave', other))).status,
    200,
    'a link of another newsletter is a link',
  );
});

test('the page to leave asks once, then offers the way back, which takes the trial up where it was', async () => {
  const reader = await onTrial();
  const page = await text(get(reader.link('leave')));
  assert.match(page, /Leave Dome Daily\?/);
  assert.match(
    page,
    new RegExp(`<form method="post" action="${reader.link('leave')}">[^]*<button type="submit">Yes, leave`),
  );
  assert.equal((await holds(reader.subscriber)).length, 0);
  const left = await post(reader.link('leave'));
  assert.equal(left.status, 200);
  assert.match(await left.text(), /You have left[\s\S]+action="\/rejoin\/[\w-]+"/);
  assert.match(await text(get(reader.link('leave'))), /You have left/);
  assert.match(await text(get(reader.link('subscription'))), /You have left/);
  const back = await text(post(reader.link('leave').replace('/leave/', '/rejoin/')));
  assert.match(back, /Welcome back/);
  assert.match(back, /Edition 1 of 10/);
  assert.equal(await state(reader.trial), 'running');
  const agreed = db
    .selectFrom('consents')
    .select('wording_id')
    .where('subscriber_id', '=', reader.subscriber);
  assert.deepEqual(
    (await agreed.orderBy('id').execute()).map(({ wording_id }) => wording_id),
    ['free-trial-1', 'rejoin-1'],
  );
});

test('coming back cannot be asked for from another site, leaving can', async () => {
  const reader = await onTrial();
  const headers = { origin: 'https://mail.example', 'sec-fetch-site': 'cross-site' };
  const click = { method: 'POST', headers, body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
  assert.equal((await app.request(reader.link('leave'), click)).status, 200);
  assert.equal((await app.request(reader.link('leave').replace('/leave/', '/rejoin/'), click)).status, 403);
  assert.equal((await holds(reader.subscriber)).filter(({ ended_at }) => ended_at === null).length, 1);
});

test('a reader sees where their trial stands', async () => {
  const waits = await asked();
  assert.match(await text(get(waits.link('subscription'))), /Not confirmed yet/);
  const reader = await onTrial();
  const page = await text(get(reader.link('subscription')));
  assert.match(page, /Edition 1 of 10/);
  assert.match(page, /<progress value="0" max="10" aria-label="Editions received">/);
  assert.match(page, /Your last free edition is about Friday, December 4\./);
  assert.match(page, new RegExp(`href="${reader.link('leave')}">Leave Dome Daily`));
  assert.match(page, new RegExp(reader.address));
  assert.equal((await get(reader.link('subscription'))).headers.get('cache-control'), 'no-store');
});

test('a reader sees what they received, newest first, and nothing that was handed to others', async () => {
  const reader = await onTrial();
  const neighbour = await onTrial();
  for (const [date, to] of [
    ['2026-11-18', reader],
    ['2026-11-19', neighbour],
    ['2026-11-20', reader],
  ] as const)
    await hand(await seedEdition(db, dome, date, { subject: `News of ${date}` }), to.subscriber);
  const page = await text(get(reader.link('subscription')));
  const shown = [...page.matchAll(/href="\/dome-daily\/editions\/([\d-]+)">News of/g)].map(
    ([, date]) => date,
  );
  assert.deepEqual(shown, ['2026-11-20', '2026-11-18']);
});

/** Writes into the ledger that a reader's mail server took an edition. */
async function hand(editionId: number, subscriber_id: number): Promise<void> {
  const edition = await requireEdition(db, editionId);
  const run_id = await openEditionRun(db, edition, { now: edition.press_at });
  const { press_at, stale_at } = edition;
  await db
    .insertInto('audience')
    .values({
      run_id,
      seq: 1,
      subscriber_id,
      address: 'x',
      decision: 'send',
      variant: 'plain',
      due_at: press_at,
      stale_at,
    })
    .execute();
  await db
    .insertInto('outcomes')
    .values({ run_id, seq: 1, attempt: 1, status: 'accepted', at: press_at })
    .execute();
}
