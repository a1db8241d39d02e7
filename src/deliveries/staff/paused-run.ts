import type { Call } from './staff.ts';

/**
 * The call for a run that stands still: the same whoever makes it, the worker that paused it or the alarm that finds it.
 * `hint`: what may mend it, where that is known.
 */
export function pausedRunCall({
  run_id,
  paused_at,
  reason,
  publication,
  hint = 'presstime doctor says what it finds',
}: {
  run_id: number;
  paused_at: Temporal.Instant;
  reason: string;
  publication?: string;
  hint?: string;
}): Call {
  const second = paused_at.round({ smallestUnit: 'second', roundingMode: 'floor' }); // Postgres keeps less than a clock gives
  return {
    occasion: `run ${run_id} paused at ${second}`,
    text: `the run stands still: ${reason}`,
    ...(publication === undefined ? {} : { publication }),
    run_id,
    reason,
    hint: `${hint}; once that is mended, presstime job resume-run run_id=${run_id}`,
  };
}
