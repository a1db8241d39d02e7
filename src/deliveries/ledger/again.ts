import { setTimeout as wait } from 'node:timers/promises';

/** Connection exceptions, shut-downs, and transactions that only need to be tried again (PostgreSQL, appendix A). */
const PASSING = /^(08|57P0[123]|40001|40P01|53300)/;
const LOST =
  /^(ECONN|EPIPE|ENOENT)|connection terminated|connection ended|client has encountered a connection error/i;
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
      if (!isPassing(error)) throw error;
      await wait(wait_ms);
    }
  }
  return work();
}

function isPassing(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return PASSING.test(code) || LOST.test(code) || LOST.test(message);
}
