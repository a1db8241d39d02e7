import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PresstimeError } from '../../src/errors.ts';
import { mayReach, requireReachable } from '../../src/feeds/reach.ts';

const strict = { allowLoopback: false };
const developing = { allowLoopback: true };

const PRIVATE = [
  'http://127.0.0.1/',
  'http://127.255.255.254/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://127.1/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::7f00:1]/',
  'http://[0:0:0:0:0:ffff:a9fe:a9fe]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[fe80::1]/',
  'http://[fc00::1]/',
  'http://[fec0::1]/',
  'http://[4000::1]/',
  'http://[::]/',
  'http://0.0.0.0/',
  'http://10.0.0.1/',
  'http://100.64.0.1/',
  'http://169.254.169.254/latest/',
  'http://172.16.0.1/',
  'http://192.168.1.1/',
  'http://192.0.2.1/',
  'http://198.18.0.1/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
];

test('no spelling of a private address is reached', () => {
  for (const url of PRIVATE) {
    assert.throws(
      () => requireReachable(url, strict),
      (error) => error instanceof PresstimeError && error.kind === 'forbidden' && error.message.includes(url),
      url,
    );
  }
});

test('in development loopback is reached, and nothing else that is private', () => {
  const open = PRIVATE.filter((url) => mayReach(new URL(url).hostname.replace(/^\[|\]$/g, ''), developing));
  assert.deepEqual(
    open,
    PRIVATE.filter(
      (url) =>
        /127|2130706433|0x7f|0177|::1\]|:7f00:1\]/.test(url) &&
        !/64:ff9b|2002|\[::7f00/.test(url) &&
        !/fe80|fc00|fec0|4000/.test(url),
    ),
  );
});

test('public addresses are reached', () => {
  for (const url of ['http://8.8.8.8/', 'https://[2606:4700::1111]/', 'https://example.org:8443/feed']) {
    assert.equal(requireReachable(url, strict).href, url);
  }
});

test('only http and https are reached', () => {
  for (const url of ['file:///etc/passwd', 'ftp://example.org/', 'data:text/xml,<rss/>', 'javascript:1']) {
    assert.throws(() => requireReachable(url, strict), /only http: and https:/);
  }
  assert.throws(() => requireReachable('//example.org', strict), /is no address/);
});
