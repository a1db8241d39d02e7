import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeWords } from '../../../src/events/reading/header.ts';
import { takeApart } from '../../../src/events/reading/mime.ts';

const leaf = (fields: string, body: string | Buffer) =>
  takeApart(Buffer.concat([Buffer.from(`${fields}\n\n`), Buffer.from(body)])).parts;

test('a part is decoded from base64 and quoted-printable, in its charset', () => {
  const type = 'Content-Type: text/plain; charset=';
  const russian = Buffer.from([0xce, 0xc5, 0xd4]);
  assert.equal(leaf(`${type}koi8-r`, russian)[0]?.text, 'нет');
  assert.equal(
    leaf(`${type}utf-8\nContent-Transfer-Encoding: base64`, Buffer.from('voilà').toString('base64'))[0]?.text,
    'voilà',
  );
  assert.equal(
    leaf(`${type}iso-8859-1\nContent-Transfer-Encoding: quoted-printable`, 'voil=E0 a long =\nline')[0]?.text,
    'voilà a long line',
  );
  assert.equal(leaf(`${type}x-nobody-knows`, 'voilà')[0]?.text, 'voilà');
});

test('parts keep their order and types; a message inside is a leaf, header and all', () => {
  const body = [
    'before',
    '--b',
    'Content-Type: multipart/alternative; boundary=c',
    '',
    '--c',
    '',
    'plain',
    '--c',
    'Content-Type: text/html',
    '',
    '<p>page</p>',
    '--c--',
    '--b',
    'Content-Type: message/rfc822',
    '',
    'Subject: news',
    '',
    'old',
    '--b--',
    'after',
  ].join('\n');
  assert.deepEqual(
    leaf('Content-Type: multipart/mixed; boundary=b', body).map(({ type, text }) => [type, text.trim()]),
    [
      ['text/plain', 'plain'],
      ['text/html', '<p>page</p>'],
      ['message/rfc822', 'Subject: news\n\nold'],
    ],
  );
});

test('pictures and programs are not read', () => {
  assert.deepEqual(leaf('Content-Type: image/png', 'mailbox full'), [{ type: 'image/png', text: '' }]);
});

test('encoded words and bare UTF-8 in a header are read, and what is neither stays as it is', () => {
  assert.equal(decodeWords('=?utf-8?q?caf=C3=A9_au?= =?utf-8?q?_lait?='), 'café au lait');
  assert.equal(decodeWords(Buffer.from('Réponse').toString('latin1')), 'Réponse');
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme-ascii' }).filter((text) => !text.includes('=?')),
      (text) => {
        assert.equal(decodeWords(text), text);
      },
    ),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (text) => {
      const encoded = `=?utf-8?B?${Buffer.from(text.toWellFormed()).toString('base64')}?=`;
      assert.equal(decodeWords(encoded), text.toWellFormed().replace(/^\ufeff/, ''));
    }),
  );
});
