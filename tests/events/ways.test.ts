import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { createTransport } from 'nodemailer';
import { SetClock } from '../../src/clock.ts';
import { connect, type Db } from '../../src/db/connect.ts';
import { openImapFolder } from '../../src/events/ways/imap-folder.ts';
import { LARGEST_BYTES, listenForReturned } from '../../src/events/ways/listen.ts';
import { readMailbox } from '../../src/events/ways/read-mailbox.ts';
import { workReturned } from '../../src/events/work-returned.ts';
import { findSuppression } from '../../src/subscribers/suppression.ts';
import { type Cast, seedCast, seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { startImap } from '../support/imap.ts';
import { noteJobs, PRESS } from '../support/press-room.ts';
import { bounce, handedOver, returnPath, working } from '../support/returned.ts';

let db: Db;
let cast: Cast;
let clock: SetClock;
let run_id: number;
const opened: Db[] = [];
after(() => Promise.all(opened.map((one) => one.destroy())));

beforeEach(async () => {
  db = connect(await freshTarget());
  opened.push(db);
  const publication = await seedPublication(db);
  cast = await seedCast(db, publication);
  const readers = [cast.ann, cast.bob];
  ({ run_id } = await handedOver(db, publication, readers, { date: '2026-11-23', at: PRESS }));
  clock = new SetClock(PRESS.add({ minutes: 10 }));
});

const ann = () => ({ run_id, seq: 1 });
const isSuppressed = async (who: 'ann' | 'bob') =>
  (await findSuppression(db, cast[who].address_key)) !== undefined;
const stored = () => db.selectFrom('returned').select(['way', 'sent_to']).orderBy('id').execute();

/** A listener on loopback and a mail server's way of writing to it: the code of the last answer, or of the refusal. */
async function listening() {
  const { enqueue, asked } = noteJobs();
  const listener = await listenForReturned(db, { ...working(clock), host: '127.0.0.1', port: 0, enqueue });
  after(() => listener.close());
  const transport = createTransport({ host: '127.0.0.1', port: listener.port, ignoreTLS: true });
  const send = async (raw: Buffer, to: string | string[]): Promise<string> => {
    try {
      return (await transport.sendMail({ raw, envelope: { from: '', to } })).response;
    } catch (error) {
      return (error as { response?: string }).response ?? String(error);
    }
  };
  return { send, asked, listener };
}

test('the listener stores a bounce to our return path before it says 250, and the job suppresses the reader', async () => {
  const { send, asked } = await listening();
  assert.match(await send(bounce(ann(), [{}]), returnPath(ann())), /^250/);
  assert.deepEqual(await stored(), [{ way: 'smtp', sent_to: returnPath(ann()) }]);
  assert.deepEqual(asked, [['work-returned', undefined]]);
  assert.deepEqual(await workReturned(db, working(clock)), { worked: 1, failed: 0 });
  assert.equal(await isSuppressed('ann'), true);
});

test('the listener takes mail to nobody but our signed return paths', async () => {
  const { send } = await listening();
  const forged = returnPath(ann()).replace(/-[0-9a-f]{20}@/, `-${'0'.repeat(20)}@`);
  for (const to of ['daily@dome.test', 'postmaster@dome.test', forged])
    assert.match(await send(bounce(ann(), [{}]), to), /^550 5\.1\.1/, to);
  assert.deepEqual(await stored(), []);
});

test('a mail to several of our return paths is stored for each of them', async () => {
  const { send } = await listening();
  const bob = { run_id, seq: 2 };
  assert.match(await send(bounce(ann(), [{}]), [returnPath(ann()), returnPath(bob)]), /^250/);
  assert.deepEqual(
    (await stored()).map(({ sent_to }) => sent_to),
    [returnPath(ann()), returnPath(bob)],
  );
});

test('the listener refuses a mail that is too large, and says so', async () => {
  const { send } = await listening();
  const large = Buffer.concat([bounce(ann(), [{}]), Buffer.alloc(LARGEST_BYTES, 'x\r\n')]);
  assert.match(await send(large, returnPath(ann())), /^552/);
  assert.deepEqual(await stored(), []);
});

test('a mail that cannot be stored stays with its sender', async () => {
  const enqueue = () => Promise.reject(new Error('the engine does not answer'));
  const listener = await listenForReturned(db, { ...working(clock), host: '127.0.0.1', port: 0, enqueue });
  after(() => listener.close());
  const transport = createTransport({ host: '127.0.0.1', port: listener.port, ignoreTLS: true });
  const sent = transport.sendMail({
    raw: bounce(ann(), [{}]),
    envelope: { from: '', to: returnPath(ann()) },
  });
  await assert.rejects(sent, { responseCode: 451 });
  assert.deepEqual(await stored(), []);
});

test('a taken port is said plainly', async () => {
  const { listener } = await listening();
  const { enqueue } = noteJobs();
  const again = listenForReturned(db, { ...working(clock), host: '127.0.0.1', port: listener.port, enqueue });
  await assert.rejects(again, {
    kind: 'unavailable',
    message: /cannot listen for returned mail on 127\.0\.0\.1:/,
  });
});

const read = (url: string) =>
  readMailbox(db, () => openImapFolder(url), { clock, enqueue: noteJobs().enqueue });

test('a mailbox is read over IMAP, its mails put aside once they are stored', async () => {
  const imap = await startImap([bounce(ann(), [{}]), Buffer.from('Subject: hello\r\n\r\nhello\r\n')]);
  assert.deepEqual(await read(imap.url), { taken: 2, known: 0 });
  assert.deepEqual(await stored(), [
    { way: 'imap', sent_to: null },
    { way: 'imap', sent_to: null },
  ]);
  assert.equal(imap.folders.get('INBOX')?.size, 0);
  assert.equal(imap.folders.get('Presstime')?.size, 2);
  await workReturned(db, working(clock));
  assert.equal(await isSuppressed('ann'), true);
  assert.deepEqual(await read(imap.url), { taken: 0, known: 0 });
  imap.folders.get('INBOX')?.set(9, bounce(ann(), [{}], { mark: 'later' }));
  assert.deepEqual(await read(imap.url), { taken: 1, known: 0 }, 'the folder to put aside in is there now');
  assert.equal(imap.folders.get('INBOX')?.size, 0);
});

test('a mailbox whose mails were stored but not put aside is read again, and nothing is taken twice', async () => {
  const imap = await startImap([bounce(ann(), [{}])]);
  imap.breakAt(/^UID MOVE/);
  await assert.rejects(read(imap.url));
  assert.equal((await stored()).length, 1);
  assert.equal(imap.folders.get('INBOX')?.size, 1);
  assert.deepEqual(await read(imap.url), { taken: 0, known: 1 });
  assert.equal((await stored()).length, 1);
  assert.equal(imap.folders.get('INBOX')?.size, 0);
});

test('a mailbox that cannot be reached is said plainly, without its password', async () => {
  const imap = await startImap([]);
  imap.breakAt(/^LOGIN|^AUTHENTICATE/);
  await assert.rejects(read(imap.url), (error: Error) => {
    assert.match(error.message, /cannot open the folder INBOX at 127\.0\.0\.1/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

test('without a mailbox nothing is read', async () => {
  assert.deepEqual(await readMailbox(db, undefined, { clock, enqueue: noteJobs().enqueue }), {
    taken: 0,
    known: 0,
  });
});
