import { type Kysely, sql } from 'kysely';

/**
 * Links of an edition's mail that go through our redirect, and the clicks on them. A link is known outside by its
 * token alone. `url` is what the edition says, `leads_to` where a click goes: the same until somebody mends it.
 * `clicks` are kept for minutes, until it is certain whether they belong to a burst, then folded into `click_counts`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table publications add column links text not null default 'direct'
      check (links in ('direct', 'mendable', 'counted'));

    create table edition_links (
      id bigint generated always as identity primary key,
      edition_id bigint not null references editions,
      token text not null unique check (token ~ '^[A-Za-z0-9_-]{22}$'),
      url text not null,
      leads_to text not null,
      article_id bigint references articles,
      place text not null check (place in ('lead', 'top', 'section', 'brief', 'related', 'comment'))
    );
    create unique index edition_links_url on edition_links (edition_id, md5(url));

    create table clicks (
      visitor text not null,
      edition_link_id bigint not null references edition_links,
      clicked_at timestamptz not null check (clicked_at = date_trunc('second', clicked_at)),
      verdict text not null check (verdict in ('person', 'machine')),
      reason text not null,
      burst boolean not null default false,
      clicks int not null default 1,
      primary key (visitor, edition_link_id, clicked_at, reason)
    );
    create index clicks_clicked_at on clicks (clicked_at);

    create table click_counts (
      edition_link_id bigint not null references edition_links,
      clicked_on date not null,
      verdict text not null check (verdict in ('person', 'machine')),
      reason text not null,
      clicks int not null,
      primary key (edition_link_id, clicked_on, verdict, reason)
    );
  `.execute(db);
}
