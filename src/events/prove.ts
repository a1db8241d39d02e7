import type { Db } from '../db/connect.ts';
import type { Instant } from '../db/schema/kinds.ts';
import { type Delivery, findDelivery, listDeliveriesTo } from '../deliveries/ledger/delivery.ts';
import { createMessageIds } from '../deliveries/mail/message-id.ts';
import type { DeliveryRef, ReturnPaths } from '../deliveries/mail/return-path.ts';
import { createLinks } from '../subscribers/link.ts';
import { findSubscriber } from '../subscribers/subscriber.ts';
import { domainOf, tryAddress } from './address.ts';
import type { Returned } from './reading/returned.ts';
import type { ReturnedRow } from './returned.ts';

/** What signs and reads our marks. */
export type Marks = { return_paths: ReturnPaths; secret_keys: readonly string[] };

/** How far back a Message-ID is looked for. */
const LOOKED_FOR = { hours: 60 * 24 };
const ENVID = /^r(\d{1,15})-(\d{1,9})$/;

/**
 * The delivery that something which came back proves to be about (MAIL B1), or undefined. A mail proves it by the
 * signed return path it was sent to, a complaint by that of the mail complained of: nobody else can make one. A
 * provider's notice, whose sender is known, may name it by envelope id (RFC 3461 §4.4) too, and a complaint or a notice
 * by Message-ID: complaints often come without the path, and the Message-ID is as hard to guess. Marks that name
 * different deliveries prove nothing.
 */
export async function proveDelivery(
  db: Db,
  { form, sent_to, arrived_at }: Pick<ReturnedRow, 'form' | 'sent_to' | 'arrived_at'>,
  returned: Returned,
  { return_paths, secret_keys }: Marks,
): Promise<Delivery | undefined> {
  const isNotice = form === 'notice';
  const paths = [
    sent_to,
    ...returned.sent_to,
    isNotice || returned.kind === 'complaint' ? returned.original_from : null,
  ];
  const signed = paths.flatMap((path) => (path === null ? [] : (return_paths.read(path) ?? [])));
  const named = readEnvid(returned.envid);
  const refs = named && (isNotice || signed.length > 0) ? [...signed, named] : signed;
  const [first] = refs;
  if (first) return refs.every((ref) => isSame(ref, first)) ? findDelivery(db, first) : undefined;
  return isNotice || returned.kind === 'complaint'
    ? findByMessageId(db, returned, { secret_keys, at: arrived_at })
    : undefined;
}

/** A Message-ID tells nothing by itself: those of the reader's late deliveries are made again and compared. */
async function findByMessageId(
  db: Db,
  returned: Returned,
  { secret_keys, at }: { secret_keys: readonly string[]; at: Instant },
): Promise<Delivery | undefined> {
  if (returned.original_message_id === null) return undefined;
  const messageId = createMessageIds(secret_keys);
  for (const reader of await readersNamed(db, returned, secret_keys)) {
    const deliveries = await listDeliveriesTo(db, reader, { since: at.subtract(LOOKED_FOR) });
    const found = deliveries.find(
      (one) => messageId(one, domainOf(one.from_address)) === `<${returned.original_message_id}>`,
    );
    if (found) return found;
  }
  return undefined;
}

/** By address, or, where the address was blotted out, by the link to leave of the mail complained of. */
async function readersNamed(
  db: Db,
  { recipients, original_to, original_leave }: Returned,
  secretKeys: readonly string[],
): Promise<Set<number>> {
  const readers = new Set<number>();
  for (const text of new Set([...recipients.map(({ address }) => address), ...original_to])) {
    const address = tryAddress(text);
    const reader = address && (await findSubscriber(db, address, { secretKeys }));
    if (reader) readers.add(reader.id);
  }
  const links = createLinks(secretKeys, '');
  for (const [token] of original_leave?.matchAll(/[\w-]{30,}/g) ?? []) {
    const left = links.read('leave', token);
    if (left) readers.add(left.subject);
  }
  return readers;
}

function readEnvid(envid: string | null): DeliveryRef | undefined {
  const [, run, seq] = ENVID.exec(envid ?? '') ?? [];
  return run && seq ? { run_id: Number(run), seq: Number(seq) } : undefined;
}

const isSame = (a: DeliveryRef, b: DeliveryRef): boolean => a.run_id === b.run_id && a.seq === b.seq;
