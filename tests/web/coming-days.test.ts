import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipEdition } from '../../src/editions/desk/state.ts';
import { seedCast } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { AT_THE_DESK, openDesk, signedIn } from '../support/desk.ts';
import { insertStory } from '../support/stories.ts';

const db = await freshDatabase();
const { publication, edition, staff, at } = await openDesk(db);
await seedCast(db, publication);
await db
  .insertInto('dark_dates')
  .values({
    publication_id: publication.id,
    dark_on: Temporal.PlainDate.from('2026-11-26'),
    note: 'Thanksgiving',
  })
  .execute();
const eve = await signedIn(at, staff.eve);
const page = '/desk/newsletters/dome-daily';
const text = async (answer: Response | Promise<Response>) =>
  (await (await answer).text()).replace(/\s+/g, ' ');
const coming = async (days = 5) => {
  const seen = await text(eve.get(`${page}/coming?days=${days}`));
  return Object.fromEntries(
    seen
      .split('<li class="coming-day">')
      .slice(1)
      .map((day) => [/<h2>(.*?)<\/h2>/.exec(day)?.[1], day]),
  );
};

test('an editor sees what the coming days would be, marked as a projection, from a button of the calendar', async () => {
  assert.match(
    await text(eve.get(page)),
    /<form method="get" action="\/desk\/newsletters\/dome-daily\/coming"/,
  );
  assert.match(await text(eve.get(`${page}/coming`)), /<span class="flag">Projection<\/span>/);
  const days = await coming();
  assert.deepEqual(Object.keys(days), [
    'Monday, November 23',
    'Tuesday, November 24',
    'Wednesday, November 25',
    'Thursday, November 26',
    'Friday, November 27',
    'Monday, November 30',
  ]);
  const monday = days['Monday, November 23'] as string;
  assert.match(monday, /Picked<\/dt><dd>5:00 AM.*Press<\/dt><dd>6:00 AM/);
  assert.match(
    monday,
    new RegExp(`href="/desk/editions/${edition.id}">Senate passes harbor bill[^<]*</a>, draft`),
  );
  assert.match(monday, /3 readers: 1 paying, 1 free of charge, 1 on trial.*Not to<\/dt><dd>1 unsubscribed/);
  assert.match(days['Thursday, November 26'] as string, /Dark date: Thanksgiving/);
  assert.match(
    days['Friday, November 27'] as string,
    /one trial/,
    'Ann’s tenth edition, a day later for the dark one',
  );
  assert.match(days['Monday, November 30'] as string, /2 readers: 1 paying, 1 free of charge/);
  assert.match(days['Monday, November 30'] as string, /Its stories are still to come/);
});

test('the next page is picked from the articles there are now, without those of the edition that waits', async () => {
  assert.match(
    (await coming())['Tuesday, November 24'] as string,
    /No candidates so far.*skipped: too few stories: 0 of at least 3/,
  );
  for (const headline of [
    'Ferry strike ends',
    'Museum reopens its dome',
    'Orchards ask for rain',
    'Clerk wins the lottery',
  ])
    await insertStory(db, publication, { now: AT_THE_DESK, hours: 0.1, headline, category: 'Policy' });
  assert.match(
    (await coming())['Tuesday, November 24'] as string,
    /4 candidates so far; 4 stories would stand on the page, led by “/,
  );
});

test('a day whose edition is skipped goes to nobody and costs no trial an edition', async () => {
  const by = { staff_id: staff.dora.id, name: 'Dora' };
  await skipEdition(db, edition.id, { by, now: AT_THE_DESK, reason: 'a day of rest' });
  const days = await coming();
  assert.match(days['Monday, November 23'] as string, /A day of rest/i);
  assert.doesNotMatch(days['Friday, November 27'] as string, /Last free/);
  assert.match(days['Monday, November 30'] as string, /one trial/);
});

test('looking at the coming days changes nothing', async () => {
  const written = async () => {
    const { count } = await db
      .selectFrom('letters')
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    const editions = await db.selectFrom('editions').selectAll().execute();
    const trials = await db.selectFrom('trials').selectAll().execute();
    return JSON.stringify([count, editions, trials]);
  };
  const before = await written();
  await coming(22);
  assert.equal(await written(), before);
  assert.equal((await eve.get(`${page}/coming?days=400`)).status, 400);
});
