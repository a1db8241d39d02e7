import { systemClock } from '../src/clock.ts';
import type { Db } from '../src/db/connect.ts';
import { createFastLane } from '../src/deliveries/lanes/fast-lane.ts';
import { createPlainLane } from '../src/deliveries/lanes/plain-lane.ts';
import { createSigner } from '../src/deliveries/mail/dkim.ts';
import { createReturnPaths } from '../src/deliveries/mail/return-path.ts';
import { createGates } from '../src/deliveries/pacing/gate.ts';
import { createRelays } from '../src/deliveries/relays/relays.ts';
import { readSendingSettings } from '../src/deliveries/relays/settings.ts';
import { sendBatches } from '../src/deliveries/send-batch.ts';
import { createStaff } from '../src/deliveries/staff/staff.ts';
import { openStation, workerName } from '../src/deliveries/station.ts';
import { createLog } from '../src/log.ts';
import { createLinks } from '../src/subscribers/link.ts';
import type { Order } from './order.ts';
import { PUBLIC_URL } from './seed.ts';
import { keysFor } from './signing.ts';

const SECRET_KEYS = ['a key of the bench that is long enough, 32 characters and more'];

/** Opens one of our lanes over the ledger; the call returned sends all that is due and returns how many were accepted. */
export async function openOurs(db: Db, order: Order): Promise<() => Promise<number>> {
  const smtp_url = `smtp://127.0.0.1:${order.port}`;
  const { connections, depth } = order;
  const lane =
    order.variant === 'fast'
      ? createFastLane({ smtp_url, connections, ...(depth === undefined ? {} : { depth }) })
      : createPlainLane({ smtp_url, connections });
  const settings = readSendingSettings({ SMTP_URL: smtp_url, RELAYS_FILE: undefined });
  const worker = workerName();
  const log = createLog('warn');
  const keys = keysFor(order.signing);
  const relays = createRelays(settings.relays, { db, clock: systemClock, log, open: () => lane });
  const station = await openStation(db, worker, { data_dir: order.data_dir, log });
  return async () => {
    const { written } = await sendBatches(db, {
      clock: systemClock,
      lane: relays,
      letter_lane: relays,
      gates: createGates(settings, { clock: systemClock }),
      staff: createStaff({ db, clock: systemClock, log, alarm_url: undefined }),
      log,
      worker,
      in_hand: new Set(),
      station,
      links: createLinks(SECRET_KEYS, PUBLIC_URL),
      return_paths: createReturnPaths(SECRET_KEYS),
      secret_keys: SECRET_KEYS,
      public_url: PUBLIC_URL,
      signer: keys.length > 0 ? createSigner({ domain: 'bench.test', keys }) : undefined,
    });
    await station.close();
    return written.accepted ?? 0;
  };
}
