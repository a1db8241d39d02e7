import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { findApproval } from '../editions/desk/approval.ts';
import { requirePublication } from '../publications/publication.ts';
import type { Profile } from './checks/finding.ts';
import { isCheckedAt } from './checks/kept.ts';
import { examineWhole } from './examine-whole.ts';
import type { Outside } from './look-outside.ts';

/** DESK §2: content stands still from then on, and is looked at whole. */
const BEFORE = { minutes: 2 };

/**
 * Looks at every edition whole two minutes before its press, once: what the desk shows of it, and what servers answered, is
 * fresh when it goes. Returns how many were looked at.
 */
export async function preFlight(
  db: Db,
  {
    now,
    ...means
  }: { now: Instant; public_url: string; profile?: Profile | undefined; outside?: Outside | undefined },
): Promise<{ editions: number }> {
  const near = await db
    .selectFrom('editions')
    .selectAll()
    .where('state', 'in', ['draft', 'in_review', 'approved', 'held'])
    .where('composed_at', 'is not', null)
    .where('press_at', '>', now)
    .where('press_at', '<=', now.add(BEFORE))
    .execute();
  let editions = 0;
  const troubles: unknown[] = [];
  for (const edition of near) {
    if (await isCheckedAt(db, edition.id, 'pre-flight')) continue;
    const publication = await requirePublication(db, edition.publication_id);
    const model = edition.state === 'approved' ? (await findApproval(db, edition.id))?.model : undefined;
    try {
      await examineWhole(db, edition, { publication, now, ...means, model, stage: 'pre-flight' });
      editions++;
    } catch (error) {
      troubles.push(error);
    }
  }
  if (troubles.length > 0)
    throw new AggregateError(troubles, `${troubles.length} editions could not be looked at`);
  return { editions };
}
