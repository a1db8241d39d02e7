import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTransaction } from '../../src/db/transaction.ts';
import type { LinkPurpose } from '../../src/subscribers/link.ts';
import { findPreferences } from '../../src/subscribers/preferences.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { MONDAY, receive, seedPublication, startTrial } from '../support/cast.ts';
import { checksum } from '../support/checksum.ts';
import { freshDatabase } from '../support/database.ts';
import { createSite } from '../support/site.ts';

const db = await freshDatabase();
const dome = await seedPublication(db);
const { site, clock, get, post } = createSite(db);
let readers = 0;

async function onTrial() {
  const address = `reader${readers++}@example.org`;
  const trial = await startTrial(db, dome, { address }, clock.now());
  const { subscriber_id } = await requireTrial(db, trial);
  const link = (purpose: LinkPurpose) => {
    const subject = purpose === 'more' ? trial : subscriber_id;
    return new URL(site.links.url({ purpose, subject, publication: dome.id })).pathname;
  };
  return { trial, subscriber_id, link };
}

const text = async (answer: Response | Promise<Response>): Promise<string> => (await answer).text();
const holdsOf = (id: number) =>
  db.selectFrom('holds').select(['kind', 'resume_on', 'reason']).where('subscriber_id', '=', id).execute();

test('a reader pauses on their page, is told so, moves the day, and comes back', async () => {
  const { subscriber_id, link } = await onTrial();
  const page = link('subscription');
  const pause = (until: string) => post(`${page}/pause`, { until });
  const paused = await pause('2026-12-01');
  assert.deepEqual([paused.status, paused.headers.get('location')], [303, `${page}?done=paused`]);
  const shown = await text(get(`${page}?done=paused`));
  assert.match(shown, /role="status">Paused\. A letter says until when/);
  assert.match(shown, /Paused until Tuesday, December 1/);
  await pause('2026-12-04');
  assert.deepEqual(
    (await holdsOf(subscriber_id)).map(({ kind, resume_on }) => `${kind} ${resume_on}`),
    ['paused 2026-12-04'],
  );
  const back = await post(`${page}/resume`);
  assert.equal(back.headers.get('location'), `${page}?done=resumed`);
  assert.match(await text(get(page)), /Edition 1 of 10/);
});

test('beside the field stands until when at the latest, counted from the first day of the pause', async () => {
  const { link } = await onTrial();
  const page = link('subscription');
  assert.match(
    await text(get(page)),
    /Wednesday, December 23 at the latest: a pause has 30 days from its first/,
  );
  await post(`${page}/pause`, { until: '2026-12-23' });
  clock.set('2026-12-09T15:00:00Z');
  const moved = await text(get(page));
  assert.match(moved, /min="2026-12-10" max="2026-12-23"[\s\S]*Wednesday, December 23 at the latest/);
  clock.set('2026-12-23T04:59:00Z');
  assert.match(await text(get(page)), /max="2026-12-23"/);
  clock.set('2026-12-23T15:00:00Z'); // its job is late
  const last = await text(get(page));
  assert.match(last, /It cannot be moved any more/);
  assert.doesNotMatch(last, /id="until"/);
  clock.set(MONDAY);
});

test('a day out of reach brings the page back with what is wrong beside the field', async () => {
  const { subscriber_id, link } = await onTrial();
  for (const until of ['', 'soon', '2026-11-23', '2027-01-01', '2026-02-30']) {
    const answer = await post(`${link('subscription')}/pause`, { until });
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /id="until-wrong">[^<]+</);
  }
  assert.deepEqual(await holdsOf(subscriber_id), []);
});

test('what the page says was done is one of our own sentences, and never shown for what a link makes up', async () => {
  const { link } = await onTrial();
  for (const made_up of ['<b>', 'toString', 'constructor'])
    assert.doesNotMatch(
      await text(get(`${link('subscription')}?done=${encodeURIComponent(made_up)}`)),
      /role="status"/,
    );
});

test('who leaves may say why, and what they chose is kept with their words', async () => {
  const { subscriber_id, link } = await onTrial();
  await post(link('leave'), { reason: 'too_often', words: ' Every day is a lot. ' });
  assert.equal((await holdsOf(subscriber_id))[0]?.reason, 'too_often: Every day is a lot.');
  const other = await onTrial();
  await post(other.link('leave'), { reason: 'made up' });
  assert.equal((await holdsOf(other.subscriber_id))[0]?.reason, null);
});

test('a reader whose trial ran out asks for more by a button, once; looking gives nothing', async () => {
  const { trial, link } = await onTrial();
  assert.match(await text(get(link('more'))), /Not this time/);
  await inTransaction(db, (trx) =>
    receive(trx, dome, trial, { editions: 10, after: Temporal.PlainDate.from('2026-11-22') }),
  );
  clock.set('2026-12-08T12:00:00Z');
  const before = await checksum(db);
  assert.match(await text(get(link('more'))), /5 more editions[\s\S]*Yes, send me more/);
  assert.equal(await checksum(db), before);
  assert.match(await text(post(link('more'))), /They are yours/);
  assert.match(await text(post(link('more'))), /They are yours already/);
  const { state, allowance } = await requireTrial(db, trial);
  assert.deepEqual([state, allowance], ['running', 15]);
});

test('the round-up is to be had where the newsletter has one, and a made-up rhythm is refused', async () => {
  const { subscriber_id, link } = await onTrial();
  const page = link('subscription');
  const sections = await db.selectFrom('sections').select('id').execute();
  const choose = (rhythm: string) => {
    const body = new URLSearchParams({ rhythm, zone: dome.zone, morning_at: '' });
    for (const { id } of sections) body.append('section', `${id}`);
    return post(`${page}/preferences`, {}, { body });
  };
  const rhythm = async () => (await findPreferences(db, subscriber_id, dome.id)).rhythm;
  assert.doesNotMatch(await text(get(page)), /name="rhythm"/);
  await choose('weekly');
  assert.equal(await rhythm(), 'daily');
  await db.updateTable('publications').set({ weekly_on: 6 }).where('id', '=', dome.id).execute();
  assert.match(await text(get(page)), /value="daily" checked[\s\S]*The weekly round-up, on Saturdays/);
  const chosen = await choose('weekly');
  assert.equal(chosen.headers.get('location'), `${page}?done=weekly`);
  assert.match(await text(get(page)), /Your next weekly round-up comes on Saturday, /);
  const wrong = await choose('hourly');
  assert.equal(wrong.status, 400);
  assert.match(await wrong.text(), /role="alert">"?(&quot;)?hourly/);
  assert.equal(await rhythm(), 'weekly');
  await db.updateTable('publications').set({ weekly_on: null }).where('id', '=', dome.id).execute();
});

test('a reader chooses the hour of their morning and where they are, and sees it when they come back', async () => {
  const { subscriber_id, link } = await onTrial();
  const page = link('subscription');
  const sections = (await db.selectFrom('sections').select('id').orderBy('position').execute()).map(
    ({ id }) => id,
  );
  const save = (morning_at: string, zone: string, wanted = sections) => {
    const body = new URLSearchParams({ morning_at, zone });
    for (const id of wanted) body.append('section', `${id}`);
    return post(`${page}/preferences`, {}, { body });
  };
  const saved = await save('07:30', 'Pacific/Honolulu');
  assert.deepEqual([saved.status, saved.headers.get('location')], [303, `${page}?done=saved`]);
  const shown = await text(get(page));
  assert.match(shown, /<option value="07:30" selected>7:30 AM, where I am/);
  assert.match(shown, /<option value="Pacific\/Honolulu" selected>/);
  const kept = async () => {
    const { zone } = await db
      .selectFrom('subscribers')
      .select('zone')
      .where('id', '=', subscriber_id)
      .executeTakeFirstOrThrow();
    const { morning_at } = await findPreferences(db, subscriber_id, dome.id);
    return [zone, morning_at?.toString({ smallestUnit: 'minute' }) ?? null];
  };
  assert.deepEqual(await kept(), ['Pacific/Honolulu', '07:30']);
  await save('', dome.zone);
  assert.deepEqual(await kept(), [null, null]);
  for (const [morning_at, zone] of [
    ['07:10', dome.zone],
    ['soon', dome.zone],
    ['07:00', 'Mars/Olympus'],
  ] as const) {
    const answer = await save(morning_at, zone);
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /role="alert">[^<]+expected/);
  }
  assert.deepEqual(await kept(), [null, null]);
  await save('', dome.zone, sections.slice(0, 2));
  assert.deepEqual((await findPreferences(db, subscriber_id, dome.id)).sections, sections.slice(0, 2));
  assert.equal((await text(get(page))).match(/name="section" value="\d+" checked/g)?.length, 2);
  assert.match(await text(save('', dome.zone, [])), /no section is chosen/);
});
