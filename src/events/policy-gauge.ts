import { Gauge } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import type { Log } from '../log.ts';
import { registry } from '../metrics.ts';
import { countPolicyBounces } from './event.ts';

const EVERY_MS = 60_000;
const WITHIN = { hours: 24 };
const NAME = 'presstime_policy_bounces';

/** Keeps the gauge of refusals for policy: how many deliveries of the last day mail servers turned away because of us. */
export function watchPolicyBounces(db: Db, { clock, log }: { clock: Clock; log: Log }): { stop(): void } {
  const gauge =
    (registry.getSingleMetric(NAME) as Gauge | undefined) ??
    new Gauge({
      name: NAME,
      help: 'Deliveries of the last 24 hours refused for policy',
      registers: [registry],
    });
  const look = () =>
    countPolicyBounces(db, { since: clock.now().subtract(WITHIN) }).then(
      (count) => gauge.set(count),
      (error) => log.error({ err: error }, 'cannot tell how many deliveries were refused for policy'),
    );
  const timer = setInterval(look, EVERY_MS).unref();
  void look();
  return { stop: () => clearInterval(timer) };
}
