import { recordAudit } from '../../../audit/record.ts';
import type { Db } from '../../../db/connect.ts';
import type { Instant } from '../../../db/schema/kinds.ts';
import { inTransaction } from '../../../db/transaction.ts';
import { invalid, notFound } from '../../../errors.ts';
import { parseAddress } from '../../../subscribers/address.ts';
import { type DomainRule, putDomainRule, removeDomainRule } from './domain-rule.ts';

/** Who rules, and why: both are kept. */
export type Ruling = { now: Instant; actor: string; reason: string };

/**
 * Says what a mail domain and those under it are, or with `null` takes back what was said. Throws `invalid` for what is
 * no domain and without a reason, `not_found` where there is nothing to take back.
 */
export async function ruleDomain(
  db: Db,
  { domain: text, rule }: { domain: string; rule: DomainRule['rule'] | null },
  { now, actor, reason: typed }: Ruling,
): Promise<{ domain: string }> {
  const reason = typed.trim();
  if (reason === '') throw invalid(`no reason is given for ${text}; expected why`);
  const { domain } = parseAddress(`anyone@${text.trim()}`);
  return inTransaction(db, async (trx) => {
    if (rule) await putDomainRule(trx, { domain, rule, reason, ruled_by: actor, ruled_at: now });
    else if (!(await removeDomainRule(trx, domain))) throw notFound(`there is no rule for ${domain}`);
    await recordAudit(
      trx,
      { actor, verb: 'rule a domain', subject: `domain ${domain}`, reason, detail: { rule } },
      { now },
    );
    return { domain };
  });
}
