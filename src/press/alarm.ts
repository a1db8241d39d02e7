import { Gauge } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { listPausedRuns } from '../deliveries/ledger/run.ts';
import { pausedRunCall } from '../deliveries/staff/paused-run.ts';
import type { Call, Staff } from '../deliveries/staff/staff.ts';
import { messageOf } from '../errors.ts';
import { registry } from '../metrics.ts';
import { listOverdue, type Overdue } from './overdue.ts';

/** How often the alarm looks. */
const EVERY_MS = 60_000;

/**
 * Watches for editions that are due and have not gone, and for runs that were paused, on a timer of its own in every
 * process: it needs neither scheduler nor worker. Each look sets the gauges `presstime_edition_overdue_minutes` and
 * `presstime_runs_paused`, and calls the staff, once for each edition and pause; where the database does not answer,
 * that is the alarm.
 */
export function startAlarm(db: Db, { clock, staff }: { clock: Clock; staff: Staff }): { stop(): void } {
  const gauge = overdueGauge();
  const pausedRuns = pausedGauge();
  let blind_since: Temporal.Instant | undefined;
  const look = async (): Promise<void> => {
    try {
      const overdue = await listOverdue(db, clock.now());
      gauge.reset();
      for (const one of overdue) {
        gauge.set({ publication: one.publication }, one.minutes);
        staff.call(overdueCall(one));
      }
      const paused = await listPausedRuns(db);
      pausedRuns.set(paused.length);
      for (const { id, publication, paused_at, pause_reason } of paused)
        staff.call(
          pausedRunCall({
            run_id: id,
            publication,
            paused_at: paused_at as Temporal.Instant,
            reason: pause_reason ?? 'nobody said why',
          }),
        );
      blind_since = undefined;
    } catch (error) {
      blind_since ??= clock.now();
      staff.call(blindCall(blind_since, messageOf(error)));
    }
  };
  const timer = setInterval(look, EVERY_MS).unref();
  void look();
  return { stop: () => clearInterval(timer) };
}

const overdueCall = ({ publication, edition_on, kind, minutes, why, due_at }: Overdue): Call => ({
  occasion: `${publication}${kind === 'weekly' ? ', the weekly round-up' : ''} of ${edition_on} is overdue${due_at ? ` to the readers of ${due_at}` : ''}`,
  text: `the ${called(kind)} is overdue: ${why}`,
  publication,
  reason: `the ${called(kind)} of ${edition_on} is ${minutes} minutes late: ${why}`,
  hint: `presstime doctor says what is wrong; presstime press${kind === 'weekly' ? ' --weekly' : ''} sends it now`,
});

const called = (kind: Overdue['kind']): string => (kind === 'weekly' ? 'weekly round-up' : 'edition');

const blindCall = (since: Temporal.Instant, reason: string): Call => ({
  occasion: `blind since ${since}`,
  text: 'cannot tell whether an edition is overdue',
  reason,
  hint: 'see that Postgres runs and DATABASE_URL reaches it',
});

function overdueGauge(): Gauge<'publication'> {
  const name = 'presstime_edition_overdue_minutes';
  const help = 'Minutes since press of an edition that is due and has not begun to leave';
  return gaugeNamed(name, help, ['publication']);
}

function pausedGauge(): Gauge {
  return gaugeNamed('presstime_runs_paused', 'Runs that stand still until a person lets them go on', []);
}

function gaugeNamed<Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> {
  const existing = registry.getSingleMetric(name) as Gauge<Label> | undefined;
  return existing ?? new Gauge({ name, help, labelNames, registers: [registry] });
}
