import Handlebars from 'handlebars';
import { sql } from 'kysely';
import nodemailer from 'nodemailer';
import type { Db } from '../src/db/connect.ts';
import { listPlates } from '../src/deliveries/plate.ts';
import type { Segment } from '../src/messages/plate.ts';
import type { Publication } from '../src/publications/publication.ts';

/** How the message of every reader is composed and sent by what others use. */
export type ComposedSending = {
  db: Db;
  publication: Publication;
  run_id: number;
  edition_id: number;
  port: number;
  connections: number;
  dkim?: { domainName: string; keySelector: string; privateKey: string } | undefined;
};

type Claimed = { id: number; address: string; first_name: string; token: string };

const AT_ONCE = 500;

/**
 * Nodemailer's pool, a prepared Handlebars template for each part, twice as many messages in hand as connections; a
 * row for each reader, claimed and marked by the five hundred. The call returned sends to all and returns how many.
 */
export async function prepareComposed(sending: ComposedSending): Promise<() => Promise<number>> {
  const { db, publication, edition_id, connections } = sending;
  await layOut(db, sending.run_id);
  const plate = (await listPlates(db, edition_id)).get('plain');
  if (!plate) throw new Error(`edition ${edition_id} has no plain plate`);
  const html = Handlebars.compile(asTemplate(plate.html));
  const text = Handlebars.compile(asTemplate(plate.text), { noEscape: true });
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port: sending.port,
    pool: true,
    maxConnections: connections,
    maxMessages: Infinity,
    ignoreTLS: true,
    ...(sending.dkim ? { dkim: sending.dkim } : {}),
  });
  const domain = publication.from_address.split('@')[1];
  const sendOne = async ({ address, first_name, token }: Claimed): Promise<void> => {
    const unsubscribe_url = `https://${domain}/leave/${token}`;
    const manage_url = `https://${domain}/my/${token}`;
    const blanks = {
      first_name,
      address,
      why: `You subscribe to ${publication.name}.`,
      strip_text: '',
      subscribe_url: `${manage_url}#subscribe`,
      manage_url,
      pause_url: `${manage_url}#pause`,
      unsubscribe_url,
      view_url: `https://${domain}/editions/today`,
    };
    await transport.sendMail({
      from: { name: publication.from_name, address: publication.from_address },
      to: { name: first_name, address },
      subject: plate.subject,
      messageId: `<${token}@${domain}>`,
      html: html(blanks),
      text: text(blanks),
      list: { unsubscribe: { url: unsubscribe_url, comment: '' } },
      headers: {
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        'Feedback-ID': 'today:paid:regular:bench',
      },
      envelope: { from: `bounce+${token}@${domain}`, to: [address] },
    });
  };
  return async () => {
    let sent = 0;
    for (let claimed = await claim(db); claimed.length > 0; claimed = await claim(db)) {
      const waiting = [...claimed];
      const work = async (): Promise<void> => {
        for (let next = waiting.pop(); next; next = waiting.pop()) await sendOne(next);
      };
      await Promise.all(Array.from({ length: connections * 2 }, work));
      await mark(db, claimed);
      sent += claimed.length;
    }
    transport.close();
    return sent;
  };
}

/** The plate as a template of Handlebars, the same words with the same blanks. */
const asTemplate = (segments: Segment[]): string =>
  segments.map((segment) => (typeof segment === 'string' ? segment : `{{${segment.slot}}}`)).join('');

async function layOut(db: Db, run_id: number): Promise<void> {
  await sql`update batches set state = 'done' where run_id = ${run_id}`.execute(db); // no worker of ours is to send it too
  await sql`drop table if exists composed`.execute(db);
  await sql`create table composed (subscriber_id bigint primary key, state smallint not null default 0, sent_at timestamptz,
    reply text) with (fillfactor = 60)`.execute(db);
  await sql`insert into composed select subscriber_id from audience where run_id = ${run_id} and decision = 'send'`.execute(
    db,
  );
  await sql`create index composed_open on composed (subscriber_id) where state = 0`.execute(db);
  await sql`vacuum analyze composed`.execute(db);
}

async function claim(db: Db): Promise<Claimed[]> {
  const { rows } = await sql<Claimed>`
    update composed d set state = 1
    from (select subscriber_id from composed where state = 0 order by subscriber_id limit ${AT_ONCE} for update skip locked) c
      join subscribers s on s.id = c.subscriber_id
    where d.subscriber_id = c.subscriber_id
    returning s.id, s.address, s.first_name, replace(s.public_id::text, '-', '') as token`.execute(db);
  return rows;
}

async function mark(db: Db, sent: Claimed[]): Promise<void> {
  await sql`
    update composed d set state = 2, sent_at = clock_timestamp(), reply = '250 2.0.0 Ok'
    from unnest(${sent.map(({ id }) => id)}::bigint[]) u (id) where d.subscriber_id = u.id`.execute(db);
}
