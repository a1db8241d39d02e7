import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDate } from '../../src/feeds/parsing/dates.ts';

for (const [text, expected] of Object.entries({
  'Mon, 23 Nov 2026 10:00:00 GMT': '2026-11-23T10:00:00Z',
  'Mon, 23 Nov 2026 10:00:00 -0500': '2026-11-23T15:00:00Z',
  'Mon, 23 Nov 2026 10:00:00 EST': '2026-11-23T15:00:00Z',
  'Mon, 23 Nov 2026 10:00 PDT': '2026-11-23T17:00:00Z',
  'Mon, 23 Nov 2026 10:00:00 +05:30': '2026-11-23T04:30:00Z',
  'Mon, 23 Nov 2026 10:00:00 GMT+2': '2026-11-23T08:00:00Z',
  'Mon, 23 Nov 2026 10:00:00 Etc/GMT': '2026-11-23T10:00:00Z',
  'Mon, 23 Nov 2026 10:00:00 +0000 (UTC)': '2026-11-23T10:00:00Z',
  'Monday, 23-Nov-26 10:00:00 GMT': '2026-11-23T10:00:00Z',
  '23 Nov 26 10:00 Z': '2026-11-23T10:00:00Z',
  'Thur, 1 January 2004': '2004-01-01T00:00:00Z',
  'Wed, 31 Dec 2003 24:00:00 GMT': '2004-01-01T00:00:00Z',
  'November 23, 2026 at 3:05 pm EST': '2026-11-23T20:05:00Z',
  'Sun Jan  4 16:29:06 PST 2004': '2004-01-05T00:29:06Z',
  'Sun Jan  4 16:29:06 2004': '2004-01-04T16:29:06Z',
  'Fri, 2006/09/15 08:19:53 EDT': '2006-09-15T12:19:53Z',
  '02 Feb 02': '2002-02-02T00:00:00Z',
  '2003-12-31T10:14:55Z': '2003-12-31T10:14:55Z',
  '2003-12-31T10:14:55.123-08:00': '2003-12-31T18:14:55Z',
  '2003-12-31T10:14Z': '2003-12-31T10:14:00Z',
  '2003-12-31t10:14:55z': '2003-12-31T10:14:55Z',
  '20031231T101455Z': '2003-12-31T10:14:55Z',
  '2004-07-08 23:56:58.0': '2004-07-08T23:56:58Z',
  '2003-12-31': '2003-12-31T00:00:00Z',
  '20031231': '2003-12-31T00:00:00Z',
  '2003-335': '2003-12-01T00:00:00Z',
  '2003335': '2003-12-01T00:00:00Z',
  '2003-12': '2003-12-01T00:00:00Z',
  '2003': '2003-01-01T00:00:00Z',
  '2003-02-31': undefined,
  'Mon, 31 Feb 2003 10:00:00 GMT': undefined,
  '9999-12-31': undefined,
  yesterday: undefined,
  '': undefined,
})) {
  test(`"${text}" is ${expected ?? 'no date'}`, () => assert.equal(parseDate(text)?.toString(), expected));
}

test('any moment survives being written as RFC 822 or ISO 8601', () => {
  const moments = fc.date({ min: new Date('1971-01-01'), max: new Date('2069-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(moments, (moment) => {
      const expected = Math.floor(moment.getTime() / 1000) * 1000;
      assert.equal(parseDate(moment.toUTCString())?.epochMilliseconds, expected);
      assert.equal(parseDate(moment.toISOString())?.epochMilliseconds, expected);
    }),
  );
});

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseDate(text)));
  fc.assert(fc.property(fc.stringMatching(/^[0-9T:+ -]{0,30}$/), (text) => void parseDate(text)));
});
