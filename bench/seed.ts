import { sql } from 'kysely';
import type { Db } from '../src/db/connect.ts';
import { pressEdition } from '../src/press/press.ts';
import { insertPublication, type Publication, requirePublication } from '../src/publications/publication.ts';
import { writeEdition } from './edition.ts';

/** Where the readers of the bench would read their pages. */
export const PUBLIC_URL = 'https://news.bench.test';
const DOMAIN = 'bench.test';

/** A publication with `readers` readers, `r1@reader.test` and on; every fifth on a trial of ten editions where `trials` is set. */
export async function seedPublication(
  db: Db,
  slug: string,
  { readers, trials, now }: { readers: number; trials: boolean; now: Temporal.Instant },
): Promise<Publication> {
  const before = now.subtract({ hours: 24 });
  await addReaders(db, readers, before);
  const id = await insertPublication(db, {
    slug,
    name: 'The Bench Daily',
    tagline: 'Measured every morning',
    site_url: `https://${DOMAIN}`,
    from_name: 'The Bench Daily',
    from_address: `daily@${DOMAIN}`,
    postal_address: 'The Bench Daily, 1 Level Street, Washington, DC 20002',
    corrections_address: `corrections@${DOMAIN}`,
    zone: 'America/New_York',
    press_time: Temporal.PlainTime.from('06:00'),
    publishing_weekdays: [1, 2, 3, 4, 5, 6, 7],
    created_at: before,
    ramp_wait_seconds: 0,
  });
  const every = trials ? 5 : 0;
  await sql`insert into offers (publication_id, slug, name) values (${id}, 'free-trial', 'Free trial')`.execute(
    db,
  );
  await sql`
    insert into trials (subscriber_id, publication_id, offer_id, state, unit, allowance, consumed, cap_days, hard_stop_on,
      requested_at, confirmed_at)
    select s.id, ${id}, (select max(id) from offers), 'running', 'editions', 10, s.id % 10, 22,
      ${before}::timestamptz::date + 60, ${before}, ${before}
    from subscribers s where s.id <= ${readers} and ${every} > 0 and s.id % greatest(${every}::int, 1) = 0`.execute(
    db,
  );
  await sql`
    insert into grants (subscriber_id, publication_id, source, source_id, starts_at)
    select s.id, ${id}, case when t.id is null then 'paid' else 'trial' end,
      coalesce('trial ' || t.id, 'bench ' || ${id}::int || ' ' || s.id), ${before}
    from subscribers s left join trials t on t.subscriber_id = s.id and t.publication_id = ${id}
    where s.id <= ${readers}`.execute(db);
  await sql`analyze subscribers, grants, trials`.execute(db);
  return requirePublication(db, id);
}

/** Presses a new edition of some 50 KB of HTML; returns its run and how long the freezing took. */
export async function pressAnother(
  db: Db,
  publication: Publication,
  { now }: { now: Temporal.Instant },
): Promise<{ run_id: number; edition_id: number; press_seconds: number }> {
  const edition_id = await writeEdition(db, publication, { now });
  const began = performance.now();
  const { state, reason } = await pressEdition(db, edition_id, {
    now,
    enqueue: async () => {},
    public_url: PUBLIC_URL,
  });
  if (state !== 'pressing') throw new Error(`the edition is ${state}: ${reason}`);
  const { id } = await db
    .selectFrom('runs')
    .select('id')
    .where('edition_id', '=', edition_id)
    .executeTakeFirstOrThrow();
  const press_seconds = (performance.now() - began) / 1000;
  await sql`vacuum analyze batches`.execute(db);
  return { run_id: id, edition_id, press_seconds };
}

async function addReaders(db: Db, readers: number, at: Temporal.Instant): Promise<void> {
  await sql`
    insert into subscribers (address, address_key, first_name, created_at, confirmed_at)
    select 'r' || n || '@reader.test', md5('reader ' || n) || md5(n::text),
      (array['Anna', 'Łukasz', 'José', 'Mary O''Neil', '李雷', 'Björk & Sons', 'John', 'Zoë', 'Ravi', 'Ng'])[1 + n % 10],
      ${at}, ${at}
    from generate_series((select coalesce(max(id), 0) + 1 from subscribers), ${readers}::int) n`.execute(db);
}
