import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '../../src/subscribers/address.ts';
import { areReadersKnownByKey } from '../../src/subscribers/known-by-key.ts';
import { findSubscriber, meetSubscriber } from '../../src/subscribers/subscriber.ts';
import { MONDAY } from '../support/cast.ts';
import { freshDatabase } from '../support/database.ts';

const OLD = 'the key that the database was begun with, long enough';
const NEW = 'the key that came after it, and is long enough as well';

test('a reader is found after a key is put in front, and it is seen where the last key was changed, even for a time', async () => {
  const db = await freshDatabase();
  const known = (...secretKeys: string[]) => areReadersKnownByKey(db, { secretKeys });
  const meet = (text: string, ...secretKeys: string[]) =>
    meetSubscriber(db, { address: parseAddress(text), first_name: null }, { now: MONDAY, secretKeys });
  assert.equal(await known(NEW), true, 'nobody reads yet');
  const ann = await meet('Ann@reader.test', OLD);
  assert.equal(
    (await findSubscriber(db, parseAddress('ann@reader.test'), { secretKeys: [NEW, OLD] }))?.id,
    ann.id,
  );
  assert.deepEqual([await known(OLD), await known(NEW, OLD), await known(NEW)], [true, true, false]);
  await meet('bob@reader.test', NEW);
  assert.equal(await known(NEW, OLD), false, 'Bob came in under the wrong key');
});
