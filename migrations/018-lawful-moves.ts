import { type Kysely, sql } from 'kysely';

/**
 * The database itself refuses a transition that the rules of trials do not know (each pair of state and event, and where
 * it leads). Events written before this have no `from_state`; every later one must. A trial in grace keeps why.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table trial_events add column from_state text;
    alter table trial_events add constraint trial_events_from check (from_state is not null) not valid;
    alter table trial_events add constraint trial_events_lawful check (
      (event in ('paused', 'resumed', 'bounce_hold', 'bounce_cleared', 'unsubscribed', 'resubscribed', 'complained',
          'promised', 'hard_stop_moved')
        and to_state is null and from_state <> 'none')
      or (from_state || ' ' || event || ' ' || coalesce(to_state, from_state)) = any (array[
        'none requested requested',
        'requested confirmed scheduled', 'requested request_expired void', 'requested voided void',
        'requested abused ended', 'requested converted converted',
        'scheduled edition_accepted running', 'scheduled extended scheduled', 'scheduled hard_stopped ended',
        'scheduled cancelled ended', 'scheduled undeliverable ended', 'scheduled abused ended',
        'scheduled converted converted', 'scheduled voided void',
        'running edition_accepted running', 'running edition_credited running', 'running extended running',
        'running allowance_spent ended', 'running grace_started grace', 'running hard_stopped ended',
        'running cancelled ended', 'running undeliverable ended', 'running abused ended',
        'running converted converted', 'running voided void',
        'grace edition_accepted grace', 'grace edition_credited grace', 'grace extended running',
        'grace grace_spent ended', 'grace cancelled ended', 'grace undeliverable ended', 'grace abused ended',
        'grace converted converted',
        'ended edition_accepted ended', 'ended edition_credited ended', 'ended converted converted',
        'ended reopened running',
        'converted edition_accepted converted', 'converted edition_credited converted',
        'converted conversion_reversed ended',
        'void edition_accepted void'
      ])
    );
    alter table trials add column grace_why text check (grace_why in ('po_pending', 'payment_pending', 'courtesy'));
  `.execute(db);
}
