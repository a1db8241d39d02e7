import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import { insertClick } from './click.ts';
import { type Asked, judgeClick, secondsSince } from './judge-click.ts';
import { visitorOf } from './visitor.ts';

/** A request for a link, with where it came from and when the edition's first message was accepted. */
export type Click = Omit<Asked, 'seconds_since_accepted'> & {
  edition_link_id: number;
  ip: string | null;
  first_accepted_at: Instant | null;
};

/**
 * Notes a click with a first judgement, for `foldClicks` to count. Neither a reader nor an address is kept: `key` makes
 * a name of the address that lasts one day.
 */
export async function noteClick(
  db: Db,
  { edition_link_id, ip, first_accepted_at, ...asked }: Click,
  { now, key }: { now: Instant; key: string },
): Promise<void> {
  const judged = judgeClick({ ...asked, seconds_since_accepted: secondsSince(first_accepted_at, now) });
  const day = now.toZonedDateTimeISO('UTC').toPlainDate().toString();
  const clicked_at = now.round({ smallestUnit: 'second', roundingMode: 'floor' });
  await insertClick(db, { ...judged, edition_link_id, clicked_at, visitor: visitorOf(ip, { key, day }) });
}
