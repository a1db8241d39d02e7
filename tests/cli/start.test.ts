import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { presstime, startPresstime, stopPresstime } from '../support/presstime.ts';

const cwd = mkdtempSync(join(tmpdir(), 'presstime-two-'));
chmodSync(cwd, 0o755);
after(() => rmSync(cwd, { recursive: true, force: true }));
const env = { PORT: '4150', MAILBOX_PORT: '4650' };

test('of two starts at once in an empty folder one runs and the other says so; SIGTERM stops it in order', {
  timeout: 120_000,
}, async () => {
  const both = [startPresstime(cwd, env), startPresstime(cwd, env)];
  const [first, second] = await Promise.allSettled(both);
  const running = [first, second].find((each) => each?.status === 'fulfilled');
  const refused = [first, second].find((each) => each?.status === 'rejected');
  assert.ok(running?.status === 'fulfilled');
  try {
    assert.ok(refused?.status === 'rejected');
    assert.match(String(refused.reason), /presstime start already runs in .*\.presstime/);
    assert.match(running.value.said(), /is in the mailbox/);
    assert.equal(listEditions().length, 5, 'one for each sample reader who is due one');
  } finally {
    assert.equal(await stopPresstime(running.value, 'SIGTERM'), 0);
  }
});

test('a note of the ports that was not finished is passed over, and the environment has the word', {
  timeout: 60_000,
}, async () => {
  writeFileSync(join(cwd, '.presstime/running.json'), '{"PORT":');
  const running = await startPresstime(cwd, { PORT: '4160', MAILBOX_PORT: '4660' });
  assert.match(running.mailbox, /:41[67]\d\//);
  assert.equal(await stopPresstime(running), 0);
  const back = await startPresstime(cwd, env);
  assert.match(back.mailbox, /:415\d\//, 'not the ports of the last start');
  assert.equal(await stopPresstime(back), 0);
});

test('a data folder that cannot be made is named, and the start ends', async () => {
  writeFileSync(join(cwd, 'a-file'), '');
  const { code, err } = await presstime(['start'], { cwd, env: { DATA_DIR: 'a-file' } });
  assert.equal(code, 1);
  assert.match(err, /a-file cannot be written to; set DATA_DIR/);
});

function listEditions(): string[] {
  const folder = join(cwd, '.presstime/mailbox');
  const mails = readdirSync(folder).filter((name) => name.endsWith('.eml'));
  return mails.filter((name) => /^precedence: bulk/im.test(readFileSync(join(folder, name), 'utf8')));
}
