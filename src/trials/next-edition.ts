import type { Db } from '../db/connect.ts';
import type { Instant, PlainDate } from '../db/schema/kinds.ts';
import type { Publication } from '../publications/publication.ts';
import { nextRoundUpOn } from '../publications/weekly.ts';
import { expectNextEditionOn } from './position.ts';
import { audienceAt } from './rights/decision.ts';

/** The date of the next edition that goes to press for a reader after `at`: a round-up, where they chose those. */
export async function expectNextEditionFor(
  db: Db,
  subscriberId: number,
  publication: Publication,
  at: Instant,
): Promise<PlainDate> {
  const asked = { at, kind: 'regular', among: [subscriberId] } as const;
  const decision = await audienceAt(db, publication.id, asked).executeTakeFirst();
  const roundUp = decision?.reason === 'weekly' ? nextRoundUpOn(publication, at) : undefined;
  return roundUp ?? expectNextEditionOn(publication, at);
}
