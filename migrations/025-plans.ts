import { type Kysely, sql } from 'kysely';

/**
 * What a subscription costs is said by plans alone. A plan in use is never changed: another price is a new version. The
 * price that an offer had named no interval, so no plan can be made of it: the publication's file names them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table plans (
      id int generated always as identity primary key,
      publication_id int not null references publications,
      slug text not null,
      version int not null default 1,
      name text not null,
      price_cents int not null check (price_cents > 0),
      currency text not null,
      interval text not null check (interval in ('month', 'year')),
      active boolean not null default true,
      unique (publication_id, slug, version)
    );
    create unique index plans_active on plans (publication_id, slug) where active;
    alter table offers drop column price_cents, drop column currency;
  `.execute(db);
}
