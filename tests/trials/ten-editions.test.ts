import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { SetClock } from '../../src/clock.ts';
import { connect } from '../../src/db/connect.ts';
import { isOnItsWay } from '../../src/deliveries/ledger/on-its-way.ts';
import { sendBatches } from '../../src/deliveries/send-batch.ts';
import { sendDueLetters } from '../../src/deliveries/send-letters.ts';
import { closeRuns } from '../../src/press/close.ts';
import { pressDueEditions } from '../../src/press/press.ts';
import { isPublishingDay } from '../../src/publications/calendar.ts';
import { requirePublication } from '../../src/publications/publication.ts';
import { hardStopDueTrials } from '../../src/trials/ending/hard-stop-due.ts';
import { findDrift } from '../../src/trials/machine/rebuild.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { requireTrial } from '../../src/trials/trial.ts';
import { SECRET_KEYS, seedPublication, startTrial } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { faultsOf } from '../support/mail-rules.ts';
import { createSending, noteJobs, PUBLIC_URL, seedDraft } from '../support/press-room.ts';
import { headerOf, readRaw } from '../support/raw-mail.ts';
import { startSmtp } from '../support/smtp.ts';

const db = connect(await freshTarget());
after(() => db.destroy());
const { id: publicationId } = await seedPublication(db);
const THANKSGIVING = Temporal.PlainDate.from('2026-11-26');
await db
  .insertInto('dark_dates')
  .values({ publication_id: publicationId, dark_on: THANKSGIVING, note: 'Thanksgiving' })
  .execute();
const publication = await requirePublication(db, publicationId);

/** Friday night in Washington, Saturday by the clock of the world: the weekend sends nothing. */
const FRIDAY_NIGHT = Temporal.Instant.from('2026-11-21T04:00:00Z');
const clock = new SetClock(FRIDAY_NIGHT);
const server = await startSmtp({ clock });
const sending = createSending(server.url, { clock });
const { enqueue } = noteJobs();

/** A day of the program: press at six, and the letters looked at through the morning and the afternoon. */
async function liveThrough(on: Temporal.PlainDate, at9 = async () => {}): Promise<void> {
  if (isPublishingDay(publication, on)) await seedDraft(db, publication, on.toString());
  for (const hour of [6, 9, 10, 14, 20]) {
    clock.set(on.toZonedDateTime({ timeZone: publication.zone, plainTime: { hour } }).toInstant());
    if (hour === 9) await at9();
    await hardStopDueTrials(db, { now: clock.now(), isOnItsWay });
    await pressDueEditions(db, { now: clock.now(), enqueue, public_url: PUBLIC_URL });
    await sendDueLetters(db, { now: clock.now(), enqueue });
    await sendBatches(db, sending);
    await closeRuns(db, { now: clock.now() });
  }
}

/** What came to an address: the local date and hour, and the strip of an edition or the subject of a letter. */
const received = (address: string): string[] =>
  server.taken
    .filter(({ rcpt_to }) => rcpt_to.includes(address))
    .map(({ raw, at }) => {
      const { fields, parts } = readRaw(raw);
      const text = (parts[0]?.decoded ?? '').replace(/\s+/g, ' ');
      const strip = /Free edition \d+ of \d+\. [^.]+(?:\.? \d+)?\.|This is your last free edition\./.exec(
        text,
      )?.[0];
      const isEdition = /^Stopgap/.test(headerOf(fields, 'subject'));
      const when = at.toZonedDateTimeISO(publication.zone);
      const said = isEdition ? (strip ?? 'no strip') : headerOf(fields, 'subject');
      return `${when.toPlainDate().toString().slice(5)} ${when.hour} ${said}`;
    });

test('ten editions over a weekend and a dark date: each counted and told, the end told the next publishing day, and nothing of it to one who paid', async () => {
  const eve = await startTrial(db, publication, { address: 'eve@reader.test' }, FRIDAY_NIGHT);
  const paul = await startTrial(db, publication, { address: 'paul@reader.test' }, FRIDAY_NIGHT);
  const pays = async () => {
    const bought = { address: 'paul@reader.test', first_name: null, reference: 'r' };
    await givePaid(db, publication, bought, { now: clock.now(), secretKeys: SECRET_KEYS });
  };
  for (let day = 0; day < 19; day++) {
    const on = Temporal.PlainDate.from('2026-11-21').add({ days: day });
    await liveThrough(on, on.toString() === '2026-12-03' ? pays : undefined);
  }
  const shared = [
    '11-23 6 Free edition 1 of 10. About Monday, Dec. 7.',
    '11-24 6 Free edition 2 of 10. About Monday, Dec. 7.',
    '11-25 6 Free edition 3 of 10. About Monday, Dec. 7.',
    '11-27 6 Free edition 4 of 10. About Monday, Dec. 7.',
    '11-27 10 Your first three editions',
    '11-30 6 Free edition 5 of 10. About Monday, Dec. 7.',
    '12-01 6 Free edition 6 of 10. About Monday, Dec. 7.',
    '12-02 6 Free edition 7 of 10. About Monday, Dec. 7.',
    '12-03 6 Free edition 8 of 10. Your last is Monday, Dec. 7.',
  ];
  const isLater = (line: string) => !/^11-2[01] /.test(line);
  assert.deepEqual(received('eve@reader.test').filter(isLater), [
    ...shared,
    '12-03 10 2 free editions left',
    '12-04 6 Free edition 9 of 10. Your last is Monday, Dec. 7.',
    '12-04 14 Your next edition is the last free one',
    '12-07 6 This is your last free edition.',
    '12-08 10 Your free trial of Dome Daily has ended',
  ]);
  assert.deepEqual(received('paul@reader.test').filter(isLater), [
    ...shared,
    '12-03 9 Thank you: you subscribe to Dome Daily',
    ...['04', '07', '08', '09'].map((day) => `12-${day} 6 no strip`),
  ]);
  const states = await Promise.all([eve, paul].map((id) => requireTrial(db, id)));
  assert.deepEqual(
    states.map(({ state, end_reason, consumed }) => [state, end_reason, consumed]),
    [
      ['ended', 'spent', 10],
      ['converted', null, 8],
    ],
  );
  assert.deepEqual(await Promise.all([eve, paul].map((id) => findDrift(db, id))), [[], []]);
});

test('every edition and letter of those days satisfies the rules of mail', () => {
  const { postal_address } = publication;
  assert.deepEqual(faultsOf(server.taken, { domain: 'dome.test', postal_address }), []);
});
