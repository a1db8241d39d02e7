import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { forgetTriesBefore } from './attempt.ts';
import { forgetEndedSessions } from './session.ts';
import { forgetSecrets } from './signing-in/secret.ts';

/** No limit looks back further. */
const TRIES_KEPT = { hours: 24 };

/** Forgets sessions that are over, secrets that work no longer, and the tries of more than a day ago. */
export async function forgetSignIns(db: Db, { now }: { now: Instant }): Promise<void> {
  await forgetEndedSessions(db, { now });
  await forgetSecrets(db, { now });
  await forgetTriesBefore(db, now.subtract(TRIES_KEPT));
}
