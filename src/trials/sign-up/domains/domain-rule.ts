import type { Selectable } from 'kysely';
import type { Db } from '../../../db/connect.ts';
import type { Schema } from '../../../db/schema.ts';
import { suffixesOf } from './lists.ts';

/**
 * What the newsroom says of a mail domain and those under it, over the lists that come with the program. `allowed`: its
 * addresses are kept, whatever the list says; `refused`: they are thrown away; `shared`: it is of no one organisation.
 */
export type DomainRule = Selectable<Schema['domain_rules']>;

/** The rule that holds for a domain: its own, else the one of the nearest above it. */
export async function findDomainRule(db: Db, domain: string): Promise<DomainRule | undefined> {
  const suffixes = suffixesOf(domain);
  if (suffixes.length === 0) return undefined;
  const found = await db.selectFrom('domain_rules').selectAll().where('domain', 'in', suffixes).execute();
  return suffixes.flatMap((suffix) => found.filter((rule) => rule.domain === suffix))[0];
}

/** Every rule, by domain. */
export function listDomainRules(db: Db): Promise<DomainRule[]> {
  return db.selectFrom('domain_rules').selectAll().orderBy('domain').execute();
}

/** Writes a rule, in the place of the one there was for the domain. */
export async function putDomainRule(trx: Db, rule: DomainRule): Promise<void> {
  await trx
    .insertInto('domain_rules')
    .values(rule)
    .onConflict((conflict) => conflict.column('domain').doUpdateSet(rule))
    .execute();
}

/** Takes a rule back; false where there is none for the domain. */
export async function removeDomainRule(trx: Db, domain: string): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('domain_rules')
    .where('domain', '=', domain)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}
