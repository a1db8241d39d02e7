import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findEdition, requireEdition } from '../../src/editions/edition.ts';
import { listItems } from '../../src/editions/item.ts';
import { openDueEditions } from '../../src/editions/open.ts';
import { leave } from '../../src/trials/ending/leave.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { startTrial } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { AT_THE_DESK, openDesk, signedIn } from '../support/desk.ts';
import { sampleEdition } from '../support/edition-model.ts';
import { type DAY, insertDay, insertStory } from '../support/stories.ts';

const db = await freshDatabase();
const { publication, edition, staff, at } = await openDesk(db);
const eve = await signedIn(at, staff.eve);
const dora = await signedIn(at, staff.dora);
const here = `/desk/editions/${edition.id}`;
const text = async (answer: Response | Promise<Response>) =>
  (await (await answer).text()).replace(/\s+/g, ' ');
const items = () => listItems(db, edition.id);
const stateNow = async () => (await requireEdition(db, edition.id)).state;
const hashIn = (html: string) => /name="hash" value="([0-9a-f]{64})"/.exec(html)?.[1] as string;

test('the desk lists the days with their editions, and opens one with its stories, those left out, and the mail', async () => {
  const home = await text(eve.get('/desk'));
  assert.match(home, new RegExp(`<tr class="day-today"[^>]*>.*href="${here}">Senate passes harbor bill`));
  const page = await text(eve.get(here));
  assert.match(page, /Goes to press Mon, Nov 23, 6:00 AM EST · <span data-left>45 minutes left<\/span>/);
  assert.match(
    page,
    /Nobody has approved\. If nobody acts: it is sent by itself \(no blockers, (no|one|\d+) warnings?\)/,
  );
  for (const { article_headline } of await items())
    assert.ok(page.includes(article_headline.replace(/&/g, '&amp;')));
  assert.match(page, /<iframe[^>]*sandbox="" srcdoc="/);
});

test('without scripts an editor makes a lead, writes a headline, drops and takes back, and undoes it', async () => {
  const [lead, second] = await items();
  assert.equal((await eve.post(`${here}/items/${second!.id}/place`, { place: 'lead' })).status, 303);
  await eve.post(`${here}/items/${second!.id}/words`, {
    headline: 'Written at the desk',
    headline_was: '',
    headline_rev: '0',
  });
  await eve.post(`${here}/items/${lead!.id}/drop`);
  const page = await text(eve.get(here));
  assert.match(page, /Dropped: 1/);
  assert.match(page, /edited by Eve/);
  assert.equal((await items())[0]!.headline, 'Written at the desk');
  for (let times = 0; times < 3; times++) assert.equal((await eve.post(`${here}/undo`)).status, 303);
  assert.deepEqual(
    (await items()).slice(0, 2).map(({ id, headline }) => [id, headline]),
    [
      [lead!.id, null],
      [second!.id, null],
    ],
  );
  assert.match(await text(eve.post(`${here}/undo`)), /You have nothing to undo/);
});

test('two editors on one headline: the second is shown both texts, and what they typed is in the box', async () => {
  const [lead] = await items();
  const typed = (headline: string) => ({ headline, headline_was: '', headline_rev: '0' });
  await dora.post(`${here}/items/${lead!.id}/words`, typed('Dora’s headline'));
  const answer = await eve.post(`${here}/items/${lead!.id}/words`, typed('Eve’s headline'));
  assert.equal(answer.status, 409);
  const page = await text(answer);
  assert.match(page, /Dora wrote<\/h2><p>Dora’s headline/);
  assert.match(page, /<textarea[^>]*>Eve’s headline<\/textarea>/);
  const rev = /name="headline_rev" value="(\d+)"/.exec(page)?.[1] as string;
  await eve.post(`${here}/items/${lead!.id}/words`, {
    headline: 'Eve’s headline',
    headline_was: '',
    headline_rev: rev,
  });
  assert.equal((await items())[0]!.headline, 'Eve’s headline');
  await eve.post(`${here}/undo`);
  await dora.post(`${here}/undo`);
  assert.equal((await items())[0]!.headline, null);
});

test('an approval is of what was seen: a comma later it is void, and the old hash approves nothing', async () => {
  const seen = hashIn(await text(dora.get(here)));
  assert.equal((await eve.post(`${here}/approve`, { hash: seen })).status, 403, 'Eve is no approver');
  assert.equal((await dora.post(`${here}/approve`, { hash: seen })).status, 303);
  assert.equal(await stateNow(), 'approved');
  assert.match(await text(eve.get(here)), /Approved by Dora\. If nobody acts: it goes as it was approved/);
  const [lead] = await items();
  await eve.post(`${here}/items/${lead!.id}/words`, {
    headline: `${lead!.article_headline},`,
    headline_was: '',
    headline_rev: String(2 * 2),
  });
  assert.equal(await stateNow(), 'in_review');
  const stale = await dora.post(`${here}/approve`, { hash: seen });
  assert.equal(stale.status, 409);
  assert.match(await text(stale), /has changed since you looked at it/);
  assert.equal(await stateNow(), 'in_review');
  await eve.post(`${here}/undo`);
});

test('what came after the cutoff waits as pending, and is put on the page', async () => {
  const late = await insertStory(db, publication, {
    now: AT_THE_DESK,
    hours: 0.05,
    headline: 'Late word from the ferry',
  });
  assert.match(await text(eve.get(here)), /Pending: 1 since the cutoff.*Late word from the ferry/);
  await eve.post(`${here}/add`, { article: String(late), place: 'brief' });
  assert.equal((await items()).at(-1)!.article_id, late);
  assert.doesNotMatch(await text(eve.get(here)), /Pending: 1/);
  await eve.post(`${here}/undo`);
});

test('a hold wants a reason, says what comes of it, and only an approver releases it', async () => {
  assert.match(
    await text(eve.post(`${here}/hold`, { reason: ' ' })),
    /No reason to hold the edition is given/,
  );
  await eve.post(`${here}/hold`, { reason: 'lawyers are reading' });
  assert.match(
    await text(eve.get(here)),
    /It is held: lawyers are reading\. If nobody acts, it is skipped once it is stale/,
  );
  assert.equal((await eve.post(`${here}/release`, { reason: 'they have read it' })).status, 403);
  await dora.post(`${here}/release`, { reason: 'they have read it' });
  assert.equal(await stateNow(), 'in_review');
});

test('a test goes to those of the staff who are ticked, its subject marked with the hash', async () => {
  assert.match(await text(eve.post(`${here}/test`, { as: 'trial-7' })), /Nobody of the staff is named/);
  assert.equal((await eve.post(`${here}/test`, { as: 'trial-7', to: String(staff.dora.id) })).status, 303);
  const [letter, ...more] = await db
    .selectFrom('letters')
    .selectAll()
    .where('letter', '=', 'edition-test')
    .execute();
  assert.equal(more.length, 0);
  assert.equal(letter?.subscriber_id, staff.dora.subscriber_id);
  assert.ok(hashIn(await text(dora.get(here))).startsWith(String(letter.detail.mark)));
});

test('a story that no feed has is written by hand, or read from its page; what is no address is said to be none', async () => {
  const bring = (form: Record<string, string>) => eve.post(`${here}/bring`, { place: 'top', ...form });
  assert.match(await text(bring({ url: '/etc/passwd' })), /is no address of the web/);
  await bring({
    url: 'https://dome.test/by-hand',
    headline: 'Written by hand',
    summary: 'By Eve, at the desk.',
  });
  assert.ok((await items()).some((row) => row.article_headline === 'Written by hand' && row.place === 'top'));
  assert.match(
    await text(bring({ url: 'https://dome.test/by-hand', headline: 'Again' })),
    /is known already/,
  );
  await eve.post(`${here}/undo`);
  assert.ok((await items()).every((row) => row.article_headline !== 'Written by hand'));
});

test('what is said about a story stands above the desk until somebody has seen to it', async () => {
  const [lead] = await items();
  assert.match(await text(eve.post(`${here}/comment`, { text: ' ' })), /The comment has 0 characters/);
  await eve.post(`${here}/comment`, { text: 'Is the count right?', item: String(lead!.id) });
  const page = await text(dora.get(here));
  assert.match(page, new RegExp(`<strong>Eve</strong> on ${lead!.article_headline}: Is the count right\\?`));
  const comment = /name="comment" value="(\d+)"/.exec(page)?.[1] as string;
  await dora.post(`${here}/resolve`, { comment });
  assert.doesNotMatch(await text(eve.get(here)), /Is the count right/);
  const { resolved_by } = await db
    .selectFrom('desk_comments')
    .select('resolved_by')
    .executeTakeFirstOrThrow();
  assert.equal(resolved_by, 'Dora');
});

test('an edition is seen as a reader of ours gets it, or with why they do not, without their links; each look is written down', async () => {
  const told = { now: AT_THE_DESK, secretKeys: at.site.config.SECRET_KEY };
  const meet = async (address: string, first_name: string) => {
    const { subscriber_id } = await givePaid(db, publication, { address, first_name, reference: 'r' }, told);
    return { id: subscriber_id, address };
  };
  const bob = await meet('bob@reader.test', 'Bob');
  const cleo = await meet('cleo@reader.test', 'Cleo');
  await leave(db, cleo.id, publication.id, { now: AT_THE_DESK, how: 'page' });
  const as = async (address: string) => {
    const answer = await eve.post('/desk/reader', { address, back: here });
    assert.equal(answer.status, 303);
    const location = answer.headers.get('location') as string;
    assert.doesNotMatch(location, /@/);
    return text(eve.get(location));
  };
  const seen = await as(bob.address);
  assert.match(seen, /As bob@reader\.test/);
  assert.match(seen, /You subscribe to Dome Daily/);
  const token = at.site.links.token({ purpose: 'leave', subject: bob.id, publication: publication.id });
  assert.ok(!seen.includes(token), 'nobody at the desk can act for a reader');
  assert.match(await as(cleo.address), /Not sent: unsubscribed/);
  assert.equal((await eve.post('/desk/reader', { address: 'nobody@example.org', back: here })).status, 404);
  const looks = await db
    .selectFrom('audit')
    .select(['actor', 'subject'])
    .where('verb', 'like', 'look at%')
    .execute();
  assert.deepEqual(
    looks,
    [bob, cleo].map(({ id }) => ({ actor: 'Eve', subject: `subscriber ${id}` })),
  );
});

test('the mail is seen as programs of several kinds show it', async () => {
  const on = (view: string) => text(eve.get(`${here}?on=${view}`));
  assert.match(await on('no-images'), /img-src &#x27;none&#x27;/);
  assert.match(await on('dark'), /@media all \{/);
  assert.match(await on('inverted'), /invert\(1\)/);
  assert.match(await on('zoom'), /html\{zoom:2\}/);
  assert.match(await on('text'), /<pre class="plain"/);
});

test('in the last five minutes before press only an approver changes the edition', async () => {
  const [lead] = await items();
  const write = (browser: typeof eve, headline: string) =>
    browser.post(`${here}/items/${lead!.id}/words`, { headline, headline_was: 'x' });
  at.clock.set(edition.press_at.subtract({ minutes: 4 }));
  const refused = await write(eve, 'Too late for Eve');
  assert.equal(refused.status, 403);
  assert.match(await text(refused), /This is not yours to do.*Eve is editor; this takes an approver/);
  assert.equal((await write(dora, 'In time by Dora')).status, 303);
  assert.equal((await items())[0]!.headline, 'In time by Dora');
  await dora.post(`${here}/undo`);
  at.clock.set(AT_THE_DESK);
});

test('what is no edition, item or verb is not found; a form from another site is refused', async () => {
  for (const path of ['/desk/editions/99', '/desk/editions/abc'])
    assert.ok([400, 404].includes((await eve.get(path)).status));
  assert.equal((await eve.post(`${here}/items/1/explode`)).status, 404);
  assert.equal((await eve.post(`${here}/explode`)).status, 404);
  assert.equal(
    (await eve.post(`${here}/undo`, {}, { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }))
      .status,
    403,
  );
});

test('the afternoon before, the desk shows what would be picked; a pin keeps its place, and what is left out stays out', async () => {
  const afternoon = Temporal.Instant.from('2026-11-24T21:00:00Z');
  at.clock.set(afternoon);
  const own = await signedIn(at, staff.eve);
  await insertDay(db, publication, { now: afternoon.subtract({ minutes: 5 }), stories: NEXT_DAY });
  await openDueEditions(db, { now: afternoon });
  const tomorrow = await findEdition(db, publication.id, edition.edition_on.add({ days: 2 }));
  const next = `/desk/editions/${tomorrow?.id}`;
  const page = await text(own.get(next));
  assert.match(page, /If nobody acts: its stories are picked at the cutoff/);
  assert.match(page, /As it would be picked now/);
  const [first, , , fourth] = NEXT_DAY.map(([headline]) => headline);
  assert.match(page, new RegExp(`<iframe[^>]*srcdoc="[^"]*${first}`));
  const articleOf = async (headline = '') =>
    (await db.selectFrom('articles').select('id').where('headline', '=', headline).executeTakeFirstOrThrow())
      .id;
  const fields = async (headline: string | undefined) => ({ article: String(await articleOf(headline)) });
  await own.post(`${next}/leave-out`, await fields(first));
  await own.post(`${next}/add`, { ...(await fields(fourth)), place: 'lead' });
  const after = await text(own.get(next));
  assert.match(
    after,
    new RegExp(`<div class="part" data-place="lead">.{0,400}${fourth} <span class="mark-pin">Pinned`),
  );
  assert.match(after, new RegExp(`Dropped: 1.{0,300}${first}`));
  await own.post(`${next}/undo`);
  assert.match(await text(own.get(next)), /data-place="lead">.{0,300}item-tentative/);
  at.clock.set(AT_THE_DESK);
});

/** Stories of the day after. */
const NEXT_DAY: typeof DAY = [
  [
    'Ferry strike enters third week',
    'Both sides met at the pier and parted without a word on pay.',
    'Congress',
  ],
  ['Snow closes northern passes early', 'Plows were sent out a month before the usual date.', 'Policy'],
  ['Committee weighs postal reform', 'Rural carriers asked for larger vans and got a hearing.', 'Congress'],
  ['Museum returns stolen bell', 'It rang once in the rotunda before it was crated.', 'People'],
  ['Budget office trims its forecast', 'Growth next year is now put at two percent.', 'Policy'],
];

test('an edition that has gone is corrected at its desk; the next one shows the note, which an approver may leave out', async () => {
  const gone = await seedGone(db, publication);
  const there = `/desk/editions/${gone}`;
  at.clock.set(AT_THE_DESK);
  const page = await text(dora.get(there));
  assert.match(page, /Correct this edition/);
  assert.doesNotMatch(page, /Goes to press|of the checks|Pending/, 'what has gone is not judged any more');
  const typed = { article: '', wrong: 'Harbour', right: 'Harbor', severity: 'fact', note: 'It is Harbor.' };
  assert.match(
    await text(eve.post(`${there}/correct`, { ...typed, wrong: 'Nowhere' })),
    /does not say “Nowhere”/,
  );
  assert.match(
    await text(eve.post(`${there}/correct`, { ...typed, severity: 'grave' })),
    /No severity &quot;grave&quot;/,
  );
  assert.equal((await eve.post(`${there}/correct`, typed)).status, 303);
  assert.match(
    await text(eve.get(there)),
    /Wrong fact<\/strong> It is Harbor\..*to be told in the next edition/,
  );
  const next = await text(dora.get(here));
  assert.match(next, /Corrections in this edition<\/h3>.*It is Harbor\./);
  assert.match(next, /srcdoc="[^"]*It is Harbor\./);
  const id = /name="correction" value="(\d+)"/.exec(next)?.[1] as string;
  const drop = { correction: id, reason: 'told already' };
  assert.equal((await eve.post(`${here}/drop-note`, drop)).status, 403);
  assert.equal((await dora.post(`${here}/drop-note`, drop)).status, 303);
  assert.doesNotMatch(await text(dora.get(here)), /It is Harbor\./);
});

/** Friday's edition, gone; returns its id. */
async function seedGone(of: typeof db, { id }: typeof publication): Promise<number> {
  const model = { ...sampleEdition().model, subject: 'Harbour bill passes', date: '2026-11-20' };
  const press_at = AT_THE_DESK.subtract({ hours: 72 });
  const row = await of
    .insertInto('editions')
    .values({
      ...{
        publication_id: id,
        edition_on: Temporal.PlainDate.from('2026-11-20'),
        state: 'pressed',
        layout: 'full',
      },
      ...{ subject: model.subject, preheader: 'p', model: JSON.stringify(model), pressed_at: press_at },
      ...{ cutoff_at: press_at, press_at, stale_at: press_at, composed_at: press_at },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

test('an edition is seen as Outlook reads it, as it is read aloud, and two views beside each other; and is taken away as a mail', async () => {
  const on = (query: string) => text(eve.get(`${here}?as=paid&${query}`));
  const outlook = await on('on=outlook');
  assert.match(outlook, /outline:1px dotted/);
  assert.doesNotMatch(outlook, /srcdoc="[^"]*@media/);
  const aloud = await on('on=order');
  assert.match(aloud, /<div class="aloud"[^>]*><ol><li><span class="small">Heading 1<\/span> Dome Daily/);
  assert.match(aloud, /<span class="small">Heading 2<\/span> Senate passes harbor bill/);
  const both = await on('on=desktop&beside=dark');
  assert.equal(both.match(/<iframe/g)?.length, 2);
  assert.match(both, /srcdoc="[^"]*@media all/);
  assert.match(both, /Senate passes harbor bill after…<\/span>/, 'a subject as a narrow inbox cuts it');
  const mail = await eve.get(`${here}/download/eml?as=trial-last`);
  assert.equal(mail.headers.get('content-disposition'), 'attachment; filename="dome-daily-2026-11-23.eml"');
  assert.match(await mail.text(), /^From: .*Dome Daily/m);
  assert.match(await (await eve.get(`${here}/download/txt?as=paid`)).text(), /Senate passes harbor bill/);
  assert.equal((await eve.get(`${here}/download/exe`)).status, 404);
});

test('an edition of a day to come is projected: from the stories of now, and for a reader as their trial will stand by then', async () => {
  const day = (date: string, query = '') => eve.get(`/desk/newsletters/dome-daily/days/${date}${query}`);
  const past = await day('2026-11-23', '?as=grace');
  assert.equal(past.headers.get('location'), `${here}?as=grace`);
  assert.equal((await day('2026-11-18')).status, 404);
  assert.equal((await day('2026-11-28')).status, 409, 'a Saturday');
  for (const [at, [headline, summary, category]] of NEXT_DAY.entries())
    await insertStory(db, publication, { now: AT_THE_DESK, hours: 0.02 * at, headline, summary, category });
  const last = await text(day('2026-12-01', '?as=trial-last'));
  assert.match(
    last,
    /Projection: made of the stories there are now, and as readers stand after 6 more editions/,
  );
  assert.match(last, /This is your last free edition\./);
  const trial = await startTrial(db, publication, { address: 'ann@reader.test' }, AT_THE_DESK);
  const { subscriber_id: ann } = await requireTrial(db, trial);
  const soon = await text(day('2026-11-26', `?reader=${ann}`));
  assert.match(soon, /Free edition 4 of 10/);
  assert.match(await text(day('2026-12-18', `?reader=${ann}`)), /Not sent: their trial is over by then/);
  const looks = await db
    .selectFrom('audit')
    .select('detail')
    .where('subject', '=', `subscriber ${ann}`)
    .execute();
  assert.ok(looks.some(({ detail }) => JSON.stringify(detail).includes('dome-daily 2026-11-26')));
  assert.equal((await findEdition(db, publication.id, Temporal.PlainDate.from('2026-12-01')))?.id, undefined);
});

test('a look at a named reader is written down however it comes about', async () => {
  const { id: reader } = await db
    .selectFrom('subscribers')
    .select('id')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  const looks = async () =>
    (
      await db
        .selectFrom('audit')
        .select('at')
        .where('subject', '=', `subscriber ${reader}`)
        .where('verb', 'like', 'look%')
        .execute()
    ).length;
  const before = await looks();
  await eve.post(`${here}/typed?reader=${reader}`, { headline: 'x' });
  assert.equal(await looks(), before + 1);
  await eve.post(`${here}/skip?reader=${reader}`, { reason: '' });
  assert.equal(await looks(), before + 1, 'one row for what a page does again and again');
  await dora.post(`${here}/skip?reader=${reader}`, { reason: '' });
  assert.equal(await looks(), before + 2);
});

test('the archive is searched from the desk: an old story is found with when it was sent, and put on the page', async () => {
  const old = await insertStory(db, publication, {
    now: AT_THE_DESK,
    hours: 900,
    headline: 'Lighthouses of the northern shore',
  });
  const page = await text(eve.get(`${here}?find=lighthouse+northern`));
  assert.match(page, /archive · published .{0,600}name="article" value="\d+"/);
  assert.match(page, /Lighthouses of the northern shore/);
  assert.match(await text(eve.get(`${here}?find=submarines`)), /Nothing has these words/);
  await eve.post(`${here}/add`, { article: String(old), place: 'brief' });
  assert.equal((await items()).at(-1)!.article_id, old);
  await eve.post(`${here}/undo`);
});
