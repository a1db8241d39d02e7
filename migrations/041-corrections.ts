import { type Kysely, sql } from 'kysely';

/**
 * What was wrong in an edition that has gone, what is right, and who was told how: the page on the web in each case, the
 * readers of the next edition by a note in it, and where harm was done those who got the wrong one by a mail of its own.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table corrections (
      id bigint generated always as identity primary key,
      publication_id int not null references publications,
      edition_id bigint not null references editions,
      article_id bigint references articles,
      severity text not null check (severity in ('typo', 'fact', 'harm')),
      wrong text not null check (wrong <> ''),
      right_words text not null,
      note text not null,
      at timestamptz not null,
      staff_id int references staff,
      actor text not null,
      told_in bigint references editions,
      dropped_at timestamptz,
      dropped_by text,
      drop_reason text,
      mailed_in bigint references editions,
      check ((dropped_at is null) = (drop_reason is null))
    );
    create index corrections_of on corrections (edition_id);
    create index corrections_untold on corrections (publication_id) where told_in is null and dropped_at is null;

    alter table editions add column corrects jsonb;
    alter table editions add constraint editions_corrects check ((kind = 'correction') = (corrects is not null));
    alter table editions drop constraint editions_layout_check;
    alter table editions add constraint editions_layout_check
      check (layout in ('full', 'light', 'best_of', 'weekly', 'correction'));
  `.execute(db);
}
