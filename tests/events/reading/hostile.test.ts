import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readReturned } from '../../../src/events/reading/read.ts';
import { returnedMail } from './returned.ts';

const KINDS = ['report', 'complaint', 'automatic', 'other'];
const HEAD = 'From: MAILER-DAEMON@x.example\nReturn-Path: <>\nSubject: Undelivered mail\nContent-Type: ';

/** Only guards against hanging: what is quadratic takes minutes here. */
const PATIENCE = { timeout: 120_000 };

test('any bytes are read as something', PATIENCE, async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
      assert.ok(KINDS.includes((await readReturned(Buffer.from(bytes))).kind));
    }),
  );
});

test('a report cut off or damaged anywhere is read as something', PATIENCE, async () => {
  const whole = returnedMail('several');
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), fc.nat(whole.length), fc.nat(255), async (end, at, byte) => {
      const damaged = Buffer.from(whole.subarray(0, end));
      if (at < end) damaged[at] = byte;
      assert.ok(KINDS.includes((await readReturned(damaged)).kind));
    }),
  );
});

test('a mail of ten megabytes, whatever it repeats, does not hang', PATIENCE, async () => {
  for (const piece of ['a', '\n', '> ', '<a@b.example>:\n', '550 user ', '--b\n', '=?utf-8?b?', '<style>']) {
    for (const type of ['text/plain', 'text/html', 'multipart/report; boundary=b']) {
      const body = piece.repeat(Math.ceil(10_000_000 / piece.length));
      const { recipients } = await readReturned(Buffer.from(`${HEAD}${type}\n\n${body}`, 'latin1'));
      assert.ok(recipients.length <= 100, JSON.stringify(piece));
    }
  }
});

test('parts within parts within parts end at a depth', PATIENCE, async () => {
  const nested = Array.from(
    { length: 20_000 },
    (_, at) => `multipart/mixed; boundary=b${at}\n\n--b${at}\nContent-Type: `,
  );
  assert.equal((await readReturned(Buffer.from(`${HEAD}${nested.join('')}text/plain\n\nx`))).kind, 'report');
});

test('a mail without a header, and one without a body, say nothing', async () => {
  for (const raw of ['', '\n', 'no header at all', '\n\nbody only', 'Subject: news']) {
    const { kind, recipients } = await readReturned(Buffer.from(raw));
    assert.deepEqual({ kind, recipients }, { kind: 'other', recipients: [] }, JSON.stringify(raw));
  }
});

test('a report names at most a hundred recipients', async () => {
  const block = (at: number) => `Final-Recipient: rfc822; u${at}@x.example\nAction: failed\nStatus: 5.1.1\n`;
  const fields = Array.from({ length: 5_000 }, (_, at) => block(at)).join('\n');
  const type = 'multipart/report; boundary=b';
  const raw = `${HEAD}${type}\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n${fields}\n--b--`;
  const { recipients } = await readReturned(Buffer.from(raw));
  assert.ok(recipients.length > 50 && recipients.length <= 100, `${recipients.length} recipients`);
});
