import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReturned } from '../../../src/events/reading/read.ts';
import { readMail } from './returned.ts';

const answer = (fields: string, text: string): Buffer =>
  Buffer.from(
    `From: Ann <ann@reader.example>\n${fields}\nContent-Type: text/plain; charset=utf-8\n\n${text}\n`,
  );

test('an answer from a reader who is away is automatic, and never a report', async () => {
  for (const name of ['away', 'away-german']) {
    const { kind, recipients } = await readMail(name);
    assert.equal(kind, 'automatic', name);
    assert.deepEqual(
      recipients.map(({ reason, hard }) => [reason, hard]),
      [['vacation', false]],
      name,
    );
  }
});

test('many ways of being away are known by header or by subject', async () => {
  const ways = [
    'Subject: Re: news\nAuto-Submitted: auto-replied (vacation)',
    'Subject: Re: news\nX-Autoreply: yes',
    'Subject: Re: news\nPrecedence: auto_reply',
    'Subject: Out of office: news',
    'Subject: Réponse automatique : news',
    'Subject: Respuesta automática: news',
    'Subject: Автоответ: news',
    'Subject: 自動応答: news',
    'Subject: 自动回复: news',
  ];
  for (const fields of ways) {
    const { kind } = await readReturned(answer(fields, 'Thank you for your message.'));
    assert.equal(kind, 'automatic', fields);
  }
});

test('what an answer says of other mail makes it no report, though it comes from nobody', async () => {
  const marks = 'Return-Path: <>\nAuto-Submitted: auto-replied';
  for (const text of [
    'I am travelling and only temporarily online; you can reach my colleague bob@reader.example.',
    'My e-mail address has changed. You can reach me at ann@new.example.',
    'The bill you wrote of was rejected.',
  ]) {
    const { kind } = await readReturned(answer(`Subject: Re: Stocks bounce back\n${marks}`, text));
    assert.equal(kind, 'automatic', text);
  }
});

test('a letter with an ordinary subject is not automatic', async () => {
  for (const fields of [
    'Subject: A way out',
    'Subject: Vacant seats',
    'Subject: Re: news\nAuto-Submitted: no',
  ]) {
    const { kind } = await readReturned(answer(fields, 'I read it with pleasure.'));
    assert.equal(kind, 'other', fields);
  }
});
