import { type Kysely, sql } from 'kysely';

/** What the staff say to each other about an edition, or one of its items; and who is at the desk with what. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table desk_comments (
      id bigint generated always as identity primary key,
      edition_id bigint not null references editions,
      item_id bigint references edition_items,
      staff_id int not null references staff,
      at timestamptz not null,
      text text not null check (text <> ''),
      resolved_at timestamptz,
      resolved_by text
    );
    create index desk_comments_of on desk_comments (edition_id, id);

    create table desk_presences (
      edition_id bigint not null references editions,
      staff_id int not null references staff,
      field text not null,
      seen_at timestamptz not null,
      primary key (edition_id, staff_id)
    );
  `.execute(db);
}
