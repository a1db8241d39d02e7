import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '../../src/subscribers/address.ts';
import { addressKeys, canonicalAddress } from '../../src/subscribers/address-key.ts';

const strict = (text: string) => canonicalAddress(parseAddress(text)).strict;
const loose = (text: string) => canonicalAddress(parseAddress(text)).loose;
const OLD = 'the oldest key, which has been here from the first day';
const NEW = 'a newer key, put in front of the list to sign with';

test('spellings that one mailbox answers to are one address', () => {
  for (const text of ['a.n.n@gmail.com', 'Ann+trial@GoogleMail.com', 'ANN@gmail.com'])
    assert.equal(strict(text), 'ann@gmail.com');
  for (const domain of [
    'outlook.com',
    'hotmail.co.uk',
    'live.fr',
    'icloud.com',
    'me.com',
    'fastmail.com',
    'proton.me',
  ])
    assert.equal(strict(`Ann.B+x@${domain}`), `ann.b@${domain}`);
  assert.equal(strict('e\u0301va@example.org'), strict('éva@example.org'));
});

test('spellings that may be two people stay two, and are only marked as alike', () => {
  assert.equal(strict('ann+news@example.org'), 'ann+news@example.org');
  assert.equal(loose('ann+news@example.org'), loose('ann@example.org'));
  assert.notEqual(strict('a.nn@example.org'), strict('ann@example.org'));
  assert.notEqual(loose('ann-lists@yahoo.com'), loose('ann@yahoo.com'));
  assert.equal(strict('+@gmail.com'), '+@gmail.com');
});

test('keys keep through a change of the signing key, and tell nothing without it', () => {
  const ann = parseAddress('ann@example.org');
  assert.deepEqual(addressKeys([NEW, OLD], ann), addressKeys([OLD], ann));
  assert.notEqual(addressKeys([NEW], ann).strict, addressKeys([OLD], ann).strict);
  assert.match(addressKeys([OLD], ann).strict, /^[0-9a-f]{64}$/);
});
