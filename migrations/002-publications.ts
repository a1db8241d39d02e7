import { type Kysely, sql } from 'kysely';

/** A newsletter, its calendar and its sections. Weekdays are ISO: 1 is Monday, 7 is Sunday. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table publications (
      id int generated always as identity primary key,
      slug text not null unique check (slug ~ '^[a-z0-9-]+$'),
      name text not null,
      tagline text not null,
      lang text not null default 'en',
      dir text not null default 'ltr' check (dir in ('ltr', 'rtl')),
      site_url text not null,
      from_name text not null,
      from_address text not null,
      reply_to text,
      postal_address text not null,
      corrections_address text not null,
      privacy_url text,
      zone text not null,
      press_time time not null,
      publishing_weekdays int[] not null,
      cutoff_minutes int not null default 60 check (cutoff_minutes between 0 and 1440),
      stale_after_hours int not null default 4 check (stale_after_hours between 1 and 23),
      window_cap_hours int not null default 96,
      min_items int not null default 3,
      target_items int not null default 12,
      max_items int not null default 20,
      no_action_policy text not null default 'auto_send_if_green'
        check (no_action_policy in ('auto_send_if_green', 'auto_hold', 'never_auto')),
      doubtful_policy text not null default 'resend_once' check (doubtful_policy in ('resend_once', 'hold', 'never')),
      created_at timestamptz not null
    );

    create table dark_dates (
      publication_id int not null references publications,
      dark_on date not null,
      note text not null,
      primary key (publication_id, dark_on)
    );

    create table sections (
      id int generated always as identity primary key,
      publication_id int not null references publications,
      slug text not null,
      name text not null,
      position int not null,
      weight real not null default 0.5 check (weight between 0 and 1),
      cap int not null default 4,
      is_default boolean not null default false,
      unique (publication_id, slug)
    );
    create unique index sections_one_default on sections (publication_id) where is_default;
  `.execute(db);
}
