import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from '../src/network.ts';

test('a network is an IPv4 address, or the /64 of an IPv6 one, in one spelling', () => {
  const cases: [string | null, string | null][] = [
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', null],
    ['', null],
    [null, null],
  ];
  for (const [ip, network] of cases) assert.equal(networkOf(ip), network, String(ip));
});
