import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog, redactAddresses } from '../src/log.ts';

test('no log line carries the local part of an address, wherever it stands', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  log.info(
    { to: 'ann.lee+x@house.test', err: new Error('550 <ann.lee+x@house.test> unknown') },
    'to عائشہ@dome.test failed',
  );
  const line = lines.join('');
  assert.ok(!line.includes('ann.lee') && !line.includes('عائشہ'), line);
  assert.ok(line.includes('***@house.test') && line.includes('***@dome.test'));
  assert.equal(JSON.parse(line).level, 'info');
});

test('text without addresses stays as it is', () => {
  const text = 'at 06:00 @presstime pressed 12 items';
  assert.equal(redactAddresses(text), text);
});
