import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Result } from '../../torture/chambers/chamber.ts';
import { TABLE } from '../../torture/chambers/faults/table.ts';
import { breakServer, type Struck } from '../../torture/chambers/faults.ts';
import { killSenders } from '../../torture/chambers/kills.ts';
import { afterTheDot, beforeTheCommit, inSettling } from '../../torture/chambers/points/send.ts';
import { killAtPoints } from '../../torture/chambers/points.ts';
import { liveThrough } from '../../torture/chambers/schedulers.ts';
import { openPlace, type Place } from '../../torture/machine/place.ts';
import { seeded } from '../../torture/random.ts';

// The short form of `npm run torture`.

const SEED = 20261123;
const WISH = { connections: 4, policy: 'resend_once', journal: true, lane: 'fast', chunking: true } as const;
const folder = mkdtempSync(join(tmpdir(), 'presstime-chambers-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A place on the Postgres of the tests, for one chamber. */
async function inPlace(name: string, torture: (place: Place) => Promise<Result>): Promise<Result> {
  const server = JSON.parse(process.env.TEST_PG as string);
  const place = openPlace(server, {
    folder: join(folder, name),
    random: seeded(SEED),
    say: () => {},
    template: 'template_app',
  });
  return torture(place).finally(place.close);
}

test('senders killed at random moments lose nobody, and double nobody whom the ledger had not listed', async () => {
  const { kills, failures, findings } = await inPlace('kills', (place) =>
    killSenders(place, { ...WISH, kills: 2 }, { readers: 300, within_ms: 400 }),
  );
  assert.deepEqual(failures, []);
  assert.equal(kills, 2);
  const [found] = findings;
  assert.ok(found && found.readers >= 300 && found.accepted === found.readers);
});

test('a sender killed after the dot, before the commit, or over what another left, loses and doubles nobody', async () => {
  const { kills, failures } = await inPlace('points', (place) =>
    killAtPoints(place, WISH, [afterTheDot, beforeTheCommit, inSettling]),
  );
  assert.deepEqual(failures, []);
  assert.equal(kills, 4);
});

test('a mail server that breaks before the dot leaves no doubt, one that breaks after it always does', async () => {
  const wanted = [
    '451 4.3.0 at RCPT',
    '550 5.1.1 at MAIL',
    'drop at MAIL',
    'garbage at RCPT',
    'drop at DOT',
    'half-open at DOT',
  ];
  const rows = TABLE.filter(({ name }) => wanted.includes(name));
  assert.equal(rows.length, wanted.length);
  const { failures, measured } = await inPlace('faults', (place) =>
    breakServer(place, { ...WISH, chunking: false, messages: 5 }, rows),
  );
  assert.deepEqual(failures, []);
  const faults = measured.faults as Record<string, Struck>;
  assert.deepEqual(
    Object.values(faults).map(({ struck }) => struck),
    rows.map(() => 5),
  );
});

test('eight schedulers at once make one edition, and each reader gets it once', async () => {
  const { failures, findings } = await inPlace('schedulers', (place) =>
    liveThrough(place, WISH, { minutes: 70, editions: 1, lead_minutes: 5 }),
  );
  assert.deepEqual(failures, []);
  assert.ok(findings.every(({ accepted, doubled }) => accepted > 0 && doubled === 0));
});
