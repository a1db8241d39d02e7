import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../../src/db/connect.ts';
import type { Publication } from '../../../src/publications/publication.ts';
import { currentHardStop } from '../../../src/trials/ending/current-hard-stop.ts';
import type { Trial } from '../../../src/trials/trial.ts';
import { dateOf } from '../reader-model/days.ts';
import type { EditionTold, LetterTold, Story, TrialTold } from '../reader-model/life.ts';

/** What the ledger and the log of trials say of every reader, by address. */
export type Told = Map<string, Omit<Story, 'answers'>>;

/** Reads back what became of everybody, as it stands at `now`. */
export async function readBack(db: Db, publication: Publication, now: Temporal.Instant): Promise<Told> {
  const told: Told = new Map();
  const of = (address: string) =>
    told.getOrInsertComputed(address, () => ({ editions: [], letters: [], trial: null }));
  for (const { address, ...edition } of await rowsOf<EditionTold & { address: string }>(db, EDITIONS))
    of(address).editions.push(edition);
  for (const { address, due_at, word_at, reason, ...letter } of await rowsOf<LetterRow>(db, LETTERS))
    of(address).letters.push({
      ...letter,
      due: due_at.epochMilliseconds,
      at: word_at?.epochMilliseconds ?? null,
      why: reason === null ? [] : [reason],
    });
  for (const { address, ...trial } of await rowsOf<Trial & { address: string }>(db, TRIALS))
    of(address).trial = await tell(db, publication, trial, now);
  return told;
}

type LetterRow = Pick<LetterTold, 'letter' | 'word'> & {
  address: string;
  due_at: Temporal.Instant;
  word_at: Temporal.Instant | null;
  reason: string | null;
};

const rowsOf = async <Row>(db: Db, query: RawBuilder<Row>): Promise<Row[]> => (await query.execute(db)).rows;

/** The number of an edition is what its event made of the count, which is not what a later credit left of it. */
const EDITIONS = sql<never>`
  select a.address, e.edition_on::text as "on",
    case o.status when 'skipped' then 'skipped ' || o.reason when 'failed' then 'refused' else o.status end as word,
    case when t.d_grace_used > 0 then '"grace"'::jsonb when t.d_consumed > 0 then to_jsonb(t.number) end as number
  from audience a join runs r on r.id = a.run_id join editions e on e.id = r.edition_id
  join outcomes o on o.run_id = a.run_id and o.seq = a.seq and o.final
  left join (
    select s.subscriber_id, v.idem_key, v.event, v.d_consumed, v.d_grace_used,
      sum(v.d_consumed) over (partition by v.trial_id order by v.id)::int as number
    from trial_events v join trials s on s.id = v.trial_id
  ) t on t.subscriber_id = a.subscriber_id and t.idem_key = 'ed:' || e.id and t.event = 'edition_accepted'
  order by e.edition_on`;

const LETTERS = sql<never>`
  select s.address, l.letter, l.due_at, l.drop_reason as reason,
    case when l.dropped_at is not null then 'dropped' when o.status = 'accepted' then 'gone'
      when o.status = 'failed' then 'refused' else coalesce(o.status, 'waiting') end as word,
    coalesce(l.dropped_at, o.at) as word_at
  from letters l join subscribers s on s.id = l.subscriber_id
  left join audience a on a.letter_id = l.id
  left join outcomes o on o.run_id = a.run_id and o.seq = a.seq and o.final
  where l.address is null`;

const TRIALS = sql<never>`
  select distinct on (t.subscriber_id) s.address, t.*
  from trials t join subscribers s on s.id = t.subscriber_id order by t.subscriber_id, t.id desc`;

async function tell(
  db: Db,
  publication: Publication,
  trial: Trial,
  now: Temporal.Instant,
): Promise<TrialTold> {
  const { state, end_reason: why, consumed, allowance, grace_used, ended_at } = trial;
  const isOpen = ['scheduled', 'running', 'grace'].includes(state);
  const ended = ended_at && dateOf(publication as never, ended_at.epochMilliseconds);
  const ends_on = isOpen ? String(await currentHardStop(db, trial, publication, { now })) : ended;
  return { state, why, consumed, allowance, grace_used, ends_on };
}
