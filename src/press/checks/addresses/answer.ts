import type { Selectable } from 'kysely';
import type { Db } from '../../../db/connect.ts';
import type { Instant } from '../../../db/schema/kinds.ts';
import type { Schema } from '../../../db/schema.ts';

/** What an address answered: a status, with the type and size it tells; or why there was no answer. */
export type Answer = Omit<Selectable<Schema['address_answers']>, 'asked_at'>;

/** An answer counts so long; a bad one, or none, only so that somebody may have mended it. */
const GOOD = { minutes: 10 };
const BAD = { minutes: 1 };

/** What these addresses answered lately, by address; all processes share it. */
export async function listAnswers(
  db: Db,
  urls: readonly string[],
  { now }: { now: Instant },
): Promise<Map<string, Answer>> {
  if (urls.length === 0) return new Map();
  const rows = await db
    .selectFrom('address_answers')
    .select(['url', 'status', 'trouble', 'type', 'size_bytes'])
    .where('url', 'in', urls)
    .where((eb) =>
      eb.or([
        eb.and([eb('status', '<', 400), eb('asked_at', '>', now.subtract(GOOD))]),
        eb('asked_at', '>', now.subtract(BAD)),
      ]),
    )
    .execute();
  return new Map(rows.map((row) => [row.url, row]));
}

/** Keeps what addresses answered; what they answered before is forgotten, and after a day all of it. */
export async function keepAnswers(db: Db, answers: readonly Answer[], asked_at: Instant): Promise<void> {
  await db
    .deleteFrom('address_answers')
    .where('asked_at', '<', asked_at.subtract({ hours: 24 }))
    .execute();
  if (answers.length === 0) return;
  await db
    .insertInto('address_answers')
    .values(answers.map((answer) => ({ ...answer, asked_at })))
    .onConflict((known) =>
      known.column('url').doUpdateSet(({ ref }) => ({
        asked_at: ref('excluded.asked_at'),
        status: ref('excluded.status'),
        trouble: ref('excluded.trouble'),
        type: ref('excluded.type'),
        size_bytes: ref('excluded.size_bytes'),
      })),
    )
    .execute();
}
