import { Gauge } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { listPausedRuns } from '../deliveries/ledger/run.ts';
import type { Log } from '../log.ts';
import { registry } from '../metrics.ts';
import { listOverdue } from './overdue.ts';

/** How often the alarm looks. */
const EVERY_MS = 60_000;

/**
 * Watches for editions that are due and have not gone, and for runs that were paused, on a timer of its own in every
 * process: it needs neither scheduler nor worker. Each look sets the gauges `presstime_edition_overdue_minutes` and
 * `presstime_runs_paused` and logs an error for each; where the database does not answer, that is the alarm.
 */
export function startAlarm(db: Db, { clock, log }: { clock: Clock; log: Log }): { stop(): void } {
  const gauge = overdueGauge();
  const pausedRuns = pausedGauge();
  const look = async (): Promise<void> => {
    try {
      const overdue = await listOverdue(db, clock.now());
      gauge.reset();
      for (const { publication, edition_on, minutes, why } of overdue) {
        gauge.set({ publication }, minutes);
        log.error(
          { publication, edition_on: edition_on.toString(), minutes },
          `the edition is overdue: ${why}`,
        );
      }
      const paused = await listPausedRuns(db);
      pausedRuns.set(paused.length);
      for (const { id, publication, kind, pause_reason } of paused)
        log.error({ publication, kind, run_id: id }, `the run stands still: ${pause_reason}`);
    } catch (error) {
      log.error({ err: error }, 'cannot tell whether an edition is overdue');
    }
  };
  const timer = setInterval(look, EVERY_MS).unref();
  void look();
  return { stop: () => clearInterval(timer) };
}

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
