import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitCredit } from '../../src/articles/intake/reading/credit.ts';
import { summarise } from '../../src/articles/intake/summary.ts';

test('a summary is what the feed says, without what its system adds', () => {
  assert.equal(
    summarise('The vote slipped. The post CR vote slips appeared first on Dome Daily.', ''),
    'The vote slipped.',
  );
  assert.equal(
    summarise('The vote slipped to Thursday… Continue reading CR vote slips →', ''),
    'The vote slipped to Thursday…',
  );
});

test('without a summary the first paragraph of the body stands in', () => {
  const body =
    '<figure><figcaption>A dome</figcaption></figure><p>WASHINGTON</p><p>The vote slipped to Thursday, leaders said.</p><p>More.</p>';
  assert.equal(summarise('', body), 'The vote slipped to Thursday, leaders said.');
  assert.equal(summarise('', '<p>Short.</p>'), 'Short.');
  assert.equal(summarise('', ''), '');
});

test('a long summary ends with a sentence, or at a word', () => {
  const sentence = 'The vote slipped to Thursday, leaders said on their way out. ';
  assert.equal(summarise(sentence.repeat(20).trim(), ''), sentence.repeat(8).trim());
  const endless = summarise('word '.repeat(300), '');
  assert.ok(endless.length <= 501 && endless.endsWith('word…'), endless);
  const wide = summarise('🏛'.repeat(600), '');
  assert.ok(wide.isWellFormed() && wide.length <= 501);
});

test('a caption and its credit are told apart', () => {
  const cases: [string, string | null, string | null][] = [
    ['The Capitol at dusk. (Ann Reed/AP)', 'The Capitol at dusk.', 'Ann Reed/AP'],
    [
      'The Capitol at dusk. (Photo by Ann Reed/Getty Images)',
      'The Capitol at dusk.',
      'Ann Reed/Getty Images',
    ],
    ['The Capitol at dusk. (AP Photo/Ann Reed)', 'The Capitol at dusk.', 'AP Photo/Ann Reed'],
    ['The Capitol at dusk. Photo by Ann Reed/AP', 'The Capitol at dusk.', 'Ann Reed/AP'],
    ['The Capitol at dusk. Photograph: Ann Reed/Reuters', 'The Capitol at dusk.', 'Ann Reed/Reuters'],
    ['The Capitol at dusk | Ann Reed/Dome Daily', 'The Capitol at dusk', 'Ann Reed/Dome Daily'],
    ['The Capitol at dusk. Ann Reed / AFP', 'The Capitol at dusk.', 'Ann Reed / AFP'],
    ['The Capitol at dusk. Credit: Library of Congress', 'The Capitol at dusk.', 'Library of Congress'],
    ['© Ann Reed', null, 'Ann Reed'],
    ['الكابيتول عند الغروب. تصوير: سامي نور', 'الكابيتول عند الغروب.', 'سامي نور'],
    ['Members (left to right) leave.', 'Members (left to right) leave.', null],
    ['The speaker (in 2019)', 'The speaker (in 2019)', null],
    ['A photo by the door of the room', 'A photo by the door of the room', null],
    ['', null, null],
  ];
  for (const [text, caption, credit] of cases) assert.deepEqual(splitCredit(text), { caption, credit }, text);
});
