import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { launch, presstime, startPresstime, stopPresstime } from '../support/presstime.ts';

const cwd = mkdtempSync(join(tmpdir(), 'presstime-two-'));
chmodSync(cwd, 0o755);
after(() => rmSync(cwd, { recursive: true, force: true }));
const env = { PORT: '4150', MAILBOX_PORT: '4650' };

test('a start killed while it makes its first cluster is mended by the next', {
  timeout: 120_000,
}, async () => {
  const folder = join(cwd, 'killed');
  const place = join(folder, 'postgres');
  const child = launch(['start'], { cwd, env: { ...env, DATA_DIR: folder } });
  const ended = once(child, 'exit');
  while (globSync(`${place}-new-*/PG_VERSION`).length === 0 && child.exitCode === null) await setTimeout(10);
  child.kill('SIGKILL');
  await ended;
  assert.ok(!existsSync(join(place, 'PG_VERSION')));
  await stopPresstime(await startPresstime(cwd, { ...env, DATA_DIR: folder }));
  assert.deepEqual(globSync(`${place}-new-*`), []);
});

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
