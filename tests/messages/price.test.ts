import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money, pricesLabel } from '../../src/messages/words/price.ts';

test('prices are said as a person would', () => {
  assert.deepEqual([money(4900, 'USD'), money(4950, 'USD')], ['$49', '$49.50']);
  const monthly = { price_cents: 1900, currency: 'USD', interval: 'month' } as const;
  assert.equal(pricesLabel([]), null);
  assert.equal(pricesLabel([monthly]), '$19 a month');
  assert.equal(
    pricesLabel([monthly, { price_cents: 19_000, currency: 'EUR', interval: 'year' }]),
    '$19 a month or €190 a year',
  );
});
