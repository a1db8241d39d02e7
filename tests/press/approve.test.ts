import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { connect, type Db } from '../../src/db/connect.ts';
import { edit } from '../../src/editions/desk/edit.ts';
import { nameVersion } from '../../src/editions/desk/history.ts';
import { releaseEdition } from '../../src/editions/desk/state.ts';
import { addArticle, breakIn } from '../../src/editions/desk/verbs.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import { listItems } from '../../src/editions/item.ts';
import { loadModel } from '../../src/editions/load-model.ts';
import { approveEdition } from '../../src/press/approve.ts';
import type { Authentication } from '../../src/press/checks/check-authentication.ts';
import { examine } from '../../src/press/examine.ts';
import { hashToApprove } from '../../src/press/hash-to-approve.ts';
import { policyFor } from '../../src/press/policy.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { seedCast, seedPublication, seedStaff } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { noteJobs, PRESS, PUBLIC_URL, seedDraft } from '../support/press-room.ts';
import { insertStory } from '../support/stories.ts';

let db: Db;
let publication: Publication;
let id: number;
let by: { staff_id: number; name: string };
const opened: Db[] = [];
test.after(() => Promise.all(opened.map((one) => one.destroy())));
beforeEach(async () => {
  db = connect(await freshTarget());
  opened.push(db);
  publication = await seedPublication(db);
  await seedCast(db, publication);
  id = await seedDraft(db, publication);
  by = { staff_id: (await seedStaff(db)).dora.id, name: 'Dora' };
});

const now = PRESS.subtract({ minutes: 20 });
const seen = async () =>
  hashToApprove(await requireEdition(db, id), await loadModel(db, id, { publicUrl: PUBLIC_URL }));
const approve = async (over: { hash?: string; overrides?: Record<string, string>; fast?: boolean } = {}) =>
  approveEdition(db, id, { hash: await seen(), overrides: {}, by, now, public_url: PUBLIC_URL, ...over });
const press = async (authentication?: Authentication) => {
  const [edition] = await pressDueEditions(db, {
    now: PRESS,
    enqueue: noteJobs().enqueue,
    public_url: PUBLIC_URL,
    outside: { authentication },
  });
  return edition;
};
const lead = async () => (await listItems(db, id))[0]!;
const change = (values: object) =>
  lead().then(({ article_id }) =>
    db.updateTable('articles').set(values).where('id', '=', article_id).execute(),
  );

test('what was approved is what goes to press, though a story says something else by then', async () => {
  await approve();
  const { article_headline } = await lead();
  await change({ headline: 'Quite another headline than before', rev: 2 });
  assert.equal((await press())?.state, 'pressing');
  const { model } = await requireEdition(db, id);
  assert.equal((model as { lead: { headline: string } }).lead.headline, article_headline);
});

test('a story that is withdrawn after the approval holds the edition, and says which', async () => {
  await approve();
  const { article_headline } = await lead();
  await change({ withdrawn_at: now });
  const held = await press();
  assert.equal(held?.state, 'held');
  assert.match(String(held?.reason), new RegExp(`P12 block: ${article_headline} has been withdrawn`));
});

test('one comma after the approval, and it is not approved any more: the old hash approves nothing', async () => {
  const hash = await seen();
  await approve({ hash });
  const { id: item_id, article_headline } = await lead();
  await edit(db, id, {
    verb: 'write',
    changes: [{ item_id, field: 'headline', value: `${article_headline},` }],
    by,
    now,
  });
  const edition = await requireEdition(db, id);
  assert.equal(edition.state, 'in_review');
  await assert.rejects(approve({ hash }), { kind: 'conflict', message: /changed since you looked/ });
  await db.updateTable('publications').set({ no_action_policy: 'never_auto' }).execute();
  assert.equal((await press())?.state, 'held');
});

test('what blocks cannot be approved, and what holds only with a reason, which is kept', async () => {
  const { id: item_id } = await lead();
  const write = (value: string) =>
    edit(db, id, { verb: 'write', changes: [{ item_id, field: 'headline', value }], by, now });
  await write('The chair TK resigns');
  await assert.rejects(approve(), { kind: 'conflict', message: /TK stands in .*say why it may pass/ });
  const key = 'P06 TK stands in “The chair TK resigns”';
  await approve({ overrides: { [key]: 'TK are the initials of the chair' } });
  const { overrides } = await db.selectFrom('approvals').select('overrides').executeTakeFirstOrThrow();
  assert.deepEqual(overrides, { [key]: 'TK are the initials of the chair' });
  assert.equal((await press())?.state, 'pressing');
});

test('an edition of 110 KB is blocked, and the heaviest stories are named', async () => {
  const { id: item_id } = await lead();
  const others = await listItems(db, id);
  for (const [at, one] of others.entries())
    await edit(db, id, {
      verb: 'write',
      changes: [{ item_id: one.id, field: 'summary', value: `Words ${at} `.repeat(99) }],
      by,
      now,
    });
  await db
    .updateTable('edition_items')
    .set({ summary: 'A very long summary of what was said. '.repeat(2600) })
    .where('id', '=', item_id)
    .execute();
  await assert.rejects(approve(), (error: Error) => {
    assert.match(error.message, /P01: the HTML of plain has 1[0-9]{5} bytes/);
    assert.match(error.message, new RegExp(`the heaviest: ${others[0]!.article_headline} \\(\\d+ bytes\\)`));
    return true;
  });
  assert.equal((await press())?.state, 'held');
});

const answers =
  (records: Record<string, string>): Authentication['resolveTxt'] =>
  async (name) => {
    const text = records[name];
    if (text === undefined)
      throw Object.assign(new Error(`queryTxt ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    return [[text]];
  };
const GOOD = { 'dome.test': 'v=spf1 include:relay.test -all', '_dmarc.dome.test': 'v=DMARC1; p=reject' };

test('in production an edition goes only where DNS says who may send: no answer holds it, it is never sent on a guess', async () => {
  const dead: Authentication['resolveTxt'] = async () => {
    throw Object.assign(new Error('queryTxt ETIMEOUT'), { code: 'ETIMEOUT' });
  };
  const held = await press({ resolveTxt: dead, signer: undefined });
  assert.equal(held?.state, 'held');
  assert.match(String(held?.reason), /P04 hold: could not check: DNS does not answer for dome\.test/);
});

test('a domain without SPF or DMARC blocks; a policy of none is only shown', async () => {
  const bare = await press({ resolveTxt: answers({}), signer: undefined });
  assert.match(String(bare?.reason), /dome\.test has no SPF record.*dome\.test has no DMARC record/);
});

test('with both records it goes', async () => {
  assert.equal((await press({ resolveTxt: answers(GOOD), signer: undefined }))?.state, 'pressing');
});

test('what breaks in is approved by the fast lane: only what breaks in is looked at, and only where nothing else changed', async () => {
  await approve();
  const acting = { by, now };
  const late = await insertStory(db, publication, { now, headline: 'Dam gives way' });
  await breakIn(db, id, late, acting);
  assert.equal((await requireEdition(db, id)).state, 'in_review');
  await db
    .updateTable('articles')
    .set({ image_url: 'https://dome.test/a.jpg', image_alt: 'dam.jpg' })
    .where('id', '=', late)
    .execute();
  await assert.rejects(approve(), { kind: 'conflict', message: /P07.*say why it may pass/ });
  const policy = await policyFor(db, await requireEdition(db, id), publication);
  assert.deepEqual(policy, { sends: false, why: 'something breaks into it' });
  await approve({ fast: true });
  assert.equal((await requireEdition(db, id)).state, 'approved');
  assert.equal((await press())?.state, 'pressing');
});

test('where more than what breaks in has changed, the fast lane is closed; and so it is before any approval', async () => {
  await assert.rejects(approve({ fast: true }), { kind: 'conflict', message: /more than what breaks in/ });
  await approve();
  const late = await insertStory(db, publication, { now, headline: 'Dam gives way' });
  await breakIn(db, id, late, { by, now });
  const items = await listItems(db, id);
  await edit(db, id, {
    verb: 'write',
    changes: [{ item_id: items.at(-1)!.id, field: 'headline', value: 'Another' }],
    by,
    now,
  });
  await assert.rejects(approve({ fast: true }), { kind: 'conflict', message: /more than what breaks in/ });
});

test('a story that was told in one of the last editions holds, unless it is marked as an update; one too old for the window warns', async () => {
  const first = await seedDraft(db, publication, '2026-11-20');
  await db
    .updateTable('editions')
    .set({ state: 'pressed', first_accepted_at: PRESS.subtract({ hours: 72 }) })
    .where('id', '=', first)
    .execute();
  const [told] = await listItems(db, first);
  await addArticle(db, id, told!.article_id, { place: 'brief', section_id: null }, { by, now });
  const findings = async () =>
    (await examine(db, await requireEdition(db, id), { publication, public_url: PUBLIC_URL, now })).findings;
  const of = (check: string, found: Awaited<ReturnType<typeof findings>>) =>
    found
      .filter((one) => one.check === check && one.at?.article_id === told!.article_id)
      .map(({ level }) => level);
  assert.deepEqual(of('P13', await findings()), ['hold']);
  await db
    .updateTable('edition_items')
    .set({ follow_up: true })
    .where('edition_id', '=', id)
    .where('article_id', '=', told!.article_id)
    .execute();
  assert.deepEqual(of('P13', await findings()), []);
  await db
    .updateTable('editions')
    .set({ window_from: PRESS.subtract({ hours: 24 }) })
    .where('id', '=', id)
    .execute();
  await db
    .updateTable('articles')
    .set({ first_published_at: PRESS.subtract({ hours: 72 }) })
    .where('id', '=', told!.article_id)
    .execute();
  assert.deepEqual(of('P12', await findings()), ['warn']);
});

test('too few stories, or too many, hold', async () => {
  const level = async () =>
    (
      await examine(db, await requireEdition(db, id), {
        publication: { ...publication, ...limits },
        public_url: PUBLIC_URL,
        now,
      })
    ).findings
      .filter(({ check }) => check === 'P11')
      .map((one) => one.says);
  let limits = { min_items: 3, max_items: 20 };
  assert.deepEqual(await level(), []);
  limits = { min_items: 5, max_items: 20 };
  assert.match((await level()).join(), /has 4 stories; at least 5 expected/);
  limits = { min_items: 1, max_items: 3 };
  assert.match((await level()).join(), /has 4 stories; at most 3 expected/);
});

test('a version that somebody names like an approval is none: what was edited since stays to be looked at', async () => {
  await approve();
  const items = await listItems(db, id);
  const change = { item_id: items.at(-1)!.id, field: 'headline', value: 'Another' } as const;
  await edit(db, id, { verb: 'write', changes: [change], by, now });
  await nameVersion(db, id, 'approved by me', { by, now });
  const late = await insertStory(db, publication, { now, headline: 'Dam gives way' });
  await breakIn(db, id, late, { by, now });
  await assert.rejects(approve({ fast: true }), { kind: 'conflict', message: /more than what breaks in/ });
});

test('an edition released after its hour waits for its approver, and is not held again', async () => {
  await db.updateTable('publications').set({ no_action_policy: 'never_auto' }).execute();
  assert.equal((await press())?.state, 'held');
  const later = PRESS.add({ minutes: 20 });
  await releaseEdition(db, id, { by, now: later, reason: 'it is read now' });
  const again = (at: Temporal.Instant) =>
    pressDueEditions(db, { now: at, enqueue: noteJobs().enqueue, public_url: PUBLIC_URL });
  await again(later.add({ minutes: 1 }));
  assert.equal((await requireEdition(db, id)).state, 'in_review');
  await approveEdition(db, id, { hash: await seen(), overrides: {}, by, now: later, public_url: PUBLIC_URL });
  await again(later.add({ minutes: 2 }));
  assert.equal((await requireEdition(db, id)).state, 'pressing');
});
