import { type Kysely, sql } from 'kysely';

/** What the newsroom says of a mail domain, over the lists that come with the program: of its sub-domains too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table domain_rules (
      domain text primary key,
      rule text not null check (rule in ('allowed', 'refused', 'shared')),
      reason text not null,
      ruled_by text not null,
      ruled_at timestamptz not null
    )
  `.execute(db);
}
