import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { convertedLetter } from '../../src/messages/letters/converted.ts';
import { resumedLetter } from '../../src/messages/letters/pause.ts';
import { confirmLetter, welcomeLetter } from '../../src/messages/letters/sign-up.ts';
import { trialEndedLetter, trialEndingLetter, trialValueLetter } from '../../src/messages/letters/trial.ts';
import { winBackLetter } from '../../src/messages/letters/win-back.ts';
import { judgeMail } from '../support/judge-mail.ts';
import { type Samples, sampleLetter } from '../support/letter-data.ts';
import { SAMPLE_LETTERS } from '../support/letters.ts';

const confirm = sampleLetter('confirm');
const welcome = sampleLetter('welcome');
const ending = sampleLetter('trial-ending');
const ended = sampleLetter('trial-ended');
// a variant is judged by the words of the welcome's sample
const converted = { ...sampleLetter('converted'), why: sampleLetter('welcome').why };

describe('every letter is fit to be sent', () => {
  const letters = {
    ...Object.fromEntries(Object.entries(SAMPLE_LETTERS).map(([name, make]) => [name, make()])),
    'resumed, nothing missed': resumedLetter({ ...sampleLetter('resumed'), missed: [], more: 0 }),
    'converted, for good': convertedLetter({ ...converted, paid_until: null, price: null, credited: 0 }),
    'converted, after grace': convertedLetter({ ...converted, credited: -2 }),
    'win-back, the last': winBackLetter({ ...sampleLetter('win-back'), is_last: true, price: null }),
    'value, sections chosen': trialValueLetter({ ...sampleLetter('trial-value'), sections_url: null }),
    'welcome, before any edition': welcomeLetter({ ...welcome, latest_edition_url: null }),
    'trial ending, the last': trialEndingLetter({ ...ending, editions_left: 1, price: null }),
    'trial ended, nothing more to ask': trialEndedLetter({ ...ended, ask_more_url: null, price: null }),
  };
  for (const [name, letter] of Object.entries(letters)) {
    test(name, async () => {
      const { name: publication, postal_address: postal } = confirm.publication;
      const { why } = name in SAMPLE_LETTERS ? sampleLetter(name as keyof Samples) : welcome;
      const to_newsroom = ['address-failing', 'group-request', 'invoice-request', 'desk-call'].includes(name);
      await judgeMail(await letter, { name: publication, postal, why, to_newsroom });
    });
  }
});

test('the welcome letter names the first edition, and says that there is no card and nothing to cancel', async () => {
  const { subject, html, text } = await welcomeLetter(welcome);
  assert.equal(subject, 'Your first edition comes Friday, Nov. 13');
  for (const part of [html, text]) {
    assert.match(part, /Friday,\s+November\s+13/);
    assert.match(part, /10 editions, no card, nothing to cancel/);
    assert.ok(part.includes(welcome.latest_edition_url!));
  }
});

test('the welcome letter of a trial that counts days says days', async () => {
  const { html, text } = await welcomeLetter({ ...welcome, unit: 'publishing_days' });
  for (const part of [html, text]) assert.match(part, /Your free trial: 10 publishing days, no card/);
  assert.match(
    (await welcomeLetter({ ...welcome, unit: 'publishing_days', allowance: 1 })).text,
    /1 publishing day,/,
  );
});

test('the ending letter counts down, and says “about” until the date is certain', async () => {
  const three = await trialEndingLetter(ending);
  assert.equal(three.subject, '3 free editions left');
  assert.match(three.text, /The last one comes\s+about\s+Friday, December 4\./);
  const certain = await trialEndingLetter({ ...ending, certain: true });
  assert.match(certain.text, /The last one comes\s+on\s+Friday, December 4\./);
  const last = await trialEndingLetter({ ...ending, editions_left: 1, certain: true });
  assert.equal(last.subject, 'Your next edition is the last free one');
  assert.match(last.html, /on Friday, December 4, is the last of your free trial/);
});

test('the ended letter counts what the reader had, and offers more only where more may be asked for', async () => {
  assert.match((await trialEndedLetter({ ...ended, editions_received: 1 })).text, /ended after 1 edition\./);
  const without = await trialEndedLetter({ ...ended, ask_more_url: null });
  for (const part of [without.html, without.text]) assert.doesNotMatch(part, /five more/);
});

test('a reader who gave no name is greeted without one, and a name of any script as it is', async () => {
  assert.match((await welcomeLetter({ ...welcome, first_name: null })).text, /\nHello,\n/);
  const { html, text } = await welcomeLetter({ ...welcome, first_name: 'سارہ {{x}} <b>' });
  assert.ok(html.includes('Hello <span dir="rtl" lang="ur">سارہ</span> {{x}} &lt;b&gt;,'));
  assert.ok(text.includes('Hello \u2068سارہ\u2069 {{x}} <b>,'));
});

test('a letter whose link is none of the web is not made', async () => {
  assert.throws(() => confirmLetter({ ...confirm, confirm_url: 'javascript:alert(1)' }), {
    kind: 'invalid',
    message: /confirm_url/,
  });
});
