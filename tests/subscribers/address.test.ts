import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAddress } from '../../src/subscribers/address.ts';

const read = (text: string): string => parseAddress(text).text;
const refusal = (text: string): string => {
  try {
    return `taken as ${read(text)}`;
  } catch (error) {
    assert.equal((error as { kind?: string }).kind, 'invalid');
    return (error as Error).message;
  }
};
const long = (length: number, letter = 'a') => letter.repeat(length);

test('a plain address is taken as it was typed, its domain in lower case', () => {
  assert.deepEqual(parseAddress(" Ann.O'Hara+news@Mail.Example.ORG\t"), {
    text: "Ann.O'Hara+news@mail.example.org",
    local: "Ann.O'Hara+news",
    domain: 'mail.example.org',
  });
  for (const text of [
    "!#$%&'*+-/=?^_`{|}~@example.org",
    '1@2.example',
    'a@b--c.example',
    `${long(64)}@example.org`,
    `a@${long(63)}.example`,
    `a@${`${long(30)}.`.repeat(8)}com`,
    'a@xn--bcher-kva.example',
  ])
    assert.equal(read(text), text);
});

test('letters of any script are taken on either side, the domain in its ASCII form', () => {
  assert.equal(read('用户@例子.公司'), '用户@xn--fsqu00a.xn--55qx5d');
  assert.equal(read('ann@BÜCHER.example'), 'ann@xn--bcher-kva.example');
  assert.equal(read('علی@example.org'), 'علی@example.org');
  assert.equal(read('क्‍ष@example.org'), 'क्‍ष@example.org');
});

test('a line break is refused wherever it stands, and named', () => {
  for (const text of [
    'ann@example.org\nBcc: all@example.org',
    'ann@example.org\r\n',
    '\rann@example.org',
    'an\u2028n@example.org',
  ])
    assert.match(refusal(text), /^".*" is not an address we can write to: it has a line break; expected one/);
});

test('every other fault is refused with what is wrong', () => {
  const faults: [string, RegExp][] = [
    ['', /it is empty/],
    ['ann', /it has no @/],
    ['ann@@example.org', /more than one @/],
    ['ann@example.org, bob@example.org', /it has a blank/],
    ['ann@example.org,bob@example.org', /more than one @/],
    ['a\u0000nn@example.org', /control character/],
    ['@example.org', /nothing stands before/],
    ['ann@', /no domain name/],
    ['.ann@example.org', /a dot stands at an end/],
    ['ann.@example.org', /a dot stands at an end/],
    ['an..n@example.org', /a dot stands at an end/],
    ['ann<b>@example.org', /a character before the @/],
    ['a\u202eb@example.org', /a character before the @/],
    ['"ann"@example.org', /quotation marks/],
    ['ann(home)@example.org', /comments/],
    ['ann@[127.0.0.1]', /part that is no name/],
    ['ann@127.0.0.1', /ends in a number/],
    ['ann@example', /no dot/],
    ['ann@example.org.', /a dot stands at an end of the domain/],
    ['ann@example..org', /a dot stands at an end of the domain/],
    ['ann@-example.org', /part that is no name/],
    ['ann@example-.org', /part that is no name/],
    ['ann@exa_mple.org', /part that is no name/],
    ['ann@ex％mple.org', /part that is no name/],
    [`${long(65)}@example.org`, /more than 64 bytes/],
    [`${long(33, 'é')}@example.org`, /more than 64 bytes/],
    [`a@${long(64)}.org`, /part that is no name/],
    [`a@${`${long(60)}.`.repeat(5)}org`, /longer than 253 bytes/],
    [`${long(64)}@${`${long(61)}.`.repeat(3)}abcdef`, /longer than 254 bytes/],
  ];
  for (const [text, wrong] of faults) assert.match(refusal(text), wrong, JSON.stringify(text));
});

test('what is taken is one address that reads as itself, whatever the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary' }), withAt()), (text) => {
      let taken: string;
      try {
        taken = read(text);
      } catch {
        return;
      }
      assert.equal(read(taken), taken);
      assert.match(taken, /^[^\s@,;<>"()[\]\\\p{Cc}]+@[a-z0-9.-]+$/u);
    }),
    { numRuns: 2000 },
  );
});

const withAt = () =>
  fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })).map((sides) => sides.join('@'));
