import { type Kysely, sql } from 'kysely';

/** An edition made up once per variant in use: constant segments with blanks for the reader between them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table plates (
      id bigint generated always as identity primary key,
      edition_id bigint not null references editions,
      variant text not null,
      subject text not null,
      preheader text not null,
      html jsonb not null,
      text jsonb not null,
      html_bytes int not null,
      template_version text not null,
      made_at timestamptz not null,
      unique (edition_id, variant)
    );
  `.execute(db);
}
