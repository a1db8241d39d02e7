import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Links } from '../subscribers/link.ts';
import type { Lease } from './ledger/lease.ts';
import type { Signer } from './mail/dkim.ts';
import type { ReturnPaths } from './mail/return-path.ts';
import type { Gates } from './pacing/gate.ts';
import type { Relays } from './relays/relays.ts';
import type { Staff } from './staff/staff.ts';
import type { Station } from './station.ts';

/** What a worker sends with. */
export type Sending = {
  clock: Clock;
  /** The way of editions. */
  lane: Relays;
  /** Who may start now, at what pace, and when a run must stop. */
  gates: Gates;
  /** Whom to call when a run stops. */
  staff: Staff;
  /** The way of letters. */
  letter_lane: Relays;
  log: Log;
  /** Names this worker among all, once per process. */
  worker: string;
  /** The batches that it works, whichever of its jobs took them. */
  in_hand: Set<Lease>;
  links: Links;
  return_paths: ReturnPaths;
  /** The configured keys, newest first. */
  secret_keys: readonly string[];
  public_url: string;
  /** Absent only where signing is not configured. */
  signer?: Signer | undefined;
  /** Its journal and its lock; a command that hands over by itself has none, and its leases must run out. */
  station?: Station | undefined;
  /** How long a batch is ours without a sign of life; 30 s unless given. */
  lease_seconds?: number;
  /** Once aborted no further message starts; those under way end, and the batch is given back. */
  stop?: AbortSignal;
};
