import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Memory that is a folder on Linux: it outlives processes, and that is all a journal has to. */
const SHARED_MEMORY = '/dev/shm';

/**
 * Makes the folder for the journals of those who work with `data_dir`, in memory where the machine has such a folder:
 * on a disk that Postgres also writes to, each note waits for its flushes, a hundred times as long as the note takes.
 */
export function journalFolder(data_dir: string, memory = SHARED_MEMORY): string {
  const user = process.getuid?.();
  const name = createHash('sha256').update(resolve(data_dir)).digest('hex').slice(0, 16);
  const inMemory = join(memory, `presstime-${user}-${name}`);
  return user !== undefined && make(inMemory) && isOurs(inMemory, user)
    ? inMemory
    : join(data_dir, 'journal');
}

function make(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return true;
  } catch {
    return false; // there is no such memory, or we may not write there: a folder on disk does as well, only slower
  }
}

/** Anybody may write to shared memory: a folder or link of somebody else's is not taken for ours. */
function isOurs(folder: string, user: number): boolean {
  const { uid, mode } = lstatSync(folder);
  return uid === user && (mode & 0o170077) === 0o040000;
}
