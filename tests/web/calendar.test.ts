import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEditionRun } from '../../src/deliveries/ledger/run.ts';
import { tallyEdition } from '../../src/deliveries/ledger/tally.ts';
import { freezeAudience } from '../../src/press/freeze.ts';
import { cutoffAt, pressAt, staleAt } from '../../src/publications/calendar.ts';
import { seedCast } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { AT_THE_DESK, openDesk, signedIn } from '../support/desk.ts';
import { seedEdition } from '../support/edition.ts';

const db = await freshDatabase();
const { publication, edition, staff, at } = await openDesk(db);
await seedCast(db, publication);
const eve = await signedIn(at, staff.eve);
const dora = await signedIn(at, staff.dora);
const page = '/desk/newsletters/dome-daily';
const text = async (answer: Response | Promise<Response>) =>
  (await (await answer).text()).replace(/\s+/g, ' ');

/** What the calendar says of a date. */
async function dayOf(date: string, browser = eve): Promise<string> {
  const seen = await text(browser.get(`${page}?month=${date.slice(0, 7)}`));
  const [, found] =
    new RegExp(`<li class="month-day[^>]*> <h3><time datetime="${date}">(.*?)</li>`).exec(seen) ?? [];
  assert.ok(found, `${date} stands in the calendar`);
  return found;
}

/** The run of an edition pressed on `date`: its audience frozen, the first reader accepted, the second failed. */
async function pressed(date: string): Promise<number> {
  const id = await seedEdition(db, publication, date, { subject: `What came on ${date}` });
  const edition_on = Temporal.PlainDate.from(date);
  const now = pressAt(publication, edition_on);
  const run = await openEditionRun(db, { id, publication_id: publication.id, edition_on }, { now });
  const due = { press_at: now, due_at: now, stale_at: staleAt(publication, edition_on) };
  await freezeAudience(
    db,
    { id: run, publication_id: publication.id, edition_kind: 'regular', corrects: null },
    { now, sets: [], ramp: publication, ...due },
  );
  const said = (seq: number, status: 'accepted' | 'failed') => ({
    run_id: run,
    seq,
    attempt: 1,
    status,
    at: now,
  });
  await db
    .insertInto('outcomes')
    .values([said(1, 'accepted'), said(2, 'failed')])
    .execute();
  return run;
}

test('a month shows each day’s edition, its state and what the ledger counts, or why there is none', async () => {
  await pressed('2026-11-18');
  const skipped = await seedEdition(db, publication, '2026-11-19', { state: 'skipped' });
  await db
    .updateTable('editions')
    .set({ reason: 'too few stories: one of 3' })
    .where('id', '=', skipped)
    .execute();
  assert.match(
    await dayOf('2026-11-18'),
    /What came on 2026-11-18<\/a>.*pressed<.*1 of 4 readers accepted, 1 failed, 1 skipped, 1 waiting/,
  );
  assert.match(await dayOf('2026-11-19'), /skipped<.*too few stories: one of 3/);
  assert.match(await dayOf('2026-11-20'), /None was made/);
  assert.match(await dayOf('2026-11-22'), /No edition on Sundays/);
  assert.match(
    await dayOf('2026-11-23'),
    new RegExp(`href="/desk/editions/${edition.id}">Senate passes.*draft`),
  );
  assert.match(await dayOf('2026-11-24'), /Planned: picked 5:00 AM, press 6:00 AM/);
  const seen = await text(eve.get(page));
  assert.match(seen, /<h2 id="month">November 2026<\/h2>/);
  assert.match(
    seen,
    /month-from-1.*aria-current="date"> <h3><time datetime="2026-11-23"/,
    'Sunday begins a week',
  );
  assert.match(seen, /\?month&#x3D;2026-10".*\?month&#x3D;2026-12"/);
  assert.match(await text(eve.get(`${page}?month=2027-02`)), /February 2027.*month-from-2/);
  assert.equal((await eve.get(`${page}?month=2026-13`)).status, 400);
});

test('the counts of a closed run are those it was closed with, for good', async () => {
  const run = await pressed('2026-11-17');
  const rest = { run_id: run, seq: 3, attempt: 1, status: 'accepted' as const, at: AT_THE_DESK };
  await db.insertInto('outcomes').values(rest).execute();
  await db.updateTable('batches').set({ state: 'done' }).where('run_id', '=', run).execute();
  await db.updateTable('runs').set({ closed_at: AT_THE_DESK }).where('id', '=', run).execute();
  await db.deleteFrom('outcomes').where('run_id', '=', run).execute();
  assert.match(await dayOf('2026-11-17'), /2 of 4 readers accepted, 1 failed, 1 skipped</);
  const { edition_id } = await db
    .selectFrom('runs')
    .select('edition_id')
    .where('id', '=', run)
    .executeTakeFirstOrThrow();
  assert.equal((await tallyEdition(db, edition_id as number))?.waiting, 0);
});

test('an edition that went at another hour says so', async () => {
  const on = Temporal.PlainDate.from('2026-11-16');
  const id = await seedEdition(db, publication, '2026-11-16');
  assert.doesNotMatch(await dayOf('2026-11-16'), /AM/);
  const pressed_at = cutoffAt(publication, on).add({ hours: 3 });
  await db.updateTable('editions').set({ pressed_at }).where('id', '=', id).execute();
  assert.match(await dayOf('2026-11-16'), /pressed<\/span> · 8:00 AM/);
});

test('an approver darkens a day and lifts that on the day itself, and comes back to its month; an editor sees it', async () => {
  const dark = { date: '2026-12-24', month: '2026-12', note: 'Christmas Eve' };
  assert.doesNotMatch(await dayOf('2026-12-24'), /Publish nothing/);
  assert.match(await dayOf('2026-12-24', dora), /Publish nothing/);
  assert.doesNotMatch(
    await dayOf('2026-11-23', dora),
    /Publish nothing/,
    'an edition that is made is skipped at its desk',
  );
  assert.equal((await eve.post(`${page}/dark`, dark)).status, 403);
  const answer = await dora.post(`${page}/dark`, dark);
  assert.equal(answer.headers.get('location'), `${page}?month=2026-12`);
  assert.match(await dayOf('2026-12-24'), /Dark date: Christmas Eve/);
  assert.match(await dayOf('2026-12-24', dora), /Publish after all/);
  assert.match(
    await text(eve.get(page)),
    /Dates to come without an edition.*Thursday, December 24, 2026<\/a>: Christmas Eve/,
  );
  const trouble = await dora.post(`${page}/dark`, { ...dark, note: ' ' });
  assert.equal(trouble.status, 400);
  assert.match(await text(trouble), /No reason for a date without an edition is given.*December 2026/);
  assert.match(
    await text(dora.post(`${page}/dark`, { ...dark, date: '2026-13-24' })),
    /is no date; expected such as/,
  );
  assert.match(
    await text(dora.post(`${page}/dark`, { ...dark, date: '2026-11-20' })),
    /is over; expected a date to come/,
  );
  await dora.post(`${page}/light`, { date: '2026-12-24', month: '2026-12' });
  assert.match(await dayOf('2026-12-24'), /Planned: picked/);
  assert.doesNotMatch(await text(eve.get(page)), /Dates to come without/);
});

test('another hour of press is planned for the days to come, and the edition that is made keeps its own', async () => {
  await dora.post(`${page}/press`, { press_time: '07:30' });
  assert.match(await text(eve.get(page)), /07:30, America\/New_York/);
  assert.match(await dayOf('2026-11-24'), /Planned: picked 6:30 AM, press 7:30 AM/);
  assert.match(await dayOf('2026-11-23'), /draft<\/span> · 6:00 AM/);
  const verbs = await db
    .selectFrom('audit')
    .select('verb')
    .where('subject', '=', `publication ${publication.id}`)
    .execute();
  assert.equal(verbs.length, 3);
});
