import { type Kysely, sql } from 'kysely';

/** Who asks for an invoice, for which plan, and how far it has come; `subscriber_id` is known once the newsroom has been told. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table invoice_requests (
      id bigint generated always as identity primary key,
      publication_id int not null references publications,
      plan_id int not null references plans,
      subscriber_id bigint references subscribers,
      address text not null,
      name text not null,
      organisation text not null,
      billing_address text not null,
      po_number text,
      note text,
      state text not null check (state in ('requested', 'po_received', 'paid', 'withdrawn')),
      payment_reference text,
      asked_at timestamptz not null,
      changed_at timestamptz not null,
      check ((state = 'paid') = (payment_reference is not null))
    );
    create index invoice_requests_by_reader on invoice_requests (subscriber_id);
    alter table sign_ups drop constraint sign_ups_kind_check,
      add constraint sign_ups_kind_check check (kind in ('trial', 'group', 'invoice'));
  `.execute(db);
}
