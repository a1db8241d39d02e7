import type { Db } from '../db/connect.ts';
import type { Publication } from '../publications/publication.ts';
import { givePaid } from '../trials/rights/give-paid.ts';
import { confirmTrial } from '../trials/sign-up/confirm.ts';
import { requestTrial } from '../trials/sign-up/request.ts';
import type { RehearsedReader } from './plan-readers.ts';

/** Lets a reader arrive, through the verbs that the pages call: pay, or ask for a trial and confirm it. */
export async function letArrive(
  db: Db,
  publication: Publication,
  { address, first_name, arrives_at }: RehearsedReader,
  { now, secretKeys }: { now: Temporal.Instant; secretKeys: readonly string[] },
): Promise<void> {
  if (!arrives_at) {
    await givePaid(db, publication, { address, first_name, reference: 'rehearsal' }, { now, secretKeys });
    return;
  }
  const request = {
    address,
    first_name,
    wording_id: 'rehearsal',
    form_url: publication.site_url,
    ip: null,
    user_agent: null,
  };
  const asked = await requestTrial(db, publication, request, { now, secretKeys });
  if (asked.outcome === 'requested') await confirmTrial(db, asked.trial_id, { now });
}
