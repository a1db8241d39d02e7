import type { Clock } from '../clock.ts';
import type { Staff } from '../deliveries/staff/staff.ts';
import type { Log } from '../log.ts';
import type { Enqueue } from '../work/job.ts';
import type { CardPayments } from './card-payments.ts';

/** What payments are worked with. */
export type Paying = {
  payments: CardPayments;
  clock: Clock;
  log: Log;
  staff: Staff;
  enqueue: Enqueue;
  secret_keys: readonly string[];
};
