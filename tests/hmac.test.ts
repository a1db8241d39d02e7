import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { hmacSha256 } from '../src/hmac.ts';

/** RFC 4231 §4.2 and §4.3, whose keys are text. */
const VECTORS: [key: string, text: string, mac: string][] = [
  ['\x0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [
    'Jefe',
    'what do ya want for nothing?',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
];

for (const [key, text, mac] of VECTORS) {
  test(`the code of RFC 4231 for ${JSON.stringify(text)}`, () => {
    assert.equal(hmacSha256(key)(text).toString('hex'), mac);
  });
}

test('for any key and text it is what createHmac makes, again and again', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(
    fc.property(text, text, text, (key, first, second) => {
      const mac = hmacSha256(key);
      for (const said of [first, second, first])
        assert.deepEqual(mac(said), createHmac('sha256', key).update(said).digest());
    }),
  );
});
