import { sql } from 'kysely';
import { later } from '../../clock.ts';
import type { Db } from '../../db/connect.ts';
import type { Instant } from '../../db/schema/kinds.ts';
import type { Edition } from '../../editions/edition.ts';
import { type EditionModel, itemsOf } from '../../editions/model.ts';
import { localDate, whyNotPublishing } from '../../publications/calendar.ts';
import type { Publication } from '../../publications/publication.ts';
import { audienceAt } from '../../trials/rights/decision.ts';

/** A story of the edition as its article stands now. */
export type StoryFact = {
  article_id: number;
  item_id: number | null;
  withdrawn: boolean;
  embargoed: boolean;
  /** Its article has been changed since it was taken into the edition. */
  changed: boolean;
  headline: string;
  summary: string;
  /** It came out before what the edition gathers, and nobody asked for it. */
  is_old: boolean;
  pinned: boolean;
  /** The last of the five editions before that told it, an ISO date. */
  told_on: string | null;
};

/** What only the database knows of an edition that is checked. */
export type Facts = {
  stories: Map<number, StoryFact>;
  /** How many stories the newsletter wants. */
  limits: Pick<Publication, 'min_items' | 'max_items'>;
  /** Subjects of the last ten editions that went out. */
  subjects: string[];
  audience: { send: number; skipped: Record<string, number>; twice: number; usual: number[] };
  /** The reader's comment in it is one that the newsroom approves of; true where there is none. */
  comment_approved: boolean;
  /** Why nothing is published on its date, if so; where the publication is, the date on which it goes. */
  dark: string | undefined;
  today: string;
  date: string;
};

const SUBJECTS = 10;
const USUAL = 5;

/** Gathers what the checks ask the database. */
export async function gatherFacts(
  db: Db,
  edition: Edition,
  publication: Publication,
  { model, now, by_hand }: { model: EditionModel; now: Instant; by_hand: boolean },
): Promise<Facts> {
  return {
    limits: publication,
    stories: await readStories(
      db,
      edition,
      itemsOf(model).map(({ article_id }) => article_id),
    ),
    subjects: await listSubjects(db, edition),
    audience: await readAudience(db, edition, { now }),
    comment_approved: await isCommentApproved(db, model),
    dark: whyNotPublishing(publication, edition.edition_on),
    // before its hour an edition is looked at as it will stand then
    today: localDate(publication, by_hand ? now : later(now, edition.press_at)).toString(),
    date: edition.edition_on.toString(),
  };
}

async function readStories(db: Db, edition: Edition, ids: number[]): Promise<Facts['stories']> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('articles as a')
    .leftJoin('edition_items as i', (join) =>
      join.onRef('i.article_id', '=', 'a.id').on('i.edition_id', '=', edition.id),
    )
    .select(['a.id', 'a.withdrawn_at', 'a.embargoed_until', 'a.rev', 'a.headline', 'a.summary', 'i.base_rev'])
    .select(['i.id as item_id', 'i.pinned', 'a.first_published_at'])
    .select(toldOn(edition).as('told_on'))
    .where('a.id', 'in', ids)
    .execute();
  return new Map(
    rows.map(({ id, withdrawn_at, embargoed_until, rev, base_rev, first_published_at, told_on, ...row }) => [
      id,
      {
        article_id: id,
        withdrawn: withdrawn_at !== null,
        embargoed:
          embargoed_until !== null && Temporal.Instant.compare(embargoed_until, edition.press_at) > 0,
        changed: rev > (base_rev ?? rev),
        is_old: isOld(edition, first_published_at),
        ...row,
        pinned: row.pinned ?? false,
        told_on,
      },
    ]),
  );
}

/** A round-up and a correction tell what was told before. */
const isOld = ({ kind, window_from }: Edition, at: Instant): boolean =>
  kind === 'regular' && window_from !== null && Temporal.Instant.compare(at, window_from) <= 0;

const toldOn = ({ id, publication_id, cutoff_at }: Edition) => sql<string | null>`(
  select max(e.edition_on)::text from (
    select e.id, e.edition_on from editions e
    where e.publication_id = ${publication_id} and e.kind = 'regular' and e.id <> ${id}
      and e.first_accepted_at is not null and e.withdrawn_at is null and e.cutoff_at < ${cutoff_at}
    order by e.cutoff_at desc limit ${TOLD_IN}
  ) e join edition_items t on t.edition_id = e.id and t.dropped_at is null
  where t.article_id = a.id)`;

/** DIGEST §4: so many editions before are remembered. */
const TOLD_IN = 5;

async function listSubjects(db: Db, { id, publication_id, kind }: Edition): Promise<string[]> {
  const rows = await db
    .selectFrom('editions')
    .select('subject')
    .where('publication_id', '=', publication_id)
    .where('kind', '=', kind)
    .where('pressed_at', 'is not', null)
    .where('id', '<>', id)
    .orderBy('press_at', 'desc')
    .limit(SUBJECTS)
    .execute();
  return rows.flatMap(({ subject }) => subject ?? []);
}

async function isCommentApproved(db: Db, { comment }: EditionModel): Promise<boolean> {
  if (comment?.id === undefined) return true;
  const found = await db
    .selectFrom('article_comments')
    .select('approved_at')
    .where('id', '=', comment.id)
    .executeTakeFirst();
  return found !== undefined && found.approved_at !== null;
}

async function readAudience(
  db: Db,
  { id, publication_id, kind }: Edition,
  { now }: { now: Instant },
): Promise<Facts['audience']> {
  const audience = audienceAt(db, publication_id, {
    at: now,
    kind: kind === 'weekly' ? 'weekly' : 'regular',
  });
  const rows = await db
    .selectFrom(audience.as('d'))
    .select(({ fn }) => [
      'd.reason',
      fn.countAll<number>().as('readers'),
      fn.count<number>('d.address').distinct().as('addresses'),
    ])
    .groupBy('d.reason')
    .execute();
  const sending = rows.find(({ reason }) => reason === null);
  const usual = await db
    .selectFrom('runs as r')
    .innerJoin('editions as e', 'e.id', 'r.edition_id')
    .select(
      sql<number>`(select count(*)::int from audience a where a.run_id = r.id and a.decision = 'send')`.as(
        'send',
      ),
    )
    .where('e.publication_id', '=', publication_id)
    .where('e.kind', '=', kind)
    .where('e.id', '<>', id)
    .orderBy('e.press_at', 'desc')
    .limit(USUAL)
    .execute();
  return {
    send: Number(sending?.readers ?? 0),
    skipped: Object.fromEntries(
      rows.flatMap(({ reason, readers }) => (reason ? [[reason, Number(readers)]] : [])),
    ),
    twice: Number(sending?.readers ?? 0) - Number(sending?.addresses ?? 0),
    usual: usual.map(({ send }) => send),
  };
}
