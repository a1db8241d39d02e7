import { type Kysely, sql } from 'kysely';

/**
 * What the sign-up form was sent, each post a row whether or not the address is known: counted for the limits for a day,
 * and answered in the background. `request` is what was typed, until that is done; `try_at`: when it is to be tried next.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sign_ups (
      id bigint generated always as identity primary key,
      publication_id int not null references publications,
      kind text not null check (kind in ('trial', 'group')),
      network text,
      domain text not null,
      request jsonb,
      asked_at timestamptz not null,
      tries int not null default 0,
      try_at timestamptz,
      trouble text
    );
    create index sign_ups_by_network on sign_ups (network, asked_at);
    create index sign_ups_by_domain on sign_ups (domain, asked_at);
    create index sign_ups_waiting on sign_ups (try_at, id) where try_at is not null;
    create index subscribers_by_domain on subscribers ((split_part(address, '@', 2)));
  `.execute(db);
}
