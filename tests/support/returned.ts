import { sql } from 'kysely';
import type { SetClock } from '../../src/clock.ts';
import type { Db } from '../../src/db/connect.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { openEditionRun } from '../../src/deliveries/ledger/run.ts';
import { createReturnPaths, type DeliveryRef } from '../../src/deliveries/mail/return-path.ts';
import { requireEdition } from '../../src/editions/edition.ts';
import { takeReturned } from '../../src/events/take-returned.ts';
import { workReturned } from '../../src/events/work-returned.ts';
import { silentLog } from '../../src/log.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { countAccepted } from '../../src/trials/count.ts';
import { SECRET_KEYS } from './cast.ts';
import { seedDraft } from './press-room.ts';

const RETURN_PATHS = createReturnPaths(SECRET_KEYS);

/** The signed return path of a delivery. */
export const returnPath = (delivery: DeliveryRef): string => RETURN_PATHS.address(delivery, 'dome.test');

/** What one says of the mail server that reported. */
type Said = {
  to?: string;
  status?: string;
  action?: string;
  diagnostic?: string;
};

/** A delivery status notification (RFC 3464) as a mail server writes it, with a block for each recipient. */
export function bounce(
  delivery: DeliveryRef,
  recipients: Said[],
  { envid, mark = '', path = returnPath(delivery) }: { envid?: string; mark?: string; path?: string } = {},
): Buffer {
  const blocks = recipients.map(
    ({
      to = 'ann@reader.test',
      status = '5.1.1',
      action = 'failed',
      diagnostic = `550 ${status} no such user`,
    }) =>
      [
        `Final-Recipient: rfc822; ${to}`,
        `Action: ${action}`,
        `Status: ${status}`,
        `Diagnostic-Code: smtp; ${diagnostic}`,
      ].join('\n'),
  );
  return lines(`From: MAILER-DAEMON@mx.reader.test
To: <${path}>
Subject: Undelivered Mail Returned to Sender ${mark}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.reader.test
${envid ? `Original-Envelope-Id: ${envid}\n` : ''}
${blocks.join('\n\n')}

--b--
`);
}

/** A feedback report (RFC 5965) on a delivery; `path` null: without the envelope's sender; `enclosed`: more fields of our mail. */
export function complaint(
  delivery: DeliveryRef,
  {
    to = 'ann@reader.test',
    path = returnPath(delivery),
    enclosed = [],
  }: { to?: string; path?: string | null; enclosed?: string[] } = {},
): Buffer {
  const fields = ['From: Dome Daily <daily@dome.test>', `To: Ann <${to}>`, ...enclosed].join('\n');
  return lines(`From: feedback@provider.test
To: <complaints@dome.test>
Subject: complaint about message
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: provider/1.0
Version: 1
${path === null ? '' : `Original-Mail-From: <${path}>\n`}Original-Rcpt-To: <${to}>

--b
Content-Type: message/rfc822

${fields}
Subject: Stopgap bill slips to Thursday

...
--b--
`);
}

/** An answer from a reader who is away (RFC 3834). */
export const vacation = (delivery: DeliveryRef): Buffer =>
  lines(`From: ann@reader.test
To: <${returnPath(delivery)}>
Subject: Out of office
Auto-Submitted: auto-replied

I am away until Monday. 550 5.1.1 is what I would say if I knew how.
`);

const lines = (text: string): Buffer => Buffer.from(text.replace(/\n/g, '\r\n'));

/** What the room of events is worked with in a test. */
export const working = (clock: SetClock) => ({
  clock,
  log: silentLog(),
  return_paths: RETURN_PATHS,
  secret_keys: SECRET_KEYS,
});

/** Takes a mail in as if it had come to `sent_to`, and works it. */
export async function comeBack(
  db: Db,
  clock: SetClock,
  raw: Buffer,
  sent_to: string | null,
): Promise<'taken' | 'known'> {
  const now = clock.now();
  const taken = await takeReturned(
    db,
    { way: 'smtp', form: 'mail', raw, sent_to },
    { now, enqueue: async () => {} },
  );
  await workReturned(db, working(clock));
  return taken;
}

/**
 * The run of an edition of `date` in which these readers were handed it at `at`, and the server took it; trials are
 * counted. Their places are in the order given.
 */
export async function handedOver(
  db: Db,
  publication: Publication,
  readers: { id: number; address: string }[],
  { date, at }: { date: string; at: Temporal.Instant },
): Promise<{ run_id: number; edition_id: number }> {
  const edition_id = await seedDraft(db, publication, date);
  const edition = await requireEdition(db, edition_id);
  const run_id = await openEditionRun(db, edition, { now: at });
  for (const [place, { id, address }] of readers.entries()) {
    const seq = place + 1;
    await sql`
      with reader as (
        insert into audience (run_id, seq, subscriber_id, address, decision, due_at, stale_at)
        values (${run_id}, ${seq}, ${id}, ${address}, 'send', ${at}, ${at.add({ hours: 4 })}))
      insert into outcomes (run_id, seq, attempt, status, reply, reply_code, at)
      values (${run_id}, ${seq}, 1, 'accepted', '250 2.0.0 taken', 250, ${at})`.execute(db);
    await inTransaction(db, (trx) =>
      countAccepted(trx, [{ subscriber_id: id, at }], { publication, edition }),
    );
  }
  return { run_id, edition_id };
}
