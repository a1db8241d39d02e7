import pg from 'pg';
import type { Ledger } from './check.ts';

/** What became of readers who left while their edition was going out. */
export type Left = {
  /** Readers who left while they were still to be served. */
  tries: number;
  /** Of those, the ones whom no committed mark covered when they left. */
  not_yet_marked: number;
  /** Of those, the ones to whom a message came all the same. */
  sent_all_the_same: number;
  /** The longest time from the commit of an unsubscribe to the beginning of a message to that reader, any reader; 0 where none came after. */
  longest_window_seconds: number;
};

/**
 * Has every mark written down from now on, each with the transaction that made it. Postgres must keep the time of each
 * commit (`track_commit_timestamp`): that is the order in which marks and unsubscribes came about.
 */
export async function watchMarks(ledger: Ledger): Promise<void> {
  await ask(
    ledger,
    `create table watched_marks (run_id bigint not null, marked int[] not null);
     create function watch_marks() returns trigger language plpgsql as $$ begin
       insert into watched_marks values (new.run_id, new.marked); return null; end $$;
     create trigger watch_marks after update of marked on batches for each row
       when (new.marked <> '{}') execute function watch_marks();`,
  );
}

/** After `check` has loaded the server's log: compares the unsubscribes with marks and messages. */
export async function checkUnsubscribes(ledger: Ledger): Promise<Left> {
  const [row] = await ask(
    ledger,
    `with marks as (
       select m.run_id, seq, min(pg_xact_commit_timestamp(m.xmin)) as marked_at
       from watched_marks m, unnest(m.marked) seq group by 1, 2
     ), messages as (
       select run_id, seq, max(began) as began from seen.messages group by 1, 2
     ), tries as (
       select pg_xact_commit_timestamp(h.xmin) as left_at, k.marked_at, m.began
       from holds h
       join audience a on a.subscriber_id = h.subscriber_id and a.decision = 'send'
       join runs r on r.id = a.run_id and r.opened_at <= h.started_at
       left join marks k on k.run_id = a.run_id and k.seq = a.seq
       left join messages m on m.run_id = a.run_id and m.seq = a.seq
       where h.kind = 'unsubscribed'
         and not exists (select from outcomes o where o.run_id = a.run_id and o.seq = a.seq and o.final
           and o.status = 'accepted' and pg_xact_commit_timestamp(o.xmin) < pg_xact_commit_timestamp(h.xmin))
     )
     select count(*)::int as tries,
       count(*) filter (where marked_at is null or marked_at > left_at)::int as not_yet_marked,
       count(*) filter (where (marked_at is null or marked_at > left_at) and began is not null)::int as sent_all_the_same,
       coalesce(extract(epoch from max(began - left_at) filter (where began > left_at)), 0)::float8 as longest_window_seconds
     from tries`,
  );
  return row as Left;
}

async function ask(ledger: Ledger, question: string): Promise<unknown[]> {
  const client = new pg.Client(ledger);
  await client.connect();
  try {
    return (await client.query(question)).rows;
  } finally {
    await client.end();
  }
}
