import type { Db } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import { hashContent } from '../editions/content.ts';
import { type Approval, insertApproval } from '../editions/desk/approval.ts';
import type { Editor } from '../editions/desk/edit.ts';
import { keepRevision } from '../editions/desk/keep-revision.ts';
import { sinceApproved } from '../editions/desk/since-approved.ts';
import { type Edition, lockEdition, moveEdition, requireEdition, setPress } from '../editions/edition.ts';
import type { EditionModel } from '../editions/model.ts';
import { conflict } from '../errors.ts';
import { TEMPLATE_VERSION } from '../messages/render/template.ts';
import { requirePublication } from '../publications/publication.ts';
import { passedForBreaking } from './break-in.ts';
import type { Finding, Profile } from './checks/finding.ts';
import { isOverridden } from './checks/override.ts';
import { examine } from './examine.ts';
import { examineWhole, withAsked } from './examine-whole.ts';
import { audienceRuleOf, hashToApprove } from './hash-to-approve.ts';
import type { Outside } from './look-outside.ts';

/** What an approver has seen, by its hash, and why findings that hold may pass, each by its key. */
export type Approving = {
  hash: string;
  overrides: Record<string, string>;
  /** Only what breaks in was looked at: the rest was approved before. */
  fast?: boolean;
  by: Editor;
  now: Temporal.Instant;
  public_url: string;
  profile?: Profile | undefined;
  outside?: Outside | undefined;
};

/**
 * Approves exactly what the approver has seen. Throws `conflict` where it has changed since, where something blocks, and
 * where something holds and no reason is given why it may pass.
 */
export async function approveEdition(db: Db, id: number, approving: Approving): Promise<Edition> {
  const publication = await requirePublication(db, (await requireEdition(db, id)).publication_id);
  const whole = await examineWhole(db, await requireEdition(db, id), {
    ...{ publication, ...pick(approving), outside: approving.outside, stage: 'approve' },
  });
  return inTransaction(db, async (trx) => {
    const edition = (await lockEdition(trx, id)) as Edition;
    if (edition.state !== 'draft' && edition.state !== 'in_review')
      throw conflict(
        `the edition of ${edition.edition_on} is ${edition.state}; a draft, or one in review, is approved`,
      );
    const { model, findings: found } = await examine(trx, edition, { publication, ...pick(approving) });
    const findings = withAsked(found, whole.findings);
    const hash = hashToApprove(edition, model);
    if (hash !== approving.hash)
      throw conflict('the edition has changed since you looked at it; look again, then approve what you see');
    const overrides = {
      ...approving.overrides,
      ...(await passedFast(trx, edition, { findings, approving })),
    };
    requirePassable(findings, overrides);
    await writeApproval(trx, edition, { model, hash, approving: { ...approving, overrides } });
    const { by, now } = approving;
    const moved = await moveEdition(trx, id, { from: [edition.state], to: 'approved', now, actor: by.name });
    // a correction waits for nothing but this
    if (edition.kind === 'correction') await setPress(trx, id, now);
    await keepRevision(trx, id, { now, by, reason: `approved ${hash.slice(0, 8)}` });
    return moved as Edition;
  });
}

/** What may pass unseen because only a story broke in. Throws `conflict` where something else is otherwise, too. */
async function passedFast(
  trx: Db,
  edition: Edition,
  { findings, approving }: { findings: Finding[]; approving: Approving },
): Promise<Record<string, string>> {
  if (!approving.fast) return {};
  const since = await sinceApproved(trx, edition);
  if (since?.breaks_in_alone) return passedForBreaking(findings);
  throw conflict(
    'more than what breaks in has changed since it was approved; look at all of it, then approve',
  );
}

const pick = ({ public_url, now, profile }: Approving) => ({ public_url, now, profile });

/** Throws `conflict` where something blocks, or holds and nobody says why it may pass. */
export function requirePassable(findings: Finding[], overrides: Record<string, string>): void {
  const grave = findings.filter((finding) => finding.level !== 'warn' && !isOverridden(finding, overrides));
  if (grave.length === 0) return;
  const said = grave.map(({ check, says }) => `${check}: ${says}`).join('; ');
  const wants = grave.every(({ level }) => level === 'hold') ? ' (say why it may pass)' : '';
  throw conflict(`the edition cannot be approved: ${said}${wants}`);
}

/** Writes down what was approved: the whole of it, so that this is what is pressed. */
export async function writeApproval(
  trx: Db,
  edition: Edition,
  { model, hash, approving }: { model: EditionModel; hash: string; approving: Approving },
): Promise<void> {
  const { by, now, overrides } = approving;
  const kept = JSON.stringify(model);
  await insertApproval(trx, {
    edition_id: edition.id,
    at: now,
    staff_id: by.staff_id,
    actor: by.name,
    hash,
    content_hash: hashContent(JSON.parse(kept) as EditionModel),
    template_version: TEMPLATE_VERSION,
    audience_rule: audienceRuleOf(edition),
    model: kept,
    overrides: JSON.stringify(overrides),
  });
}

/** Why an approval no longer holds for what would be made up now; undefined where it does. */
export function whyNoLonger(approval: Approval, edition: Edition): string | undefined {
  if (approval.template_version !== TEMPLATE_VERSION)
    return 'the templates have changed since it was approved';
  if (approval.audience_rule !== audienceRuleOf(edition))
    return 'the rule of who gets it has changed since it was approved';
  if (approval.content_hash !== hashContent(approval.model))
    return 'what was approved is not what was written down then';
  return undefined;
}
