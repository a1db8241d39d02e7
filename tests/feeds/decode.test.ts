import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '../../src/feeds/decode.ts';

const PROLOG = '<?xml version="1.0" encoding="iso-8859-1"?><rss/>';
const PLAIN = '<?xml version="1.0"?><rss/>';

for (const [xml, type, encoding] of [
  [PLAIN, null, 'utf-8'],
  [PROLOG, null, 'iso-8859-1'],
  [PLAIN, 'application/rss+xml', 'utf-8'],
  [PROLOG, 'application/rss+xml', 'iso-8859-1'],
  [PROLOG, 'application/xml; charset=us-ascii', 'us-ascii'],
  [PROLOG, "application/atom+xml;charset= 'koi8-r'", 'koi8-r'],
  [PLAIN, 'text/xml', 'us-ascii'],
  [PROLOG, 'text/xml', 'us-ascii'],
  [PROLOG, 'text/atom+xml; qs=0.9', 'us-ascii'],
  [PLAIN, 'text/xml; charset:koi8-r', 'us-ascii'],
  [PLAIN, 'text/html; charset="gb2312"', 'gb18030'],
  [PROLOG, 'text/html', 'iso-8859-1'],
  [PLAIN, 'application/xml; charset=nonsense', 'utf-8'],
] as const) {
  test(`${type ?? 'no type'} and ${xml === PROLOG ? 'a prolog of iso-8859-1' : 'no prolog'} mean ${encoding}`, () => {
    assert.equal(decode(Buffer.from(xml), type).encoding, encoding);
  });
}

const WORDS = '<?xml version="1.0" encoding="utf-16"?><t>Łódź 日本 😀</t>';

test('UTF-16 and UTF-32 are read with a byte order mark or by the shape of their first bytes', () => {
  const little = Buffer.from(WORDS, 'utf16le');
  const big = Buffer.from(little).swap16();
  const wide = (littleEndian: boolean) => {
    const points = [...WORDS].map((char) => char.codePointAt(0) as number);
    const view = new DataView(new ArrayBuffer(points.length * 4));
    points.forEach((point, at) => void view.setUint32(at * 4, point, littleEndian));
    return new Uint8Array(view.buffer);
  };
  for (const [bytes, encoding] of [
    [little, 'utf-16le'],
    [big, 'utf-16be'],
    [Buffer.concat([Buffer.from([0xff, 0xfe]), little]), 'utf-16le'],
    [Buffer.concat([Buffer.from([0xfe, 0xff]), big]), 'utf-16be'],
    [wide(true), 'utf-32le'],
    [wide(false), 'utf-32be'],
    [Buffer.concat([Buffer.from([0, 0, 0xfe, 0xff]), wide(false)]), 'utf-32be'],
  ] as const) {
    assert.deepEqual(decode(bytes), { text: WORDS, encoding });
  }
});

test('a document that is not in the charset it claims is read in the one it is in', () => {
  const utf8 = Buffer.from('<?xml version="1.0" encoding="utf-8"?><t>Zürich اردو</t>');
  assert.equal(decode(utf8, 'text/xml').encoding, 'utf-8');
  assert.match(decode(utf8, 'text/xml; charset=us-ascii').text, /Zürich اردو/);
  const latin = Buffer.from('<?xml version="1.0" encoding="utf-8"?><t>Zürich</t>', 'latin1');
  assert.deepEqual([decode(latin).encoding, decode(latin).text.includes('Zürich')], ['windows-1252', true]);
});

test('Asian charsets are read by their names', () => {
  const bytes = (name: string, ...word: number[]) =>
    Buffer.concat([Buffer.from(`<?xml version="1.0" encoding="${name}"?><t>`), Buffer.from(word)]);
  assert.match(decode(bytes('euc-kr', 0xb3, 0xe2)).text, /년/);
  assert.match(decode(bytes('big5', 0xa4, 0xa4)).text, /中/);
  assert.match(decode(bytes('shift_jis', 0x93, 0xfa)).text, /日/);
});

test('control characters of Windows become the letters they were, others go', () => {
  assert.equal(decode(Buffer.from('don\u0092t \u0000\u0008stop\n')).text, 'don’t stop\n');
});

test('any bytes at all are text', () => {
  assert.equal(decode(Uint8Array.from({ length: 256 }, (_, at) => at)).encoding, 'windows-1252');
  assert.equal(decode(new Uint8Array()).text, '');
});
