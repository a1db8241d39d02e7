import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLinks, type LinkPurpose } from '../../src/subscribers/link.ts';

const OLD = 'o'.repeat(32);
const NEW = 'n'.repeat(32);
const links = createLinks([NEW, OLD], 'https://dome.test');
const purposes: LinkPurpose[] = ['confirm', 'subscription', 'leave', 'preview'];
const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

test('a link comes back as the target it was made for', () => {
  fc.assert(
    fc.property(fc.constantFrom(...purposes), id, id, (purpose, subject, publication) => {
      const target = { purpose, subject, publication };
      assert.deepEqual(links.read(purpose, links.token(target)), target);
    }),
  );
});

test('a link with any one character changed, cut or added opens nothing', () => {
  const token = links.token({ purpose: 'leave', subject: 4711, publication: 1 });
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
      fc.pre(token[at] !== character);
      assert.equal(links.read('leave', token.slice(0, at) + character + token.slice(at + 1)), undefined);
      assert.equal(links.read('leave', token.slice(0, at)), undefined);
      assert.equal(links.read('leave', token + character), undefined);
    }),
  );
});

test('a link made for one thing does not do another', () => {
  const token = links.token({ purpose: 'subscription', subject: 7, publication: 1 });
  for (const purpose of purposes.filter((other) => other !== 'subscription')) {
    assert.equal(links.read(purpose, token), undefined);
    assert.equal(
      links.read(
        purpose,
        links.token({ purpose: 'leave', subject: 7, publication: 1 }).replace(/^l/, purpose[0] as string),
      ) === undefined,
      purpose !== 'leave',
    );
  }
});

test('a link mailed under an older key still opens after the key has changed, and not once that key is gone', () => {
  const mailed = createLinks([OLD], 'https://dome.test').token({
    purpose: 'leave',
    subject: 7,
    publication: 1,
  });
  assert.equal(links.read('leave', mailed)?.subject, 7);
  assert.equal(createLinks([NEW], 'https://dome.test').read('leave', mailed), undefined);
});

test('addresses stay short enough for one header line', () => {
  const url = links.url({ purpose: 'leave', subject: 999_999_999, publication: 99 });
  assert.match(url, /^https:\/\/dome\.test\/leave\/[\w-]+$/);
  assert.ok(url.length < 75, url);
});
