import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '../../src/subscribers/address.ts';
import { endHold, listHoldKinds, listHolds, placeHold } from '../../src/subscribers/hold.ts';
import {
  findSubscriber,
  markSubscriberConfirmed,
  meetSubscriber,
  requireSubscriber,
} from '../../src/subscribers/subscriber.ts';
import { findSuppression, suppress } from '../../src/subscribers/suppression.ts';
import { MONDAY, SECRET_KEYS, seedPublication } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const db = await freshDatabase();
const publication = await seedPublication(db);
const told = { now: MONDAY, secretKeys: SECRET_KEYS };
const meet = (address: string, first_name: string | null) =>
  meetSubscriber(db, { address: parseAddress(address), first_name }, told);

test('one person is one row, whichever spelling they come under', async () => {
  const first = await meet('Ann.B@gmail.com', 'Ann');
  const again = await meet('annb+x@googlemail.com', null);
  assert.deepEqual([again.id, again.address, again.first_name], [first.id, 'Ann.B@gmail.com', 'Ann']);
  assert.equal((await findSubscriber(db, parseAddress('annb@gmail.com'), told))?.id, first.id);
});

test('a name can be corrected until the address is confirmed, and by no stranger after', async () => {
  const { id } = await meet('bob@reader.test', 'Bbo');
  assert.equal((await meet('bob@reader.test', 'Bob')).first_name, 'Bob');
  await markSubscriberConfirmed(db, id, { now: MONDAY });
  await markSubscriberConfirmed(db, id, { now: MONDAY.add({ hours: 1 }) });
  assert.equal((await meet('bob@reader.test', 'Mallory')).first_name, 'Bob');
  assert.equal(String((await requireSubscriber(db, id)).confirmed_at), MONDAY.toString());
  await assert.rejects(requireSubscriber(db, 999), { kind: 'not_found', message: 'no subscriber 999' });
});

test('a hold is placed once, ended once, and may be placed again', async () => {
  const { id: subscriber_id } = await meet('cleo@reader.test', null);
  const on = { subscriber_id, publication_id: publication.id, kind: 'bounced' as const };
  const later = MONDAY.add({ hours: 1 });
  assert.deepEqual(
    [
      await placeHold(db, on, { now: MONDAY }),
      await placeHold(db, on, { now: later }),
      await endHold(db, { ...on, publication_id: null }, { now: later }),
      await endHold(db, on, { now: later }),
      await endHold(db, on, { now: later }),
      await placeHold(db, { ...on, publication_id: null }, { now: later }),
    ],
    [true, false, false, true, false, true],
  );
  assert.equal((await listHolds(db, subscriber_id, publication.id)).length, 2);
  const kinds = (at: Temporal.Instant) => listHoldKinds(db, subscriber_id, publication.id, { at });
  assert.deepEqual(
    [await kinds(MONDAY.subtract({ seconds: 1 })), await kinds(MONDAY), await kinds(later)],
    [[], ['bounced'], ['bounced']],
  );
});

test('an address is suppressed once, by its key alone', async () => {
  const { address_key } = await meet('eve@reader.test', null);
  const why = { address_key, reason: 'complaint' as const };
  assert.deepEqual(
    [await suppress(db, why, { now: MONDAY }), await suppress(db, why, { now: MONDAY })],
    [true, false],
  );
  assert.equal((await findSuppression(db, address_key))?.reason, 'complaint');
});
