import { type Kysely, sql } from 'kysely';

/**
 * A run keeps its counts when its readers' rows are dropped: that alone may still be noted on a closed one. Batches are
 * marked many times a second, so their pages keep room for it. `marked_by`: whose journal knows of those marked; not
 * always the holder, who may have died while it settled what another had left.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table batches set (fillfactor = 40), add column marked_by text;
    alter table runs add column dropped_at timestamptz;
    create or replace function balance_books() returns trigger language plpgsql as $$
      declare counted record;
      begin
        if tg_op = 'UPDATE' and old.closed_at is not null then
          if old.dropped_at is null and to_jsonb(new) - 'dropped_at' = to_jsonb(old) - 'dropped_at' then return new; end if;
          raise exception 'run % is closed: its books are not changed', old.id;
        end if;
        if new.dropped_at is not null then raise exception 'run % is open: nothing of it is dropped', new.id; end if;
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
  `.execute(db);
}
