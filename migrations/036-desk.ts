import { type Kysely, sql } from 'kysely';

/**
 * The desk: an item's own words for its picture, its place by a rank between its neighbours', and dropped ones kept; every
 * edit with what each field was before and after, numbered for itself; approvals, bound to what was approved; where an
 * edition stood when, and who moved it there.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table edition_items
      alter column position type double precision,
      drop constraint edition_items_edition_id_position_key,
      add column image_alt text,
      add column image_caption text,
      add column dropped_at timestamptz;

    create table edition_edits (
      id bigint generated always as identity primary key,
      edition_id bigint not null references editions,
      at timestamptz not null,
      staff_id int references staff,
      actor text not null,
      verb text not null,
      reason text,
      undoes bigint unique references edition_edits
    );
    create index edition_edits_of on edition_edits (edition_id, id);

    create table edition_changes (
      edit_id bigint not null references edition_edits,
      edition_id bigint not null references editions,
      item_id bigint references edition_items,
      field text not null,
      rev int not null check (rev > 0),
      before jsonb not null,
      after jsonb not null,
      unique nulls not distinct (edition_id, item_id, field, rev)
    );
    create index edition_changes_of on edition_changes (edit_id);

    create table approvals (
      id bigint generated always as identity primary key,
      edition_id bigint not null references editions,
      at timestamptz not null,
      staff_id int references staff,
      actor text not null,
      hash text not null,
      content_hash text not null,
      template_version text not null,
      audience_rule text not null,
      model jsonb not null,
      overrides jsonb not null,
      voided_at timestamptz,
      void_reason text
    );
    create unique index approvals_standing on approvals (edition_id) where voided_at is null;

    create table edition_moves (
      id bigint generated always as identity primary key,
      edition_id bigint not null references editions,
      at timestamptz not null,
      from_state text not null,
      to_state text not null,
      actor text not null,
      reason text
    );
    create index edition_moves_of on edition_moves (edition_id, id);
  `.execute(db);
}
