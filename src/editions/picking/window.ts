import { later } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { Publication } from '../../publications/publication.ts';
import { type Edition, hasTold } from '../edition.ts';

/** The last edition that told its stories. */
export type Handed = Pick<Edition, 'id' | 'edition_on' | 'cutoff_at' | 'composed_at'>;
/** What an edition may tell of: articles first published after `from`, up to and including `to`. */
export type Window = {
  from: Temporal.Instant;
  to: Temporal.Instant;
  /** Articles that came in after this are taken although they were published before `from`, back to `late_from`. */
  gathered_at: Temporal.Instant | null;
  late_from: Temporal.Instant;
  /** The last edition's date where more time has passed than an ordinary edition covers: a best-of since then. */
  since: Temporal.PlainDate | null;
};

/** A publication's first edition tells of one day. */
const FIRST_HOURS = 24;
/** A best-of looks back no further, however long the silence. */
const BEST_OF_DAYS = 14;

/**
 * The window of an edition (DIGEST §3): from the cutoff of the last edition that any reader was handed to its own.
 * Beyond `window_cap_hours`, counted on the publication's clock so that a weekend with a clock change is no longer
 * than another, the edition is a best-of since that last one.
 */
export function windowOf(
  publication: Pick<Publication, 'zone' | 'window_cap_hours'>,
  {
    cutoff,
    previous,
    untold_from,
  }: {
    cutoff: Temporal.Instant;
    previous: Handed | undefined;
    /** Where the windows of earlier editions began, if there were any and no reader was handed one. */
    untold_from?: Temporal.Instant | undefined;
  },
): Window {
  const back = (hours: number) =>
    cutoff
      .toZonedDateTimeISO(publication.zone)
      .subtract({ days: Math.floor(hours / 24) })
      .subtract({ hours: hours % 24 })
      .toInstant();
  const cap = back(publication.window_cap_hours);
  if (!previous) {
    const day = back(Math.min(FIRST_HOURS, publication.window_cap_hours));
    const from = untold_from ? later(untold_from, cap) : day;
    return { from, to: cutoff, gathered_at: null, late_from: from, since: null };
  }
  const capped = Temporal.Instant.compare(previous.cutoff_at, cap) < 0;
  const from = capped ? later(previous.cutoff_at, back(BEST_OF_DAYS * 24)) : previous.cutoff_at;
  return {
    from,
    to: cutoff,
    gathered_at: previous.composed_at ?? previous.cutoff_at,
    late_from: capped ? from : cap,
    since: capped ? previous.edition_on : null,
  };
}

/** Whether an article stands in the window, by its first publication or as a late arrival. */
export function inWindow(
  window: Window,
  article: { first_published_at: Temporal.Instant; ingested_at: Temporal.Instant },
): boolean {
  const published = article.first_published_at;
  if (Temporal.Instant.compare(published, window.to) > 0) return false;
  if (Temporal.Instant.compare(published, window.from) > 0) return true;
  const late = window.gathered_at && Temporal.Instant.compare(article.ingested_at, window.gathered_at) > 0;
  return Boolean(late) && Temporal.Instant.compare(published, window.late_from) > 0;
}

/** The last regular edition before `cutoff` that told its stories: its cutoff is the watermark. */
export function findHanded(
  db: Db,
  publicationId: number,
  { before }: { before: Temporal.Instant },
): Promise<Handed | undefined> {
  return db
    .selectFrom('editions')
    .select(['id', 'edition_on', 'cutoff_at', 'composed_at'])
    .where('publication_id', '=', publicationId)
    .where('kind', '=', 'regular')
    .where(hasTold('editions'))
    .where('cutoff_at', '<', before)
    .orderBy('cutoff_at', 'desc')
    .executeTakeFirst();
}

/** Where the first of the editions before `before` began, where no reader was handed any of them. */
export async function findUntold(
  db: Db,
  publicationId: number,
  { before }: { before: Temporal.Instant },
): Promise<Temporal.Instant | undefined> {
  const first = await db
    .selectFrom('editions')
    .select('window_from')
    .where('publication_id', '=', publicationId)
    .where('kind', '=', 'regular')
    .where('window_from', 'is not', null)
    .where('cutoff_at', '<', before)
    .orderBy('cutoff_at')
    .executeTakeFirst();
  return first?.window_from ?? undefined;
}
