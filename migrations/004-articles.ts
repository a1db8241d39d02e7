import { type Kysely, sql } from 'kysely';

/** What we found. `first_published_at` never moves; `rev` counts the changes of headline, summary or body. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table articles (
      id bigint generated always as identity primary key,
      publication_id int not null references publications,
      feed_id int references feeds on delete set null,
      story_key text not null,
      url text not null,
      guid text,
      headline text not null,
      byline text,
      summary text not null default '',
      body_html text not null default '',
      body_text text not null default '',
      categories text[] not null default '{}',
      lang text,
      priority int check (priority between 0 and 4),
      feed_position int,
      image_url text,
      image_alt text,
      image_caption text,
      image_credit text,
      image_width int,
      image_height int,
      comment_count int not null default 0,
      published_at timestamptz not null,
      first_published_at timestamptz not null,
      ingested_at timestamptz not null,
      updated_at timestamptz,
      embargoed_until timestamptz,
      withdrawn_at timestamptz,
      no_digest boolean not null default false,
      rev int not null default 1,
      content_hash text not null,
      unique (publication_id, story_key)
    );
    create index articles_window on articles (publication_id, first_published_at);
    create index articles_ingested on articles (publication_id, ingested_at);
    create index articles_guid on articles (feed_id, guid);

    create table article_sightings (
      article_id bigint not null references articles on delete cascade,
      feed_id int not null references feeds on delete cascade,
      url text not null,
      seen_at timestamptz not null,
      primary key (article_id, feed_id, url)
    );

    create table article_comments (
      id bigint generated always as identity primary key,
      article_id bigint not null references articles on delete cascade,
      author_name text not null,
      body_text text not null,
      commented_at timestamptz,
      approved_at timestamptz
    );
    create unique index article_comments_once on article_comments (article_id, author_name, md5(body_text));
  `.execute(db);
}
