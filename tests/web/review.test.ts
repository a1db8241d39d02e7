import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireEdition } from '../../src/editions/edition.ts';
import { listItems } from '../../src/editions/item.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { createBrowser } from '../support/account.ts';
import { freshDatabase } from '../support/database.ts';
import { AT_THE_DESK, openDesk, signedIn, signInPath } from '../support/desk.ts';

const db = await freshDatabase();
const { publication, edition, staff, at } = await openDesk(db);
const eve = await signedIn(at, staff.eve);
const dora = await signedIn(at, staff.dora);
const desk = `/desk/editions/${edition.id}`;
const here = `${desk}/review`;
const text = async (answer: Response | Promise<Response>) =>
  (await (await answer).text()).replace(/\s+/g, ' ');
const stateNow = async () => (await requireEdition(db, edition.id)).state;
const hashIn = (html: string) => /name="hash" value="([0-9a-f]{64})"/.exec(html)?.[1] as string;

test('the link leads who is not signed in to the sign-in and back, and a reader nowhere', async () => {
  const browser = createBrowser(at);
  const answer = await browser.get(here);
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get('location'), `/sign-in?${new URLSearchParams({ next: here })}`);
  const told = { now: AT_THE_DESK, secretKeys: at.site.config.SECRET_KEY };
  const bob = { address: 'bob@reader.test', first_name: 'Bob', reference: 'r' };
  const { subscriber_id } = await givePaid(db, publication, bob, told);
  const reader = createBrowser(at);
  await reader.post(await signInPath(at, { ...staff.eve, subscriber_id }));
  assert.equal((await reader.get(here)).status, 403);
});

test('an editor sees how the edition stands, what was found, and the mail on a phone, and cannot approve', async () => {
  const page = await text(eve.get(here));
  assert.match(page, /<h1>Senate passes harbor bill after all-night debate<\/h1>/);
  assert.match(
    page,
    /Goes to press Mon, Nov 23, 6:00 AM EST · 45 minutes left\..*If nobody acts: it is sent by itself/,
  );
  assert.match(page, /<h2 id="checks">(All checks are green|(one|\d+) findings? of the checks)/);
  assert.match(page, /<iframe class="mail mail-phone"[^>]*sandbox="" srcdoc="/);
  assert.match(page, new RegExp(`<a href="${desk}">The whole desk`));
  assert.doesNotMatch(page, /Approve what I see/);
  assert.doesNotMatch(page, /<script/, 'it needs no script');
  assert.match(await text(eve.get(`${here}?on=text`)), /<pre class="plain"/);
});

test('an editor holds it with a reason, an approver releases and approves what they see, all on the page', async () => {
  assert.match(
    await text(eve.post(`${here}/hold`, { reason: ' ' })),
    /No reason to hold the edition is given.*id="hold-why"/,
  );
  const held = await eve.post(`${here}/hold`, { reason: 'lawyers are reading' });
  assert.equal(held.headers.get('location'), here);
  assert.match(await text(dora.get(here)), /It is held: lawyers are reading.*Release it/);
  assert.equal((await eve.post(`${here}/release`, { reason: 'read' })).status, 403);
  await dora.post(`${here}/release`, { reason: 'they have read it' });
  const seen = hashIn(await text(dora.get(here)));
  const [lead] = await listItems(db, edition.id);
  await eve.post(`${desk}/items/${lead!.id}/words`, {
    headline: 'Another headline',
    headline_was: '',
    headline_rev: '0',
  });
  const stale = await dora.post(`${here}/approve`, { hash: seen });
  assert.equal(stale.status, 409);
  assert.match(await text(stale), /has changed since you looked at it.*Approve what I see/);
  assert.equal((await eve.post(`${here}/approve`, { hash: seen })).status, 403);
  const approved = await dora.post(`${here}/approve`, { hash: hashIn(await text(dora.get(here))) });
  assert.equal(approved.headers.get('location'), here);
  assert.equal(await stateNow(), 'approved');
  assert.match(await text(eve.get(here)), /Approved by Dora\. If nobody acts: it goes as it was approved/);
});

test('what is said on the page stands there and at the desk, until somebody has seen to it', async () => {
  assert.match(await text(eve.post(`${here}/comment`, { text: ' ' })), /The comment has 0 characters/);
  await eve.post(`${here}/comment`, { text: 'Is the count right?' });
  for (const page of [here, desk]) assert.match(await text(dora.get(page)), /Is the count right\?/);
  const comment = /name="comment" value="(\d+)"/.exec(await text(dora.get(here)))?.[1] as string;
  assert.equal((await dora.post(`${here}/resolve`, { comment })).headers.get('location'), here);
  assert.doesNotMatch(await text(eve.get(here)), /Is the count right/);
});

test('the link is sent from the desk to those who are ticked, with how the edition stands; it is written down', async () => {
  assert.match(await text(dora.get(desk)), new RegExp(`href="${here}".*Send the link to.*Eve`));
  assert.match(await text(dora.post(here)), /Nobody of the staff is named/);
  const answer = await dora.post(here, { to: String(staff.eve.id) });
  assert.equal(answer.headers.get('location'), desk);
  const [letter, ...more] = await db
    .selectFrom('letters')
    .selectAll()
    .where('letter', '=', 'desk-call')
    .execute();
  assert.equal(more.length, 0);
  assert.equal(letter?.subscriber_id, staff.eve.subscriber_id);
  assert.equal(letter.detail.title_line, 'Dora asks you to review the edition');
  assert.equal(letter.detail.review_url, `https://news.dome.test${here}`);
  const { actor, detail } = await db
    .selectFrom('audit')
    .select(['actor', 'detail'])
    .where('verb', '=', 'ask for a review')
    .executeTakeFirstOrThrow();
  assert.deepEqual([actor, detail], ['Dora', { to: [staff.eve.subscriber_id] }]);
});

test('only what a review has a form for is done there', async () => {
  for (const verb of ['skip', 'stop', 'words', 'explode'])
    assert.equal((await dora.post(`${here}/${verb}`, { reason: 'x' })).status, 404);
  assert.equal((await eve.get('/desk/editions/99/review')).status, 404);
});

test('the edition as a named reader gets it is seen there too, and the look is written down', async () => {
  const found = await eve.post('/desk/reader', { address: 'bob@reader.test', back: here });
  const page = await text(eve.get(found.headers.get('location') as string));
  assert.match(page, /As bob@reader\.test\. <span class="small">This look was written down/);
  const looks = await db.selectFrom('audit').select('actor').where('verb', 'like', 'look at%').execute();
  assert.deepEqual(looks, [{ actor: 'Eve' }]);
});
