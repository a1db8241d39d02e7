import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReturned } from '../../../src/events/reading/read.ts';
import { readMail, returnedMail } from './returned.ts';

const RETURN_PATH = 'b.7f3k.ann=reader.example@bounce.dome.example';

test('a report of RFC 3464 gives the recipient, the codes, the reason, and where our own marks stand', async () => {
  assert.deepEqual(await readMail('failed'), {
    kind: 'report',
    recipients: [
      {
        address: 'ann@reader.example',
        action: 'failed',
        status: '5.1.1',
        reply_code: 550,
        reason: 'mailbox_unknown',
        hard: true,
        diagnostic:
          '550 5.1.1 <ann@reader.example>: Recipient address rejected: no such person at this address',
      },
    ],
    sent_to: [RETURN_PATH],
    envid: 'd-20261102-00017+ann',
    original_message_id: 'e14.ann@dome.example',
    original_leave: null,
    original_from: RETURN_PATH,
    original_to: ['ann@reader.example'],
    feedback_type: null,
  });
});

test('line ends make no difference', async () => {
  const crlf = Buffer.from(returnedMail('failed').toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
  assert.deepEqual(await readReturned(crlf), await readMail('failed'));
});

test('each recipient of a report has its own outcome, and only one that failed for good is hard', async () => {
  const { recipients } = await readMail('several');
  assert.deepEqual(
    recipients.map(({ address, action, reason, hard }) => [address?.split('@')[0], action, reason, hard]),
    [
      ['ann', 'failed', 'mailbox_unknown', true],
      ['bob', 'failed', 'mailbox_full', false],
      ['cleo', 'delayed', 'expired', false],
      ['dora', 'delivered', 'delivered', false],
    ],
  );
});

test('a report in prose is read recipient by recipient, up to the mail that came back', async () => {
  const { kind, recipients, original_message_id, original_from } = await readMail('prose');
  assert.equal(kind, 'report');
  assert.deepEqual(
    recipients.map(({ address, reason, hard, status }) => ({ address, reason, hard, status })),
    [
      { address: 'ann@reader.example', reason: 'mailbox_unknown', hard: true, status: '5.1.1' },
      { address: 'bob@reader.example', reason: 'mailbox_full', hard: false, status: '5.2.2' },
    ],
  );
  assert.equal(original_message_id, 'e14.ann@dome.example');
  assert.equal(original_from, RETURN_PATH);
});

test('a warning that a mail is late is no failure', async () => {
  const { kind, recipients } = await readMail('delay');
  assert.equal(kind, 'report');
  assert.deepEqual(
    recipients.map(({ address, action, reason, hard }) => ({ address, action, reason, hard })),
    [{ address: 'bob@reader.example', action: 'delayed', reason: 'mailbox_full', hard: false }],
  );
});

test('reports in Japanese and in German are read in their own charsets, from text and from HTML', async () => {
  const read = await Promise.all(['japanese', 'german'].map(readMail));
  assert.deepEqual(
    read.map(({ recipients }) => recipients.map(({ address, reason }) => [address, reason])),
    [[['hana@keitai.example', 'mailbox_full']], [['joerg@leser.example', 'mailbox_full']]],
  );
});

test('a report whose boundary is not the one declared, and one forwarded as text, keep their fields', async () => {
  const lost = await readMail('lost-boundary');
  const forwarded = await readMail('forwarded');
  assert.deepEqual(
    [lost, forwarded].map(({ recipients }) => recipients.map(({ reason, hard }) => [reason, hard])),
    [[['domain_unknown', true]], [['mailbox_unknown', true]]],
  );
});

test('"user unknown" after the message was sent does not end a reader’s mail', async () => {
  const { recipients } = await readMail('after-data');
  assert.deepEqual([recipients[0]?.reason, recipients[0]?.hard], ['filtered', false]);
});

test('a refusal for want of a signature is about us, whatever else it says', async () => {
  const { recipients } = await readMail('unsigned');
  assert.deepEqual([recipients[0]?.reason, recipients[0]?.hard], ['authentication', false]);
});

test('a letter from a person is none of these, though it speaks of mail that failed', async () => {
  const { kind, recipients } = await readMail('letter');
  assert.deepEqual({ kind, recipients }, { kind: 'other', recipients: [] });
});

test('a notice of Amazon SES about a bounce is a report', async () => {
  const { kind, recipients } = await readMail('ses-bounce');
  assert.equal(kind, 'report');
  assert.deepEqual(
    recipients.map(({ address, reason, hard }) => ({ address, reason, hard })),
    [{ address: 'ann@reader.example', reason: 'mailbox_unknown', hard: true }],
  );
});
