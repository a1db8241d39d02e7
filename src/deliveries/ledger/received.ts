import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Edition } from '../../editions/edition.ts';
import type { Trial } from '../../trials/trial.ts';

/** An edition that a reader's mail server took. */
export type Received = Pick<Edition, 'edition_on' | 'kind'> & { subject: string; accepted_at: Instant };

/** The editions of a publication that a reader was handed, newest first. */
export async function listReceived(
  db: Db,
  subscriberId: number,
  publicationId: number,
  { limit }: { limit: number },
): Promise<Received[]> {
  const rows = await received(db, subscriberId, publicationId)
    .select(['e.edition_on', 'e.kind', 'e.subject', 'o.at as accepted_at'])
    .orderBy('o.at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, subject: row.subject ?? '' }));
}

/** How many weekly round-ups a reader was handed on a trial that did not count them; one in grace does. */
export async function countRoundUpsOnTrial(
  db: Db,
  {
    id,
    subscriber_id,
    publication_id,
    confirmed_at,
  }: Pick<Trial, 'id' | 'subscriber_id' | 'publication_id' | 'confirmed_at'>,
): Promise<number> {
  if (!confirmed_at) return 0;
  const { total } = await received(db, subscriber_id, publication_id)
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('e.kind', '=', 'weekly')
    .where('a.grant_source', '=', 'trial')
    .where('o.at', '>=', confirmed_at)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('trial_events as t')
            .where('t.trial_id', '=', id)
            .where('t.idem_key', '=', sql<string>`'ed:' || e.id`),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return total;
}

const received = (db: Db, subscriberId: number, publicationId: number) =>
  db
    .selectFrom('audience as a')
    .innerJoin('runs as r', 'r.id', 'a.run_id')
    .innerJoin('editions as e', 'e.id', 'r.edition_id')
    .innerJoin('outcomes as o', (join) =>
      join.onRef('o.run_id', '=', 'a.run_id').onRef('o.seq', '=', 'a.seq'),
    )
    .where('a.subscriber_id', '=', subscriberId)
    .where('r.publication_id', '=', publicationId)
    .where('o.status', '=', 'accepted');
