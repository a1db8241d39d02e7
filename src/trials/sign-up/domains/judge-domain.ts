import type { Db } from '../../../db/connect.ts';
import { findDomainRule } from './domain-rule.ts';
import { isDisposable, isShared } from './lists.ts';

/** What a mail domain is to the sign-up: thrown away after use, an organisation's own, or shared by strangers. */
export type DomainKind = 'disposable' | 'organisation' | 'shared';

/** Judges a mail domain: the newsroom's rule first, then the lists that come with the program. */
export async function judgeDomain(db: Db, domain: string): Promise<DomainKind> {
  const rule = await findDomainRule(db, domain);
  if (rule?.rule === 'shared') return 'shared';
  if (rule?.rule === 'refused') return 'disposable';
  if (!rule && isDisposable(domain)) return 'disposable';
  return isShared(domain) ? 'shared' : 'organisation';
}
