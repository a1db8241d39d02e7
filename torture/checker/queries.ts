/** The readers of all runs of editions with their last word, how often they were in doubt, and what the server had for them. */
const READERS = `
  with copies as (
    select run_id, seq, count(*) as copies, count(*) filter (where answer like '2%') as answered,
      count(distinct (message_id, body_hash)) as kinds
    from seen.messages
    where answer like '2%' or answer = 'none'
    group by run_id, seq
  ), readers as (
    select a.run_id, a.seq, a.subscriber_id, a.address, a.decision, o.status, r.closed_at,
      coalesce(c.copies, 0) as copies, coalesce(c.answered, 0) as answered, coalesce(c.kinds, 0) as kinds
    from audience a
    join runs r on r.id = a.run_id and r.kind = 'edition'
    left join outcomes o on o.run_id = a.run_id and o.seq = a.seq and o.final
    left join copies c on c.run_id = a.run_id and c.seq = a.seq
  )`;

/** The second and later copies for each reader, with how many doubts had been listed when each was begun. */
const COPIES = `
  with copies as (
    select run_id, seq, began, row_number() over (partition by run_id, seq order by at) as nth
    from seen.messages
    where answer like '2%' or answer = 'none'
  ), excused as (
    select c.run_id, c.seq, c.nth, (
      select count(*) from outcomes o
      where o.run_id = c.run_id and o.seq = c.seq and o.status = 'unknown' and ($1::boolean or o.at <= c.began)
    ) as doubts
    from copies c
    where c.nth > 1
  )`;

/** One number each, as `count`. `$1`: the clocks of sender and server are not the same. */
export const CHECKS = {
  readers: `${READERS} select count(*) from readers where decision = 'send'`,
  accepted: `${READERS} select count(*) from readers where status = 'accepted'`,
  lost: `${READERS} select count(*) from readers where decision = 'send' and (
    (status is null and copies = 0) or (status = 'accepted' and answered = 0))`,
  wrong_person: `
    select count(*) from seen.messages m
    left join audience a on a.run_id = m.run_id and a.seq = m.seq
    left join subscribers s on s.id = a.subscriber_id
    left join runs r on r.id = a.run_id
    where a.seq is null or m.rcpt <> a.address or m.name is distinct from coalesce(s.first_name, '')
      or m.addresses <> array[a.address] or not m.readers <@ array[a.subscriber_id]
      or (r.kind = 'edition' and m.readers = '{}')`,
  doubled: `${READERS} select coalesce(sum(copies - 1), 0) as count from readers where copies > 1`,
  doubled_beyond_unknown: `${COPIES} select count(*) from excused where doubts < nth - 1`,
  unknown: `select count(*) from outcomes where status = 'unknown'`,
  unknown_never_sent: `${READERS} select count(*) from readers where status = 'unknown' and copies = 0`,
  unrecorded: `${READERS} select count(*) from readers
    where answered > 0 and coalesce(status, 'none') not in ('accepted', 'unknown')`,
  differing_copies: `${READERS} select count(*) from readers where kinds > 1`,
  unbalanced: `${READERS} select count(*) from runs r
    left join (
      select run_id, count(*) as audience, count(*) filter (where status = 'accepted') as accepted,
        count(*) filter (where status = 'failed') as failed, count(*) filter (where status = 'skipped') as skipped,
        count(*) filter (where status = 'unknown') as unknown
      from readers group by run_id
    ) c on c.run_id = r.id
    where r.kind = 'edition' and (r.closed_at is null
      or (r.audience_count, r.accepted_count, r.failed_count, r.skipped_count, r.unknown_count)
        is distinct from (c.audience, c.accepted, c.failed, c.skipped, c.unknown))`,
  miscounted: `${READERS} select count(*) from trials t
    where (select count(*) from trial_events e where e.trial_id = t.id and e.event = 'edition_accepted')
      <> (select count(*) from readers r where r.subscriber_id = t.subscriber_id and r.status = 'accepted')`,
};

/** The doubts that followed each kill: each belongs to the last kill that left its reader marked. */
export const DOUBT_PER_KILL = `
  with doubts as (
    select distinct on (o.run_id, o.seq, o.attempt) k.kill
    from outcomes o
    join seen.kills k on k.run_id = o.run_id and o.seq = any (k.marked) and k.at <= o.at
    where o.status = 'unknown'
    order by o.run_id, o.seq, o.attempt, k.at desc
  )
  select count(d.kill) as figure from (select distinct kill from seen.kills) k
  left join doubts d on d.kill = k.kill
  group by k.kill order by k.kill`;

/**
 * Seconds from each kill to the first message of another process for a reader of a batch that the dead one held. Where
 * one that had taken the batch over was killed too, the time runs from that kill.
 */
export const RECOVERY = `
  with later as (
    select distinct on (m.run_id, m.seq) m.run_id, m.seq, m.at, o.worker
    from seen.messages m
    join outcomes o on o.run_id = m.run_id and o.seq = m.seq and o.status = 'accepted'
    where m.answer like '2%'
    order by m.run_id, m.seq, m.at desc
  )
  select extract(epoch from min(l.at) - min(k.at)) as figure
  from seen.kills k
  join later l on l.run_id = k.run_id and l.seq between k.lo and k.hi and l.at > k.at and l.worker <> k.worker
  where not exists (select 1 from seen.kills n
    where n.run_id = k.run_id and n.lo = k.lo and n.kill <> k.kill and n.at > k.at and n.at < l.at)
  group by k.kill order by k.kill`;
