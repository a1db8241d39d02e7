import { sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import type { Publication } from '../../publications/publication.ts';
import type { Edition } from '../edition.ts';
import { shortDate } from '../wording.ts';
import type { Addable } from './read-desk.ts';

/** So many stories are shown for what is looked for. */
const MOST = 30;
const LONGEST = 200;

/**
 * Stories of a newsletter, however old, in whose headline or summary these words stand, the newest first, with when they were
 * told; those on the page of the edition, and those withdrawn, are not among them. Words that say nothing find nothing.
 */
export async function findArticles(
  db: Db,
  { id: editionId }: Pick<Edition, 'id'>,
  { id: publicationId, lang }: Pick<Publication, 'id' | 'lang'>,
  words: string,
): Promise<Addable[]> {
  const language = sql`search_language(${lang})`;
  const { rows } = await sql<FoundArticle>`
    select a.id as article_id, a.headline, a.url, a.first_published_at,
      (select max(e.edition_on) from edition_items i join editions e on e.id = i.edition_id
        where i.article_id = a.id and i.dropped_at is null and e.first_accepted_at is not null) as told_on
    from articles a
    where a.publication_id = ${publicationId} and a.withdrawn_at is null
      and to_tsvector(${language}, a.headline || ' ' || a.summary) @@ websearch_to_tsquery(${language}, ${words.slice(0, LONGEST)})
      and not exists (select from edition_items i
        where i.edition_id = ${editionId} and i.article_id = a.id and i.dropped_at is null)
    order by a.first_published_at desc
    limit ${MOST}`.execute(db);
  return rows.map(({ first_published_at, told_on, ...article }) => ({
    ...article,
    section: null,
    score: null,
    reason: told_on ? 'told' : 'archive',
    detail: told_on ? `sent on ${shortDate(told_on)}` : '',
    published_at: first_published_at,
  }));
}

type FoundArticle = Pick<Addable, 'article_id' | 'headline' | 'url'> & {
  first_published_at: Temporal.Instant;
  told_on: Temporal.PlainDate | null;
};
