import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Schema } from '../../db/schema.ts';

/** That somebody asked for a letter to sign in with. It is answered behind their back, so that nothing shows whether it was. */
export type LetterRequest = Selectable<Schema['letter_requests']>;

/** Stores a request. */
export async function insertLetterRequest(
  db: Db,
  request: Insertable<Schema['letter_requests']>,
): Promise<void> {
  await db.insertInto('letter_requests').values(request).execute();
}

/** Takes the oldest request out, past those that others hold; undefined where none is left. */
export function takeLetterRequest(trx: Db): Promise<LetterRequest | undefined> {
  return trx
    .deleteFrom('letter_requests')
    .where('id', '=', (eb) =>
      eb.selectFrom('letter_requests').select('id').orderBy('id').limit(1).forUpdate().skipLocked(),
    )
    .returningAll()
    .executeTakeFirst();
}
