import type { Db } from '../db/connect.ts';
import { hasHarmUntold } from '../editions/corrections/correction.ts';
import type { Edition } from '../editions/edition.ts';
import { TEMPLATE_VERSION } from '../messages/render/template.ts';
import type { Publication } from '../publications/publication.ts';

/** Whether an edition that nobody approves goes by itself where it is green; else why it does not. */
export type Policy = { sends: true } | { sends: false; why: string };

const SENDS: Policy = { sends: true };
const asks = (why: string): Policy => ({ sends: false, why });

/**
 * The no-action policy of an edition (DESK §2): the newsletter's own, but that a person has to approve a correction, an
 * edition that something breaks into, one that is due while a harm is not told of to those who were done it, and, where there
 * is anybody who may approve, the first one on changed templates.
 */
export async function policyFor(
  db: Db,
  { id, kind, publication_id }: Pick<Edition, 'id' | 'kind' | 'publication_id'>,
  { no_action_policy }: Pick<Publication, 'no_action_policy'>,
): Promise<Policy> {
  if (no_action_policy !== 'auto_send_if_green')
    return asks(`the policy of this newsletter is ${no_action_policy}`);
  if (kind === 'correction') return asks('a correction asks for an approver');
  if (await hasBreaking(db, id)) return asks('something breaks into it');
  if (await hasHarmUntold(db, publication_id))
    return asks('those who were done harm by an earlier edition are not told of it yet');
  if ((await isOnNewTemplates(db, publication_id)) && (await hasApprover(db)))
    return asks('the templates have changed since the last edition');
  return SENDS;
}

async function hasBreaking(db: Db, editionId: number): Promise<boolean> {
  const found = await db
    .selectFrom('edition_items')
    .select('id')
    .where('edition_id', '=', editionId)
    .where('breaking', '=', true)
    .where('dropped_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

async function isOnNewTemplates(db: Db, publicationId: number): Promise<boolean> {
  const last = await db
    .selectFrom('plates as p')
    .innerJoin('editions as e', 'e.id', 'p.edition_id')
    .select('p.template_version')
    .where('e.publication_id', '=', publicationId)
    .where('e.kind', 'in', ['regular', 'weekly'])
    .orderBy('p.id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last !== undefined && last.template_version !== TEMPLATE_VERSION;
}

async function hasApprover(db: Db): Promise<boolean> {
  const found = await db
    .selectFrom('staff')
    .select('id')
    .where('ended_at', 'is', null)
    .where('role', 'in', ['approver', 'admin'])
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
