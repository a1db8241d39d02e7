import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '../../src/db/connect.ts';
import { applyEvent } from '../../src/trials/machine/event.ts';
import { listEvents } from '../../src/trials/trial-event.ts';
import { MONDAY, seedPublication, startTrial } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { TRIAL_RACES } from '../support/trial-races.ts';

const db = connect(await freshTarget(), 12);
test.after(() => db.destroy());
const publication = await seedPublication(db);

for (const [name, race] of Object.entries(TRIAL_RACES))
  test(`forty ${name}`, () => race({ db, publication, clients: 40 }));

test('a repeated key returns the first outcome and changes nothing', async () => {
  const id = await startTrial(db, publication, { address: 'eve@reader.test' }, MONDAY);
  const pause = (now = MONDAY) =>
    db
      .transaction()
      .execute((trx) =>
        applyEvent(
          trx,
          id,
          { event: 'paused' },
          { now, actor: 'reader', idem_key: 'req:1', reason: 'holiday' },
        ),
      );
  assert.equal((await pause()).repeated, false);
  const again = await pause(MONDAY.add({ hours: 1 }));
  assert.ok(again.repeated);
  assert.deepEqual([again.first.event, String(again.first.recorded_at)], ['paused', String(MONDAY)]);
  assert.equal((await listEvents(db, id)).length, 3);
});
