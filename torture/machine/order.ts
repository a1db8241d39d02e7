import { databaseUrl } from '../../src/db/local.ts';
import { PUBLIC_URL } from '../../tests/support/press-room.ts';
import type { Ledger } from '../checker/check.ts';
import type { Order } from './worker.ts';

const SECRET_KEY = 'a key of the torture chamber that is long enough';

/** Waits long enough for a busy machine and short enough for a thousand kills. */
const LIMITS = { connect_ms: 10_000, greeting_ms: 10_000, silence_ms: 10_000, message_ms: 20_000 };

/** The program's settings for a ledger, a mail server and a data folder. */
export function settingsFor(ledger: Ledger, smtp_url: string, data_dir: string): Record<string, string> {
  const postgres = { ...ledger, adopted: true, stop: async () => {} };
  return {
    DATABASE_URL: databaseUrl(postgres, ledger.database),
    SMTP_URL: smtp_url,
    PUBLIC_URL,
    SECRET_KEY,
    DATA_DIR: data_dir,
    LOG_LEVEL: 'warn',
  };
}

/** What a sender is started with unless a chamber wants it otherwise. */
export function orderFor(
  settings: Record<string, string>,
  over: Partial<Omit<Order, 'settings'>> = {},
): Order {
  return {
    settings,
    lane: 'fast',
    connections: 4,
    lease_seconds: 2,
    limits: LIMITS,
    clock_offset_ms: 0,
    paced: true,
    ...over,
  };
}
