import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFirstName } from '../../src/subscribers/first-name.ts';

test('a name is taken in any script and with any sign, blanks folded; none is null', () => {
  assert.equal(parseFirstName('  Mary   Ann '), 'Mary Ann');
  for (const name of ['علی', '{{secret}} <b>', "O'Neil & Söhne 🎈"]) assert.equal(parseFirstName(name), name);
  for (const none of ['', '   ', null, undefined]) assert.equal(parseFirstName(none), null);
});

test('a name with a line break, a link or no end is refused with what is wrong', () => {
  assert.throws(() => parseFirstName('Ann\nBcc: x'), /line break/);
  assert.throws(() => parseFirstName('Win at https://x.example'), /a link/);
  assert.throws(() => parseFirstName('see www.x.example'), /a link/);
  assert.throws(() => parseFirstName('a'.repeat(61)), /more than 60/);
  assert.equal(parseFirstName('🎈'.repeat(60))?.length, 120);
});
