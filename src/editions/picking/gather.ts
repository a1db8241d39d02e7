import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Window } from './window.ts';

/** An article that an edition might carry, with the feeds that carry it. */
export type Candidate = Awaited<ReturnType<typeof gatherCandidates>>[number];

/**
 * The articles an edition has to decide on: those of its window, those whose embargo ended in it, those that came in late, those published since the
 * cutoff (they wait for the next edition, and say so), told ones (`told`: article ids) that changed since the
 * last gathering, and those that an editor asks for (`wanted`). In a fixed order: earliest first, then by id.
 */
export function gatherCandidates(
  db: Db,
  publicationId: number,
  window: Window,
  { now, told, wanted }: { now: Temporal.Instant; told: number[]; wanted: number[] },
) {
  return db
    .selectFrom('articles as a')
    .select([
      'a.id',
      'a.feed_id',
      'a.story_key',
      'a.headline',
      'a.byline',
      'a.summary',
      'a.body_text',
      'a.categories',
      'a.priority',
      'a.feed_position',
      'a.image_url',
      'a.image_width',
      'a.image_height',
      'a.ingested_at',
      'a.updated_at',
      'a.embargoed_until',
      'a.withdrawn_at',
      'a.no_digest',
      'a.rev',
    ])
    .select(outSince(window).as('first_published_at'))
    .select(
      sql<number[]>`array(select distinct s.feed_id from article_sightings s where s.article_id = a.id)`.as(
        'sighted_by',
      ),
    )
    .where('a.publication_id', '=', publicationId)
    .where('a.ingested_at', '<=', now)
    .where((eb) =>
      eb.or([
        eb.and([eb('a.first_published_at', '>', window.from), eb('a.first_published_at', '<=', now)]),
        eb.and([eb('a.embargoed_until', '>', window.from), eb('a.embargoed_until', '<=', now)]),
        ...(window.gathered_at
          ? [
              eb.and([
                eb('a.ingested_at', '>', window.gathered_at),
                eb('a.first_published_at', '>', window.late_from),
                eb('a.first_published_at', '<=', window.from),
              ]),
            ]
          : []),
        ...(wanted.length > 0 ? [eb('a.id', 'in', wanted)] : []),
        ...(window.gathered_at && told.length > 0
          ? [eb.and([eb('a.id', 'in', told), eb('a.updated_at', '>', window.gathered_at)])]
          : []),
      ]),
    )
    .orderBy('a.first_published_at')
    .orderBy('a.id')
    .execute();
}

/** A story whose embargo has ended came out with that end, or it would have grown old while nobody might tell it. */
const outSince = ({ to }: Window) => sql<Temporal.Instant>`case when a.embargoed_until <= ${to}
  then greatest(a.first_published_at, a.embargoed_until) else a.first_published_at end`;
