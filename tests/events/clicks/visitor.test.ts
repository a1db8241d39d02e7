import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNKNOWN_VISITOR, visitorOf } from '../../../src/events/clicks/visitor.ts';

const today = { key: 'a key', day: '2026-11-23' };
const named = (ip: string | null, over = {}) => visitorOf(ip, { ...today, ...over });

test('an address has one name a day, another the next, and another under another key', () => {
  assert.equal(named('192.0.2.7'), named('192.0.2.7'));
  const names = [named('192.0.2.7'), named('192.0.2.8'), named('192.0.2.7', { day: '2026-11-24' })];
  names.push(named('192.0.2.7', { key: 'another' }));
  assert.equal(new Set(names).size, 4);
  for (const name of names) assert.match(name, /^[\w-]{16}$/);
});

test('an IPv4 address is the same inside IPv6, and an IPv6 address counts by its /64', () => {
  assert.equal(named('::ffff:192.0.2.7'), named('192.0.2.7'));
  assert.equal(named('2001:db8:0:1::1'), named('2001:0db8:0000:0001:ffff:ffff:ffff:ffff'));
  assert.notEqual(named('2001:db8:0:1::1'), named('2001:db8:0:2::1'));
  assert.equal(named('2001:db8::1'), named('2001:db8::1:0:0:2'));
  assert.equal(named('fe80::1%eth0'), named('fe80::2'));
  assert.equal(named('::1'), named('::2'));
});

test('what is no address names nobody', () => {
  for (const ip of [null, '', 'unknown', '1.2.3', '1.2.3.4, 5.6.7.8'])
    assert.equal(named(ip), UNKNOWN_VISITOR);
});
