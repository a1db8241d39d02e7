import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Place } from '../../machine/place.ts';
import type { Result, Wish } from '../chamber.ts';
import { whileUnderWay } from './under-way.ts';

const DISK = '512m';
const LEFT_BYTES = 2 ** 20;
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

function fill(disk: string): string {
  const { bavail, bsize } = statfsSync(disk);
  const filler = join(disk, 'filler');
  writeFileSync(filler, Buffer.alloc(Math.max(bavail * bsize - LEFT_BYTES, 0)));
  return filler;
}
