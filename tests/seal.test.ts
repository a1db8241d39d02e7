import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeal } from '../src/seal.ts';

const [OLD, NEW] = ['an old key, long enough to be one here', 'a new key, long enough to be one, too'];

test('what is sealed opens for its purpose alone, and under an older key too once a new one stands before it', () => {
  const sealed = createSeal([OLD]).seal('sign-in', 'a secret, ünïcode');
  assert.doesNotMatch(Buffer.from(sealed, 'base64url').toString('latin1'), /secret/);
  assert.equal(createSeal([OLD]).open('sign-in', sealed), 'a secret, ünïcode');
  assert.equal(createSeal([NEW, OLD]).open('sign-in', sealed), 'a secret, ünïcode');
  assert.equal(createSeal([OLD]).open('new-password', sealed), undefined);
  assert.equal(createSeal([NEW]).open('sign-in', sealed), undefined);
});

test('the first key seals, and the same text is never sealed the same', () => {
  const { seal } = createSeal([NEW, OLD]);
  assert.equal(createSeal([NEW]).open('x', seal('x', 'text')), 'text');
  assert.notEqual(seal('x', 'text'), seal('x', 'text'));
});

test('what was tampered with, cut short or never sealed does not open', () => {
  const { seal, open } = createSeal([OLD]);
  const bytes = Buffer.from(seal('x', 'text'), 'base64url');
  for (const place of bytes.keys()) {
    const bent = Buffer.from(bytes);
    bent[place] = (bent[place] as number) ^ 1;
    assert.equal(open('x', bent.toString('base64url')), undefined);
    assert.equal(open('x', bytes.subarray(0, place).toString('base64url')), undefined);
  }
  assert.throws(() => createSeal([]), /no key/);
});
