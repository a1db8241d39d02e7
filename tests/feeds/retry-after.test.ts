import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfter } from '../../src/feeds/retry-after.ts';

const now = Temporal.Instant.from('2026-11-23T10:00:00Z');

for (const [value, expected] of [
  ['120', '2026-11-23T10:02:00Z'],
  [' 0 ', '2026-11-23T10:00:00Z'],
  ['Mon, 23 Nov 2026 12:30:00 GMT', '2026-11-23T12:30:00Z'],
  ['soon', undefined],
  ['-5', undefined],
  ['', undefined],
] as const) {
  test(`Retry-After "${value}" means ${expected ?? 'nothing'}`, () => {
    assert.equal(retryAfter({ 'retry-after': value }, now)?.toString(), expected);
  });
}

test('without the header there is nothing to wait for', () => assert.equal(retryAfter({}, now), null));
