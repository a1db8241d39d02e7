import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Db } from '../../src/db/connect.ts';
import { composeMail } from '../../src/deliveries/mail/compose-mail.ts';
import { listPlates } from '../../src/deliveries/plate.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import type { EditionModel } from '../../src/editions/model.ts';
import { fillPlate, makePlate } from '../../src/messages/plate.ts';
import { SAMPLE } from '../../src/press/checks/finding.ts';
import { type EditionLink, listEditionLinks } from '../../src/press/links/edition-link.ts';
import { mendLink, requireLinkTo } from '../../src/press/links/mend-link.ts';
import { outgoingLinks, replaceLinks } from '../../src/press/links/outgoing.ts';
import { pressDueEditions, pressEdition } from '../../src/press/press.ts';
import { previewEdition } from '../../src/press/preview.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { createLinks } from '../../src/subscribers/link.ts';
import { SECRET_KEYS, seedCast, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';
import { fullestEdition, sampleEdition } from '../support/edition-model.ts';
import { checkMail } from '../support/mail-rules.ts';
import { noteJobs, PRESS, PUBLIC_URL, seedDraft } from '../support/press-room.ts';

const pressing = { now: PRESS, enqueue: noteJobs().enqueue, public_url: PUBLIC_URL };
const viewing = { now: PRESS, links: createLinks(SECRET_KEYS, PUBLIC_URL), public_url: PUBLIC_URL };
const mending = { now: PRESS, actor: 'dora', reason: 'the story moved', public_url: PUBLIC_URL };
const REDIRECT = /https:\/\/news\.dome\.test\/go\/[\w-]{22}/g;
const STORY = /https:\/\/dome\.test\/story-\d+-\d+/g;

async function setUp(links?: Publication['links'], url?: string): Promise<{ db: Db; id: number }> {
  const db = await freshDatabase();
  const publication = await seedPublication(db, links ? { links } : {});
  await seedCast(db, publication);
  return { db, id: await seedDraft(db, publication, '2026-11-23', url ? { url } : {}) };
}

/** HTML and text of every plate of an edition, for the sample reader. */
async function parts(db: Db, id: number) {
  const plates = [...(await listPlates(db, id)).values()];
  assert.deepEqual(plates.map(({ variant }) => variant).sort(), ['plain', 'strip-foot']);
  return plates.map((plate) => fillPlate(plate, SAMPLE));
}
const all = (text: string, pattern: RegExp) => [...new Set(text.match(pattern))].sort();

test('left alone, a publication sends direct links, and nothing is stored', async () => {
  const { db, id } = await setUp();
  await pressDueEditions(db, pressing);
  for (const { html, text } of await parts(db, id)) {
    assert.deepEqual([html.includes('/go/'), text.includes('/go/')], [false, false]);
    assert.deepEqual([all(html, STORY).length, all(text, STORY).length], [4, 4]);
  }
  assert.deepEqual(await listEditionLinks(db, id), []);
  await assert.rejects(requireLinkTo(db, id, 'https://dome.test/story-1-0'), /leads to its stories directly/);
});

for (const links of ['mendable', 'counted'] as const)
  test(`where links are ${links}, both parts of every variant lead through the same stored links, and no other changes`, async () => {
    const { db, id } = await setUp(links);
    const [edition] = await pressDueEditions(db, pressing);
    assert.equal(edition?.state, 'pressing', edition?.reason ?? '');
    const stored = await listEditionLinks(db, id);
    assert.deepEqual(
      stored.map(({ place, url, leads_to, article_id }) => [place, url === leads_to, article_id !== null]),
      [
        ['lead', true, true],
        ['top', true, true],
        ['top', true, true],
        ['brief', true, true],
      ],
    );
    const redirects = stored.map(({ token }) => `${PUBLIC_URL}/go/${token}`).sort();
    for (const { html, text } of await parts(db, id)) {
      assert.deepEqual([all(html, REDIRECT), all(text, REDIRECT)], [redirects, redirects]);
      assert.deepEqual([all(html, STORY), all(text, STORY)], [[], []]);
      for (const url of [SAMPLE.unsubscribe_url, SAMPLE.manage_url, SAMPLE.view_url])
        assert.ok(html.includes(url) && text.includes(url), url);
    }
    const { model } = await requireEdition(db, id);
    assert.deepEqual(
      outgoingLinks(model as EditionModel).map(({ url }) => url),
      stored.map(({ url }) => url),
      'archive and feed keep the addresses of the stories',
    );
  });

test('the message keeps every rule with redirects for links, of which all are https (M1 to M24)', async () => {
  for (const { model, blanks } of [sampleEdition(), { ...sampleEdition(), model: fullestEdition() }]) {
    const token = (url: string) => createHash('md5').update(url).digest('base64url');
    const printed = replaceLinks(model, ({ url }) => `${PUBLIC_URL}/go/${token(url)}`);
    const mail = await composeMail({
      ...fillPlate(await makePlate(printed, 'strip-top'), blanks),
      from: { name: 'Dome Daily', address: 'daily@dome.test' },
      to: { name: 'Ann', address: 'ann@reader.test' },
      reply_to: null,
      at: PRESS,
      message_id: '<0123456789abcdef@dome.test>',
      feedback_id: 'dome-daily:trial:regular:dome-daily',
      list: { id: 'dome-daily.dome.test', name: 'Dome Daily', unsubscribe_url: blanks.unsubscribe_url },
      bulk: true,
    });
    const session = {
      mail_from: 'bounce+abcd-1-1-0123456789abcdef0123@dome.test',
      rcpt_to: ['ann@reader.test'],
      smtputf8: false,
      at: PRESS,
    };
    const { postal_address } = model.publication;
    const rules = { kind: 'edition', session, domain: 'dome.test', postal_address, why: blanks.why } as const;
    assert.deepEqual(checkMail(mail, rules), []);
  }
});

test('a preview before the press leads directly and stores nothing; after it, it is what was sent', async () => {
  const { db, id } = await setUp('counted');
  const projected = await previewEdition(db, id, { persona: 'paid' }, viewing);
  assert.equal(projected.projected, true);
  assert.equal(all(projected.message.html, STORY).length, 4);
  assert.deepEqual(await listEditionLinks(db, id), []);
  await pressDueEditions(db, pressing);
  const plates = await listPlates(db, id);
  const pressed = await previewEdition(db, id, { persona: 'paid' }, viewing);
  assert.deepEqual(pressed.plate, plates.get('plain'));
  const unsent = await previewEdition(db, id, { persona: 'trial-last' }, viewing);
  assert.equal(plates.has('strip-top'), false);
  assert.deepEqual(all(unsent.message.html, REDIRECT), all(pressed.message.html, REDIRECT));
});

test('an edition made up again keeps its tokens', async () => {
  const { db, id } = await setUp('mendable');
  await db.updateTable('editions').set({ subject: ' ' }).where('id', '=', id).execute();
  assert.equal((await pressDueEditions(db, pressing))[0]?.state, 'held');
  const before = await listEditionLinks(db, id);
  await db.updateTable('editions').set({ subject: 'Mended' }).where('id', '=', id).execute();
  assert.equal((await pressEdition(db, id, pressing)).state, 'pressing');
  assert.deepEqual(await listEditionLinks(db, id), before);
});

test('the checks look at where links lead: none of the web holds the edition, by the name of its story', async () => {
  const { db, id } = await setUp('counted', 'javascript:alert(1)//');
  const [held] = await pressDueEditions(db, pressing);
  assert.equal(held?.state, 'held');
  assert.match(held?.reason ?? '', /Stopgap bill slips to Thursday.*javascript/);
  assert.deepEqual(await listEditionLinks(db, id), []);
});

test('every story link is replaced, in every place; pictures and pages of our own are not', () => {
  const { model } = sampleEdition();
  for (const edition of [model, fullestEdition()]) {
    const replaced = replaceLinks(edition, ({ url, place }) => `https://go.test/${place}?${url}`);
    const left = JSON.stringify(replaced, (key, value) =>
      ['publication', 'image', 'prior_url'].includes(key) ? undefined : value,
    );
    for (const [, url] of left.matchAll(/"url":"([^"]*)"/g)) assert.match(url ?? '', /^https:\/\/go\.test\//);
    assert.deepEqual(replaced.publication, edition.publication);
    assert.deepEqual(replaced.lead?.image, edition.lead?.image);
    assert.deepEqual(replaced.lead?.prior_url, edition.lead?.prior_url);
    assert.deepEqual(
      replaceLinks(edition, ({ url }) => url),
      edition,
    );
  }
});

test('a link is stored once, where it stands first, though the edition has it several times', () => {
  const { model } = sampleEdition();
  const lead = model.lead as NonNullable<EditionModel['lead']>;
  const comment = { author_name: 'Ann', text: 'Well.', headline: lead.headline, url: lead.url };
  const links = outgoingLinks({ ...model, comment, briefs: [...model.briefs, lead] });
  assert.deepEqual(
    links.map(({ url }) => url),
    [...new Set(links.map(({ url }) => url))],
  );
  assert.equal(links.find(({ url }) => url === lead.url)?.place, 'lead');
});

test('a mended link leads elsewhere from then on, with who and why in the audit; mended so already, nothing happens', async () => {
  const { db, id } = await setUp('mendable');
  await pressDueEditions(db, pressing);
  const [link] = await listEditionLinks(db, id);
  const { id: linkId, url } = link as EditionLink;
  for (let time = 0; time < 2; time++) await mendLink(db, linkId, 'https://dome.test/moved', mending);
  const [mended, ...others] = await listEditionLinks(db, id);
  assert.deepEqual(mended, { ...link, leads_to: 'https://dome.test/moved' });
  assert.ok(others.every((other) => other.leads_to === other.url));
  const audit = await db.selectFrom('audit').selectAll().where('verb', '=', 'mend a link').execute();
  assert.deepEqual(
    audit.map(({ actor, subject, reason, detail }) => ({ actor, subject, reason, detail })),
    [
      {
        actor: 'dora',
        subject: `edition ${id}`,
        reason: 'the story moved',
        detail: { url, from: url, to: 'https://dome.test/moved' },
      },
    ],
  );
  assert.equal((await requireLinkTo(db, id, url)).id, linkId);
  assert.equal((await requireLinkTo(db, id, 'https://dome.test/moved')).id, linkId);
  await assert.rejects(requireLinkTo(db, id, 'https://dome.test/none'), /no link of this edition leads to/);
  const other = others[0] as EditionLink;
  await mendLink(db, other.id, 'https://dome.test/moved', mending);
  await assert.rejects(requireLinkTo(db, id, 'https://dome.test/moved'), /several links lead to/);
});

test('a link is not mended without a reason, to no address of the web, to our own redirects, or where there is none', async () => {
  const { db, id } = await setUp('mendable');
  await pressDueEditions(db, pressing);
  const before = await listEditionLinks(db, id);
  const [first, second] = before as [EditionLink, EditionLink, ...EditionLink[]];
  const mend = (url: string, over = {}, linkId = first.id) =>
    mendLink(db, linkId, url, { ...mending, ...over });
  await assert.rejects(mend('https://dome.test/moved', { reason: ' ' }), /for a reason/);
  await assert.rejects(mend('javascript:alert(1)'), /no address of the web/);
  await assert.rejects(mend(`${PUBLIC_URL}/go/${second.token}`), /a redirect of ours/);
  await assert.rejects(mend('https://dome.test/moved', {}, 999_999), /no link 999999/);
  assert.deepEqual(await listEditionLinks(db, id), before);
});
