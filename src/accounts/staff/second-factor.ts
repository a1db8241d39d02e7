import { createHash, randomInt } from 'node:crypto';
import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import { inTransaction } from '../../db/transaction.ts';
import { createSeal } from '../../seal.ts';
import { mayTry } from '../attempt.ts';
import type { Means } from '../library/auth.ts';
import type { AccountHolder } from '../signing-in/signed-in.ts';
import { newSecret, stepOfCode } from './one-time-code.ts';

/** How a browser stands: it has shown the second factor, has yet to, or there is none set up. */
export type SecondFactor = 'shown' | 'wanted' | 'not_set_up';

const PURPOSE = 'second factor';
const SPARE_CODES = 8;
/** Codes that may be tried within a quarter of an hour. */
const TRIES = { most: 10, within: { minutes: 15 } };

/** How the session of somebody signed in stands. */
export async function secondFactorOf(
  db: Db,
  { account_id, session_id }: AccountHolder,
): Promise<SecondFactor> {
  const found = await db
    .selectFrom('second_factors as f')
    .leftJoin('sessions as s', (join) =>
      join.onRef('s.account_id', '=', 'f.account_id').on('s.id', '=', session_id),
    )
    .select('s.second_factor_at')
    .where('f.account_id', '=', account_id)
    .where('f.proved_at', 'is not', null)
    .executeTakeFirst();
  if (!found) return 'not_set_up';
  return found.second_factor_at === null ? 'wanted' : 'shown';
}

/**
 * The secret to set an authenticator up with: the same until a code of it has been shown. Undefined where one is set up
 * already.
 */
export async function secretToSetUp(
  db: Db,
  { account_id }: Pick<AccountHolder, 'account_id'>,
  { now, secretKeys }: Pick<Means, 'now' | 'secretKeys'>,
): Promise<string | undefined> {
  const seal = createSeal(secretKeys);
  const secret = newSecret();
  await db
    .insertInto('second_factors')
    .values({ account_id, sealed: seal.seal(PURPOSE, secret), asked_at: now })
    .onConflict((known) => known.doNothing())
    .execute();
  const kept = await find(db, account_id);
  return kept.proved_at === null ? opened(kept.sealed, secretKeys) : undefined;
}

/**
 * Takes a code from an authenticator, or a spare one, which works once. Where it is right the session counts as shown;
 * the first code sets the factor up, and spare codes come with it, to be shown this once. A code works only once.
 */
export function showSecondFactor(
  db: Db,
  holder: AccountHolder,
  typed: string,
  means: Pick<Means, 'now' | 'secretKeys'>,
): Promise<{ outcome: 'shown'; spare_codes: string[] } | { outcome: 'wrong' | 'too_many' }> {
  const { now } = means;
  return inTransaction(db, async (trx) => {
    const bucket = `second factor of ${holder.session_id}`;
    const ofAccount = { bucket: `second factor of ${holder.account_id}`, most: 30, within: TRIES.within };
    if (!(await mayTry(trx, [{ bucket, ...TRIES }, ofAccount], { now }))) return { outcome: 'too_many' };
    const kept = await find(trx, holder.account_id);
    const used = await codeUsed(kept, typed, means);
    if (!used) return { outcome: 'wrong' };
    const isFirst = kept.proved_at === null;
    const spare_codes = isFirst ? newSpareCodes() : [];
    await trx
      .updateTable('second_factors')
      .set({
        proved_at: kept.proved_at ?? now,
        ...used.left,
        ...(isFirst && { spare_codes: spare_codes.map(hashOf) }),
      })
      .where('account_id', '=', holder.account_id)
      .execute();
    await trx
      .updateTable('sessions')
      .set({ second_factor_at: now })
      .where('id', '=', holder.session_id)
      .execute();
    const verb = isFirst ? 'set up a second factor' : 'show the second factor';
    const act = { actor: 'staff', verb, subject: `account ${holder.account_id}`, detail: { by: used.by } };
    await recordAudit(trx, act, { now });
    return { outcome: 'shown', spare_codes };
  });
}

type Kept = Awaited<ReturnType<typeof find>>;

/** What a code is one of, and what is left of such codes once it has been used; undefined for a wrong one. */
async function codeUsed(
  { sealed, last_step, proved_at, spare_codes }: Kept,
  typed: string,
  { now, secretKeys }: Pick<Means, 'now' | 'secretKeys'>,
): Promise<{ by: string; left: Partial<Pick<Kept, 'last_step' | 'spare_codes'>> } | undefined> {
  const code = typed.replace(/\s/g, '').toLowerCase();
  const step = await stepOfCode(opened(sealed, secretKeys), code, now);
  if (step !== undefined && step > last_step) return { by: 'authenticator', left: { last_step: step } };
  const hash = hashOf(code);
  if (proved_at === null || !spare_codes.includes(hash)) return undefined;
  return { by: 'spare code', left: { spare_codes: spare_codes.filter((one) => one !== hash) } };
}

/** Takes the second factor of an account away, for one who has lost it; the next sign-in sets up another. */
export async function forgetSecondFactor(db: Db, subscriberId: number): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('second_factors')
    .where('account_id', 'in', (eb) =>
      eb.selectFrom('accounts').select('id').where('subscriber_id', '=', subscriberId),
    )
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

async function find(db: Db, accountId: string) {
  return db
    .selectFrom('second_factors')
    .selectAll()
    .where('account_id', '=', accountId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

function opened(sealed: string, secretKeys: readonly string[]): string {
  const secret = createSeal(secretKeys).open(PURPOSE, sealed);
  if (secret === undefined)
    throw new Error('the secret of a second factor was sealed under a key that SECRET_KEY does not hold');
  return secret;
}

/** "k7f2-9q4d": forty bits, of which nobody may try many. */
function newSpareCodes(): string[] {
  const four = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return Array.from({ length: SPARE_CODES }, () => `${four()}-${four()}`);
}

/** Without those that are taken for each other. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

const hashOf = (code: string): string =>
  createHash('sha256').update(code.replace('-', '')).digest('base64url');
