import { type Kysely, sql } from 'kysely';

/** One row for each job and minute: whoever writes it runs the job, the other schedulers do not. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create extension if not exists btree_gist;

    create table ticks (
      job text not null,
      minute_at timestamptz not null,
      primary key (job, minute_at)
    );

    create table audit (
      id bigint generated always as identity primary key,
      at timestamptz not null,
      actor text not null,
      verb text not null,
      subject text not null,
      reason text,
      detail jsonb not null default '{}'
    );
    create function refuse_change() returns trigger language plpgsql as $$
      begin raise exception '% is append-only: % refused', tg_table_name, tg_op; end $$;
    create trigger audit_append_only before update or delete or truncate on audit
      for each statement execute function refuse_change();
  `.execute(db);
}
