import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  cutToGraphemes,
  cutToWords,
  graphemeCount,
  preheaderFrom,
  shortDate,
  subjectFrom,
  wordCount,
} from '../../src/editions/wording.ts';

test('a subject is the lead headline, cut behind a word at sixty signs', () => {
  assert.equal(subjectFrom('CR vote slips to Thursday'), 'CR vote slips to Thursday');
  const long = 'Senate leaders abandon plan to finish the harbor bill before the recess begins';
  const subject = subjectFrom(long);
  assert.equal(subject, 'Senate leaders abandon plan to finish the harbor bill…');
  assert.ok(graphemeCount(subject) <= 60);
  assert.equal(
    subjectFrom('Governor signs bill banning the sale of lobsters from the lakes of the north'),
    'Governor signs bill banning the sale of lobsters…',
  );
});

test('no subject passes for an answer or a forwarded mail, whatever the headline begins with', () => {
  assert.equal(subjectFrom('Re: Fwd: the memo that nobody sent'), 'the memo that nobody sent');
  assert.equal(subjectFrom('Fw: a note'), 'a note');
  assert.equal(subjectFrom('Recount: eleven ballots'), 'Recount: eleven ballots');
});

test('signs are counted as readers see them', () => {
  assert.equal(graphemeCount('👩‍👩‍👧‍👦é'), 2);
  assert.equal(subjectFrom('👩‍👩‍👧‍👦'.repeat(60)), '👩‍👩‍👧‍👦'.repeat(60));
});

test('a headline without spaces is cut all the same', () => {
  const subject = subjectFrom('議'.repeat(90));
  assert.equal(graphemeCount(subject), 60);
  assert.ok(subject.endsWith('…'));
});

test('the preheader is the second and third story, long enough and not too long', () => {
  assert.equal(
    preheaderFrom(['Ferry runs aground', 'Governor signs budget', 'Not needed']),
    'Ferry runs aground | Governor signs budget',
  );
  assert.equal(preheaderFrom(['One story', 'two', 'three']), 'One story | two | three');
  const long = preheaderFrom(['x'.repeat(30), 'many words that go on and on '.repeat(6)]);
  assert.ok(graphemeCount(long) <= 110 && long.endsWith('…'));
  assert.equal(preheaderFrom([]), '');
});

test('a summary keeps whole sentences where it can', () => {
  const text = 'One two three four five six. Seven eight nine ten. Eleven twelve thirteen.';
  assert.equal(
    cutToWords(text, { least: 4, most: 10 }),
    'One two three four five six. Seven eight nine ten.',
  );
  assert.equal(cutToWords(text, { least: 8, most: 9 }), 'One two three four five six. Seven eight nine…');
  assert.equal(cutToWords('Short.', { least: 30, most: 60 }), 'Short.');
});

test('what a feed cut off in mid-sentence ends at the sentence before, where enough is left', () => {
  const cut = 'The vote was close, and the chamber quiet. Then the clerk began to...';
  assert.equal(cutToWords(cut, { least: 5, most: 30 }), 'The vote was close, and the chamber quiet.');
  assert.equal(cutToWords(cut, { least: 10, most: 30 }), `${cut.slice(0, -3)}…`);
});

test('no cut is ever longer than asked, and what fits is left alone', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.integer({ min: 1, max: 80 }),
      (text, most) => {
        assert.ok(graphemeCount(cutToGraphemes(text, most)) <= most);
        assert.ok(wordCount(cutToWords(text, { least: 1, most })) <= Math.max(most, 1));
      },
    ),
  );
});

test('dates are written as a newsroom writes them', () => {
  assert.equal(shortDate(Temporal.PlainDate.from('2026-11-20')), 'Nov. 20');
  assert.equal(shortDate(Temporal.PlainDate.from('2026-05-01')), 'May 1');
});
