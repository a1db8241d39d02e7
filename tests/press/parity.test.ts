import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simpleParser } from 'mailparser';
import { SetClock } from '../../src/clock.ts';
import { connect } from '../../src/db/connect.ts';
import { openReaderBlanks } from '../../src/deliveries/mail/reader-blanks.ts';
import { listPlates } from '../../src/deliveries/plate.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import { sendDueLetters } from '../../src/deliveries/send-letters.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import { fillPlate } from '../../src/messages/plate.ts';
import { PERSONAS, personaOf } from '../../src/press/persona.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { previewEdition } from '../../src/press/preview.ts';
import { sendTest } from '../../src/press/test-send.ts';
import { seedCast, seedPublication, seedStaff, startTrial } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { createSending, noteJobs, PRESS, PUBLIC_URL, seedDraft } from '../support/press-room.ts';
import { startSmtp } from '../support/smtp.ts';

/** Links to a reader's own pages differ from render to render only in their tokens. */
const withoutTokens = (text: string) => text.replace(/\/(my|leave|pause)\/[\w-]+/g, '/$1/TOKEN');

test('preview, test and press are the same bytes but for link tokens, for every kind of reader', async () => {
  const clock = new SetClock(PRESS);
  const server = await startSmtp({ clock });
  const sending = createSending(server.url, { clock });
  const db = connect(await freshTarget());
  const publication = await seedPublication(db);
  const cast = await seedCast(db, publication);
  const ending = await startTrial(
    db,
    publication,
    { address: 'zed@reader.test' },
    PRESS.subtract({ hours: 48 }),
  );
  await db.updateTable('trials').set({ consumed: 9 }).where('id', '=', ending).execute(); // their strip stands at the top
  const { eve } = await seedStaff(db);
  const id = await seedDraft(db, publication);
  const viewing = { now: PRESS, links: sending.links, public_url: PUBLIC_URL };

  const previews = new Map<string, { subject: string; html: string; text: string }>();
  for (const { name } of PERSONAS)
    previews.set(name, (await previewEdition(db, id, { persona: name }, viewing)).message);
  const by = { staff_id: eve.id, name: 'Eve' };
  for (const [at, { name }] of PERSONAS.entries())
    await sendTest(db, id, {
      ...viewing,
      now: PRESS.add({ seconds: at }),
      to: [eve.subscriber_id],
      persona: name,
      by,
    });
  const named = await Promise.all(
    [cast.ann, cast.bob].map(
      async (reader) =>
        [reader, (await previewEdition(db, id, { subscriber_id: reader.id }, viewing)).message] as const,
    ),
  );

  await pressDueEditions(db, { ...viewing, enqueue: noteJobs().enqueue });
  const edition = await requireEdition(db, id);
  const plates = await listPlates(db, id);
  const blanksOf = openReaderBlanks({ publication, edition }, sending);
  for (const { name } of PERSONAS) {
    const { variant, reader } = personaOf(name, { at: PRESS });
    const plate = plates.get(variant);
    assert.ok(plate, variant);
    assert.deepEqual(fillPlate(plate, blanksOf(reader)), previews.get(name), `${name}: preview and press`);
  }

  clock.set(PRESS.add({ minutes: 1 }));
  await sendDueLetters(db, { now: clock.now(), enqueue: noteJobs().enqueue });
  await sendBatches(db, sending);
  const taken = await Promise.all(
    server.taken.map(async ({ rcpt_to, raw }) => ({ to: rcpt_to[0], mail: await simpleParser(raw) })),
  );
  const tests = taken.filter(({ mail }) => mail.subject?.startsWith('[TEST '));
  assert.equal(tests.length, PERSONAS.length);
  for (const { mail } of tests) {
    assert.match(String(mail.subject), /^\[TEST [0-9a-f]{4}\] Stopgap bill slips to Thursday$/);
    const html = String(mail.html).trim();
    assert.ok(
      [...previews.values()].some((seen) => withoutTokens(seen.html).trim() === withoutTokens(html)),
      'a test is what some preview showed',
    );
  }
  assert.equal(
    new Set(tests.map(({ mail }) => mail.html)).size,
    new Set([...previews.values()].map(({ html }) => html)).size,
  );
  for (const [reader, message] of named) {
    const { mail } = taken.find(
      ({ to, mail }) => to === reader.address && !mail.subject?.startsWith('[TEST'),
    )!;
    assert.equal(
      withoutTokens(String(mail.html)).trim(),
      withoutTokens(message.html).trim(),
      `${reader.address}: preview and what was sent`,
    );
    assert.equal(mail.subject, message.subject);
  }
  await db.destroy();
});
