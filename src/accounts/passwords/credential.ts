import type { Db } from '../../db/connect.ts';

/** Whether an account has a password. */
export async function hasPassword(db: Db, accountId: string): Promise<boolean> {
  const found = await db
    .selectFrom('credentials')
    .select('id')
    .where('account_id', '=', accountId)
    .where('provider', '=', 'credential')
    .where('password', 'is not', null)
    .executeTakeFirst();
  return found !== undefined;
}
