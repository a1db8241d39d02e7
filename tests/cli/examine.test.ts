import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { examine } from '../../src/cli/examine.ts';
import { SetClock } from '../../src/clock.ts';
import { parseConfig } from '../../src/config.ts';
import { connect } from '../../src/db/connect.ts';
import { silentLog } from '../../src/log.ts';
import { createProgram } from '../../src/program.ts';
import { seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { noteJobs, PRESS, PUBLIC_URL } from '../support/press-room.ts';
import { startSmtp } from '../support/smtp.ts';
import { startStripe } from '../support/stripe.ts';
import { publicRecord } from '../support/verify-mail.ts';

const closers: (() => Promise<unknown>)[] = [];
after(() => Promise.all(closers.map((close) => close())));

test('doctor tells of each DKIM key whether DNS publishes it, of each record that mailboxes ask for, and whether card payments answer', async () => {
  const target = await freshTarget();
  const db = connect(target);
  closers.push(() => db.destroy());
  await seedPublication(db);
  const folder = mkdtempSync(join(tmpdir(), 'dkim-'));
  const [rsa, edwards] = [
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
    generateKeyPairSync('ed25519'),
  ];
  const files = [rsa, edwards].map(({ privateKey }, nth) => {
    const file = join(folder, `${nth}.pem`);
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    return file;
  });
  const dns: Record<string, string> = {
    'big._domainkey.dome.test': publicRecord(rsa.publicKey),
    'small._domainkey.dome.test': 'v=DKIM1; k=ed25519; p=',
    'dome.test': 'v=spf1 -all',
  };
  const stripe = await startStripe({ now: () => PRESS });
  const program = createProgram({
    config: parseConfig({
      ...stripe.settings,
      DATABASE_URL: 'postgres://unused',
      SMTP_URL: (await startSmtp()).url,
      PUBLIC_URL,
      SECRET_KEY: 'a secret key of at least thirty-two characters',
      DKIM_DOMAIN: 'dome.test',
      DKIM_SELECTOR: 'big,small',
      DKIM_KEY_FILE: files.join(','),
    }),
    db,
    clock: new SetClock(PRESS),
    log: silentLog(),
    enqueue: noteJobs().enqueue,
    resolveTxt: async (name) => {
      const record = dns[name];
      if (record) return [[record]];
      throw Object.assign(new Error(`queryTxt ESERVFAIL ${name}`), { code: 'ESERVFAIL' });
    },
  });
  closers.push(() => program.lane.close());
  const findings = await examine(program, { local: false });
  const about = (check: string) =>
    findings.filter((one) => one.check === check).map(({ status, detail }) => [status, detail]);
  assert.deepEqual(about('signing'), [
    ['ok', 'DKIM as dome.test with big (rsa-sha256) and small (ed25519-sha256); a sample was signed'],
  ]);
  assert.deepEqual(about('DKIM'), [
    ['ok', 'big._domainkey.dome.test publishes this key'],
    [
      'fail',
      `small._domainkey.dome.test says that the key is revoked; expected the TXT record ${publicRecord(edwards.publicKey)}`,
    ],
  ]);
  assert.deepEqual(about('SPF'), [['ok', 'dome.test says v=spf1 -all']]);
  assert.equal(about('DMARC')[0]?.[0], 'unknown');
  assert.deepEqual(about('card payments'), [['ok', 'stripe answers, and takes the key']]);
});
