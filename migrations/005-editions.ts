import { type Kysely, sql } from 'kysely';

/** What we publish: one regular edition per publication and local date, its items, and why each article is in or out. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table editions (
      id bigint generated always as identity primary key,
      publication_id int not null references publications,
      edition_on date not null,
      kind text not null default 'regular' check (kind in ('regular', 'breaking', 'correction', 'weekly', 'sample')),
      seq int not null default 1,
      number int,
      state text not null check (state in ('planned', 'gathering', 'draft', 'in_review', 'approved', 'pressing',
        'pressed', 'held', 'skipped', 'failed', 'stopped')),
      layout text check (layout in ('full', 'light', 'best_of')),
      window_from timestamptz,
      window_to timestamptz,
      cutoff_at timestamptz not null,
      press_at timestamptz not null,
      stale_at timestamptz not null,
      subject text,
      preheader text,
      editors_line text,
      reason text,
      model jsonb,
      content_hash text,
      composed_at timestamptz,
      pressed_at timestamptz,
      first_accepted_at timestamptz,
      unique (publication_id, edition_on, kind, seq),
      check (kind <> 'regular' or seq = 1)
    );
    create unique index editions_number on editions (publication_id, number) where number is not null;

    create table edition_items (
      id bigint generated always as identity primary key,
      edition_id bigint not null references editions,
      article_id bigint not null references articles,
      place text not null check (place in ('lead', 'top', 'section', 'brief')),
      section_id int references sections,
      position int not null,
      pinned boolean not null default false,
      follow_up boolean not null default false,
      prior_edition_id bigint references editions,
      headline text,
      summary text,
      show_image boolean not null default true,
      related_article_id bigint references articles,
      base_rev int not null,
      unique (edition_id, article_id),
      unique (edition_id, position) deferrable initially deferred
    );

    create table edition_candidates (
      edition_id bigint not null references editions,
      article_id bigint not null references articles,
      picked boolean not null,
      reason text not null,
      detail text not null,
      score real,
      score_parts jsonb,
      same_as_article_id bigint references articles,
      primary key (edition_id, article_id)
    );

    create table edition_revisions (
      edition_id bigint not null references editions,
      rev int not null,
      at timestamptz not null,
      actor text not null,
      reason text not null,
      content jsonb not null,
      content_hash text not null,
      primary key (edition_id, rev)
    );
  `.execute(db);
}
