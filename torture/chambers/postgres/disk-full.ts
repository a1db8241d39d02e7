import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Place } from '../../machine/place.ts';
import type { Result, Wish } from '../chamber.ts';
import { whileUnderWay } from './under-way.ts';

const DISK = '512m';
const PIECE_BYTES = 2 ** 18;
const TIMES = 3;

/** Fills the disk of Postgres while editions go out, and makes room again. Only root can make it a disk of its own. */
export async function diskFull(place: Place, wish: Wish): Promise<Result> {
  const name = 'disk full';
  const disk = join(place.folder, 'disk-full');
  mkdirSync(disk, { recursive: true });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', disk]);
  if (mounted.status !== 0)
    return {
      kills: 0,
      findings: [],
      measured: { [name]: 'not run: only root can mount a small disk' },
      failures: [],
    };
  chmodSync(disk, 0o755);
  try {
    return await whileUnderWay(place, wish, name, async ({ cluster, keepBusy, untilSent }) => {
      let stopped = 0;
      for (let nth = 0; nth < TIMES; nth++) {
        await keepBusy();
        await wait(place.random.between(200, 1000));
        const filler = fill(disk);
        await wait(5000);
        rmSync(filler);
        if (cluster.pid() === undefined) {
          stopped++;
          await cluster.up();
        }
        await untilSent();
      }
      return { measured: { times: TIMES, postgres_gave_up: stopped } };
    });
  } finally {
    spawnSync('umount', [disk]);
  }
}

/** Leaves no room at all: whoever else writes meanwhile may take the last of it. */
function fill(disk: string): string {
  const filler = join(disk, 'filler');
  const piece = Buffer.alloc(PIECE_BYTES);
  for (;;) {
    try {
      appendFileSync(filler, piece);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return filler;
      throw error;
    }
  }
}
