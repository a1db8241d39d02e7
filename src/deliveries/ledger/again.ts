import { setTimeout as wait } from 'node:timers/promises';
import { isDatabaseLost } from '../../db/lost.ts';

const WAITS_MS = [50, 200, 500, 1000, 2000, 4000, 8000];

/**
 * Does `work`, and does it again where Postgres was not there or its connection broke, for about a quarter of a minute.
 * `work` must be one transaction that may be repeated. What has been handed over is not forgotten for a restart.
 */
export async function againWhenLost<T>(work: () => Promise<T>): Promise<T> {
  for (const wait_ms of WAITS_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseLost(error)) throw error;
      await wait(wait_ms);
    }
  }
  return work();
}
