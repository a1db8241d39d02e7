import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { journalFolder } from '../../src/deliveries/journal/folder.ts';
import { openJournal } from '../../src/deliveries/journal/journal.ts';
import { listDeadWorkers, readJournal, removeJournal } from '../../src/deliveries/journal/read-journal.ts';
import { silentLog } from '../../src/log.ts';

const root = mkdtempSync(join(tmpdir(), 'presstime-journal-'));
after(() => rmSync(root, { recursive: true }));
let folders = 0;
const fresh = () => join(root, String(++folders));
const log = silentLog();
const ACCEPTED = { kind: 'accepted', reply_code: 250 } as const;
const REFUSED = { kind: 'refused', reply_code: 550 } as const;
const ref = (seq: number, attempt = 1) => ({ run_id: 3, seq, attempt });
/** A process number that nobody has: of one that has just ended. */
const goneWorker = () => `${hostname()}:${spawnSync('true').pid}:abcd`;

test('it tells who was never handed over, who is in doubt, and what the others were answered', async () => {
  const folder = fresh();
  const journal = openJournal(folder, 'w', { log });
  const [answered, open, refused] = [ref(1), ref(2), ref(4)];
  for (const one of [answered, open, refused]) journal.leaving(one);
  journal.heard(answered, ACCEPTED);
  journal.heard(refused, REFUSED);
  await Promise.resolve();
  const noted = readJournal(folder, 'w');
  assert.deepEqual(
    [noted?.(ref(1)), noted?.(ref(2)), noted?.(ref(3)), noted?.(ref(4))],
    [{ reply_code: 250, refused: false }, 'in doubt', 'unsent', { reply_code: 550, refused: true }],
  );
  assert.equal(noted?.(ref(1, 2)), 'unsent', 'another attempt is another matter');
});

test('what left long ago without an answer is still known after the files have turned over', async () => {
  const folder = fresh();
  const journal = openJournal(folder, 'w', { log });
  const slow = ref(1);
  journal.leaving(slow);
  for (let seq = 2; seq < 200_000; seq++) {
    const one = ref(seq);
    journal.leaving(one);
    journal.heard(one, ACCEPTED);
  }
  await Promise.resolve();
  const noted = readJournal(folder, 'w');
  assert.equal(noted?.(slow), 'in doubt');
  assert.deepEqual(noted?.(ref(199_999)), { reply_code: 250, refused: false });
  for (const file of readdirSync(folder)) assert.ok(statSync(join(folder, file)).size < 2 ** 21 + 4096);
});

test('a note torn at the end is no note', () => {
  const folder = fresh();
  openJournal(folder, 'w', { log }).leaving(ref(1));
  const file = join(folder, 'w.0.journal');
  truncateSync(file, 13);
  assert.equal(readJournal(folder, 'w')?.(ref(1)), 'unsent');
  writeFileSync(file, Buffer.alloc(16, 1));
  assert.equal(readJournal(folder, 'w')?.(ref(1)), 'unsent');
});

test('one that cannot be written is none at all, so that nobody passes for unsent', () => {
  const folder = join(fresh(), 'x');
  writeFileSync(join(root, String(folders)), 'a file where the folder should be');
  const journal = openJournal(folder, 'w', { log });
  journal.leaving(ref(1));
  assert.equal(readJournal(folder, 'w'), undefined);
});

test('a disk that is full leaves no half of one', {
  skip: !existsSync('/dev/full') && 'no /dev/full here',
}, () => {
  const folder = fresh();
  mkdirSync(folder);
  symlinkSync('/dev/full', join(folder, 'w.0.journal'));
  const journal = openJournal(folder, 'w', { log });
  journal.leaving(ref(1));
  assert.equal(readJournal(folder, 'w'), undefined);
  journal.leaving(ref(2));
  journal.heard(ref(1), ACCEPTED);
});

test('a worker whose process is gone is known to be dead; a living one and those of other machines are not', () => {
  const folder = fresh();
  const gone = goneWorker();
  for (const worker of [gone, `${hostname()}:${process.pid}:abcd`, 'elsewhere:1:abcd'])
    openJournal(folder, worker, { log });
  assert.deepEqual(listDeadWorkers(folder), [gone]);
  removeJournal(folder, gone);
  assert.deepEqual(listDeadWorkers(folder), []);
});

test('it is kept in memory where there is such a folder of ours alone, else beside the data', () => {
  const [memory, data] = [fresh(), fresh()];
  mkdirSync(memory);
  const folder = journalFolder(data, memory);
  assert.ok(folder.startsWith(memory));
  assert.equal(journalFolder(data, memory), folder, 'the next process finds it');
  assert.notEqual(journalFolder(fresh(), memory), folder);
  chmodSync(folder, 0o777);
  assert.equal(journalFolder(data, memory), join(data, 'journal'), 'anybody may write there');
  rmSync(folder, { recursive: true });
  symlinkSync(root, folder);
  assert.equal(journalFolder(data, memory), join(data, 'journal'), 'it leads elsewhere');
  writeFileSync(join(root, 'no-folder'), '');
  assert.equal(journalFolder(data, join(root, 'no-folder')), join(data, 'journal'));
});

test('closing removes it', () => {
  const folder = fresh();
  const journal = openJournal(folder, 'w', { log });
  journal.leaving(ref(1));
  journal.close();
  assert.equal(existsSync(join(folder, 'w.0.journal')), false);
  assert.equal(readJournal(folder, 'w'), undefined);
});
