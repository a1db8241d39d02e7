import { type Kysely, sql } from 'kysely';

/**
 * The ledger. A run is one edition's hand-over, or the letters of one local date; its audience is cut into
 * batches, and outcomes are appended, at most one of them final per reader. The database itself balances
 * the books when a run closes. Audience and outcomes are partitioned by run, so that old ones drop at once; they
 * have no foreign keys, because adding a partition would then lock subscribers and grants while an edition is frozen.
 * An outcome that names a `retry_at` is not the last word: deferred, or in doubt and to be sent once more.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table runs (
      id bigint generated always as identity primary key,
      publication_id int not null references publications,
      kind text not null check (kind in ('edition', 'letters')),
      run_on date not null,
      edition_id bigint unique references editions,
      opened_at timestamptz not null,
      paused_at timestamptz,
      pause_reason text,
      closed_at timestamptz,
      audience_count int,
      accepted_count int,
      failed_count int,
      skipped_count int,
      unknown_count int,
      check ((kind = 'edition') = (edition_id is not null)),
      check (closed_at is null or audience_count = accepted_count + failed_count + skipped_count + unknown_count)
    );
    create unique index runs_letters on runs (publication_id, run_on) where kind = 'letters';

    create table audience (
      run_id bigint not null,
      seq int not null,
      subscriber_id bigint not null,
      letter_id bigint,
      address text not null,
      decision text not null check (decision in ('send', 'skip')),
      reason text,
      grant_id bigint,
      grant_source text,
      variant text,
      due_at timestamptz not null,
      stale_at timestamptz not null,
      primary key (run_id, seq),
      unique nulls not distinct (run_id, subscriber_id, letter_id),
      check ((decision = 'skip') = (reason is not null))
    ) partition by list (run_id);

    create table batches (
      run_id bigint not null references runs,
      no int not null,
      lo int not null,
      hi int not null,
      priority int not null default 0,
      state text not null default 'ready' check (state in ('ready', 'leased', 'done')),
      due_at timestamptz not null,
      stale_at timestamptz not null,
      owner text,
      lease_until timestamptz,
      fence int not null default 0,
      marked int[] not null default '{}',
      primary key (run_id, no),
      check ((state = 'leased') = (owner is not null)),
      check ((state = 'leased') = (lease_until is not null))
    );
    create index batches_open on batches (priority desc, due_at) where state <> 'done';

    create table outcomes (
      run_id bigint not null,
      seq int not null,
      attempt int not null,
      status text not null check (status in ('accepted', 'deferred', 'failed', 'skipped', 'unknown')),
      final boolean not null generated always as (retry_at is null) stored,
      reason text,
      reply text,
      reply_code int,
      retry_at timestamptz,
      worker text,
      at timestamptz not null,
      primary key (run_id, seq, attempt),
      check (retry_at is not null or status <> 'deferred'),
      check (retry_at is null or status in ('deferred', 'unknown'))
    ) partition by list (run_id);
    create unique index outcomes_one_final on outcomes (run_id, seq) where final;

    create function balance_books() returns trigger language plpgsql as $$
      declare counted record;
      begin
        if tg_op = 'UPDATE' and old.closed_at is not null then
          if new is distinct from old then raise exception 'run % is closed: its books are not changed', old.id; end if;
          return new;
        end if;
        if new.closed_at is null then return new; end if;
        select
          count(*) as audience,
          count(*) filter (where o.status = 'accepted') as accepted,
          count(*) filter (where o.status = 'failed') as failed,
          count(*) filter (where o.status = 'skipped') as skipped,
          count(*) filter (where o.status = 'unknown') as unknown
        into counted
        from audience a left join outcomes o on o.run_id = new.id and o.seq = a.seq and o.final
        where a.run_id = new.id;
        if counted.audience <> counted.accepted + counted.failed + counted.skipped + counted.unknown then
          raise exception 'run % cannot close: audience % is not accepted % + failed % + skipped % + unknown %',
            new.id, counted.audience, counted.accepted, counted.failed, counted.skipped, counted.unknown;
        end if;
        new.audience_count := counted.audience;
        new.accepted_count := counted.accepted;
        new.failed_count := counted.failed;
        new.skipped_count := counted.skipped;
        new.unknown_count := counted.unknown;
        return new;
      end $$;
    create trigger runs_balance before insert or update on runs for each row execute function balance_books();
  `.execute(db);
}
