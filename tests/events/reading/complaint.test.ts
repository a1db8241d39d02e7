import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMail } from './returned.ts';

const shown = async (name: string) => {
  const { kind, feedback_type, recipients } = await readMail(name);
  return { kind, feedback_type, readers: recipients.map(({ address }) => address) };
};

test('a feedback report of abuse is a complaint of the reader it names', async () => {
  const expected = { kind: 'complaint', feedback_type: 'abuse', readers: ['ann@reader.example'] };
  assert.deepEqual(await shown('complaint'), expected);
  const { recipients, original_message_id } = await readMail('complaint');
  assert.deepEqual([recipients[0]?.reason, recipients[0]?.hard], ['complaint', false]);
  assert.equal(original_message_id, 'e14.ann@dome.example');
});

test('a complaint that names no reader is one of those to whom the mail was addressed', async () => {
  const expected = { kind: 'complaint', feedback_type: 'abuse', readers: ['ann@reader.example'] };
  assert.deepEqual(await shown('complaint-without-reader'), expected);
});

test('a junk button without a report, and a notice of Amazon SES, are complaints too', async () => {
  const expected = { kind: 'complaint', feedback_type: 'abuse', readers: ['ann@reader.example'] };
  assert.deepEqual(await shown('junk-button'), expected);
  assert.deepEqual(await shown('ses-complaint'), expected);
});

test('a report that a mail is no spam, or on signatures, is no complaint', async () => {
  assert.deepEqual(await shown('praise'), { kind: 'other', feedback_type: 'not-spam', readers: [] });
  assert.deepEqual(await shown('signature-report'), {
    kind: 'other',
    feedback_type: 'auth-failure',
    readers: [],
  });
});
