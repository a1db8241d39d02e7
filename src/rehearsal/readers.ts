import type { Program } from '../program.ts';
import type { Publication } from '../publications/publication.ts';
import { givePaid } from '../trials/rights/give-paid.ts';
import { confirmTrial } from '../trials/sign-up/confirm.ts';
import { requestTrial } from '../trials/sign-up/request.ts';
import type { Act } from './act.ts';
import type { RehearsedReader } from './plan-readers.ts';

/** How these readers arrive: those who pay from the start at `begins`. */
export function arrivals(
  publication: Publication,
  readers: RehearsedReader[],
  { begins }: { begins: Temporal.Instant },
): Act[] {
  return readers.map((reader) => {
    const at = reader.arrives_at ?? begins;
    return { at, happen: (program) => arrive(program, publication, reader, at) };
  });
}

/** Through the verbs that the pages call: pay, or ask for a trial and confirm it. */
async function arrive(
  { db, secret_keys: secretKeys }: Program,
  publication: Publication,
  { address, first_name, arrives_at }: RehearsedReader,
  now: Temporal.Instant,
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
