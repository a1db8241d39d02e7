import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { connect } from '../../src/db/connect.ts';
import { databaseUrl } from '../../src/db/local.ts';
import { openMailbox } from '../../src/mailbox/mailbox.ts';
import { localDate } from '../../src/publications/calendar.ts';
import { parseAddress } from '../../src/subscribers/address.ts';
import { addressKeys } from '../../src/subscribers/address-key.ts';
import { suppress } from '../../src/subscribers/suppression.ts';
import { givePaid } from '../../src/trials/rights/give-paid.ts';
import { seedPublication } from '../support/cast.ts';
import { openCommandLine } from '../support/command-line.ts';
import { freshTarget } from '../support/database.ts';
import { presstime } from '../support/presstime.ts';
import { insertDay } from '../support/stories.ts';

const KEY = 'a key of the command line, 32 characters and more'.replaceAll(',', '');
const cwd = mkdtempSync(join(tmpdir(), 'presstime-cli-'));
const target = await freshTarget();
const db = connect(target);
const mailbox = await openMailbox({ clock: systemClock });
after(async () => {
  await line.close();
  await mailbox.close();
  await db.destroy();
  rmSync(cwd, { recursive: true, force: true });
});
const env = {
  DATABASE_URL: databaseUrl({ ...target, adopted: true, stop: async () => {} }, target.database),
  SMTP_URL: mailbox.url,
  PUBLIC_URL: 'http://127.0.0.1:4199',
  SECRET_KEY: KEY,
};
const line = openCommandLine({ cwd, env });
const { run } = line;
async function json(...args: string[]) {
  const { code, out, err } = await run(...args, '--json');
  return { code, ...JSON.parse(out || `{"err": ${JSON.stringify(err)}}`) };
}

const COMMANDS = ['start', 'web', 'worker', 'scheduler', 'migrate', 'job', 'import', 'compose', 'preview'];
COMMANDS.push(
  'press',
  'mend-link',
  'clicks',
  'replay',
  'doctor',
  'bounces',
  'suppressions',
  'release',
  'domains',
  'trial',
  'as-of',
  'invoices',
  'withdraw',
);

test('the overview names every command, and each says how it is used without needing a configuration', async () => {
  const unset = openCommandLine({ cwd, env: {} });
  const { code, out } = await unset.run();
  assert.equal(code, 0);
  for (const command of COMMANDS) assert.match(out, new RegExp(`^  ${command} +[A-Z].*\\.$`, 'm'));
  const helps = await Promise.all(COMMANDS.map((command) => unset.run(command, '--help')));
  await unset.close();
  for (const [at, help] of helps.entries()) {
    assert.equal(help.code, 0, help.err);
    assert.ok(help.out.startsWith(`presstime ${COMMANDS[at]}`), help.out);
  }
});

test('misuse ends with 2 and names what was wrong', async () => {
  const cases: [string[], RegExp][] = [
    [['frobnicate'], /no command frobnicate; there is start, web/],
    [['doctor', '--loud'], /Unknown option '--loud'[\s\S]*presstime doctor/],
    [['migrate', 'everything'], /"everything" is too much/],
    [['import'], /import needs a file or an address/],
    [['job', 'mow-lawn'], /no job mow-lawn; there is [a-z, -]*close-runs/],
    [['job', 'read-feed', 'seven'], /"seven" is no key=value/],
    [['compose', '--date', '2026-02-31'], /--date "2026-02-31" is no date/],
    [['preview', '--as', 'loud'], /--as "loud" is none of trial-1/],
    [['replay', '--from', '2023-03-01'], /replay --from needs --feeds/],
    [['replay', '--feeds', cwd, '--press', '07:00'], /--feeds and --press.* need --from/],
  ];
  assert.match((await run('compose')).err, /there is no publication yet/);
  // Whatever the hour of this test, the cutoff of the day is over.
  await seedPublication(db, { press_time: Temporal.PlainTime.from('00:00') });
  for (const [args, complaint] of cases) {
    // a replay becomes a process of its own
    const { code, out, err } = await (args[0] === 'replay' ? presstime(args, { cwd, env }) : run(...args));
    assert.deepEqual([code, out], [2, ''], args.join(' '));
    assert.match(err, complaint);
    assert.doesNotMatch(err, /\n {4}at /, 'a person has no use for a stack');
  }
});

test('what fails ends with 1: a file that is not there, a database that does not answer', async () => {
  const missing = await presstime(['import', 'nowhere.html'], { cwd, env });
  assert.equal(missing.code, 1);
  assert.match(missing.err, /there is no file nowhere.html/);
  for (const command of ['doctor', 'start', 'worker']) {
    const alone = await presstime([command], {
      cwd,
      env: { ...env, DATABASE_URL: 'postgres://x@127.0.0.1:1/x' },
    });
    assert.equal(alone.code, 1, command);
    assert.match(alone.err, /the database does not answer: .*ECONNREFUSED/);
    assert.doesNotMatch(alone.err, /\n {4}at /);
  }
});

test('a day by hand: import, compose with its reasons, preview, press, and a doctor who finds nothing wrong', async () => {
  const now = systemClock.now();
  const publication = await seedPublication(db, {
    slug: 'by-hand',
    links: 'counted',
    zone: 'UTC',
    press_time: now
      .toZonedDateTimeISO('UTC')
      .toPlainTime()
      .round({ smallestUnit: 'minute', roundingMode: 'floor' }),
    publishing_weekdays: [1, 2, 3, 4, 5, 6, 7],
    created_at: now,
  });
  const date = localDate(publication, now).toString();
  const of = ['--publication', 'by-hand'];
  await insertDay(db, publication, { now });
  const request = { address: 'bob@readers.test', first_name: 'Bob', reference: 'cli' };
  await givePaid(db, publication, request, { now, secretKeys: [KEY] });

  const which = await run('compose');
  assert.equal(which.code, 2);
  assert.match(which.err, /which publication\? --publication dome-daily, by-hand/);

  const page = await json('import', join(import.meta.dirname, '../fixtures/pages/vote.html'), ...of);
  assert.equal(page.code, 0, page.err);
  assert.match(page.headline, /\w/);

  const composed = await json('compose', ...of);
  assert.equal(composed.code, 0);
  assert.equal(composed.edition.state, 'draft');
  assert.equal(composed.edition.edition_on, date);
  for (const { reason, detail } of [...composed.items, ...composed.absent]) assert.ok(reason && detail);
  const explained = await run('compose', '--explain', ...of);
  assert.match(explained.out, /\nIN \(1\d\)\n +[\d.]+ lead /);

  const preview = await json('preview', '--as', 'trial-last', ...of);
  assert.equal(preview.code, 0);
  assert.deepEqual([preview.subject, preview.projected], [composed.edition.subject, true]);
  assert.match(preview.html, /^<!doctype html/i);
  assert.match(preview.url, /^http:\/\/127\.0\.0\.1:4199\/preview\//);
  assert.match((await run('preview', '--text', ...of)).out, new RegExp(publication.name));

  const pressed = await json('press', ...of);
  assert.deepEqual([pressed.code, pressed.date, pressed.subject], [0, date, composed.edition.subject]);
  assert.deepEqual(
    (await mailbox.list()).entries.map(({ to }) => to),
    [['bob@readers.test']],
  );
  const again = await json('press', ...of);
  assert.equal(again.code, 0);
  assert.equal((await mailbox.list()).total, 1, 'nothing goes twice');

  const { links } = await json('clicks', ...of);
  assert.ok(links.length > 0);
  const [{ url, leads_to, people, machines }] = links;
  assert.deepEqual([leads_to, people, machines], [url, 0, 0]);
  const moved = 'https://dome.test/moved';
  const noReason = await run('mend-link', date, url, moved, ...of);
  assert.deepEqual([noReason.code, noReason.err], [2, 'presstime: mend-link needs a --reason\n']);
  const mended = await json('mend-link', date, url, moved, '--reason', 'it moved', ...of);
  assert.deepEqual([mended.code, mended.from, mended.to], [0, url, moved]);
  assert.match((await run('clicks', ...of)).out, new RegExp(`\\n +0 +0 {2}${moved}\\n`));
  assert.match(
    (await run('mend-link', date, 'https://dome.test/no', moved, '--reason', 'x', ...of)).err,
    /no link/,
  );

  const job = await json('job', 'close-runs');
  assert.deepEqual([job.code, job.job, job.others], [0, 'close-runs', 0]);
  assert.deepEqual(await json('migrate'), { code: 0, applied: [] });
});

test('a publication file is imported, imported again, and refused with all its problems', async () => {
  const example = join(import.meta.dirname, '../../docs/publication.example.json');
  const first = await json('import', example);
  assert.deepEqual([first.code, first.slug, first.added.length], [0, 'harbor-morning', 13]);
  const again = await run('import', example);
  assert.equal(again.out, `harbor-morning, publication ${first.publication_id}\n  nothing changed\n`);
  const file = JSON.parse(readFileSync(example, 'utf8'));
  file.offer.allowance = 0;
  file.sections[2].feeds = ['Nobody'];
  writeFileSync(join(cwd, 'wrong.json'), JSON.stringify(file));
  const wrong = await run('import', 'wrong.json');
  assert.deepEqual([wrong.code, wrong.out], [2, '']);
  assert.match(
    wrong.err,
    /wrong\.json has 2 problems\n {2}offer\.allowance: .*\n {2}sections\[2\]\.feeds\[0\]: /,
  );
  const both = await run('import', example, '--publication', 'by-hand');
  assert.match(both.err, /--publication does not go with a publication file/);
});

test('an edition that cannot be made is the answer "no", with its reason', async () => {
  const { code, edition } = await json('compose', '--publication', 'dome-daily');
  assert.deepEqual([code, edition.state], [3, 'skipped']);
  assert.ok(edition.reason);
  const preview = await json('preview', '--publication', 'dome-daily');
  assert.deepEqual([preview.code, preview.state], [3, 'skipped']);
});

test('the doctor says which feed fails and why, and ends with 0 while nothing stops the editions', async () => {
  const publication = await db
    .selectFrom('publications')
    .select('id')
    .where('slug', '=', 'by-hand')
    .executeTakeFirstOrThrow();
  const next_poll_at = systemClock.now();
  const url = 'http://127.0.0.1:1/feed.xml';
  const feed = await db
    .insertInto('feeds')
    .values({ publication_id: publication.id, name: 'Gazette', url, next_poll_at })
    .returning('id')
    .executeTakeFirstOrThrow();
  const read = await json('job', 'read-feed', `feed_id=${feed.id}`);
  assert.deepEqual([read.code, read.result.outcome], [0, 'failed']);
  const { findings } = await json('doctor');
  const finding = findings.find(({ detail }: { detail: string }) => detail.startsWith('Gazette'));
  assert.equal(finding.status, 'warn');
  assert.match(finding.detail, /Gazette failed once: .*127\.0\.0\.1 is not a public address/);
});

test('suppressed addresses are listed with their proof, and released with a reason that is kept', async () => {
  const address_key = addressKeys([KEY], parseAddress('gone@example.org')).strict;
  const now = systemClock.now();
  await suppress(db, { address_key, reason: 'hard_bounce', proof: '550 5.1.1 no such user' }, { now });
  const listed = await json('suppressions', 'gone@example.org');
  assert.deepEqual(
    listed.suppressions.map(({ reason, proof }: Record<string, string>) => [reason, proof]),
    [['hard_bounce', '550 5.1.1 no such user']],
  );
  assert.match((await run('release', 'gone@example.org')).err, /no reason to release the address is given/);
  const released = await json('release', 'gone@example.org', '--reason', 'the mailbox is back');
  assert.deepEqual([released.code, released.was], [0, 'hard_bounce']);
  const { actor, reason } = await db
    .selectFrom('audit')
    .selectAll()
    .where('verb', '=', 'release')
    .executeTakeFirstOrThrow();
  assert.match(actor, /^command line, /);
  assert.equal(reason, 'the mailbox is back');
  assert.match((await run('release', 'gone@example.org', '--reason', 'x')).err, /is not suppressed/);
});

test('who pays is paused and comes back by a command that says so, with a reason that is kept', async () => {
  const of = ['--publication', 'by-hand'];
  const until = systemClock.now().toZonedDateTimeISO('UTC').toPlainDate().add({ days: 5 }).toString();
  const unsaid = await run('trial', 'bob@readers.test', 'pause', until, ...of);
  assert.deepEqual(
    [unsaid.code, unsaid.err],
    [2, 'presstime: no reason to pause is given; expected one in a few words\n'],
  );
  const why = ['--reason', 'on leave'];
  const paused = await run('trial', 'bob@readers.test', 'pause', until, ...why, ...of);
  assert.deepEqual([paused.code, paused.out], [0, `bob@readers.test: no trial, paused until ${until}\n`]);
  const resumed = await json('trial', 'bob@readers.test', 'resume', '--reason', 'back', ...of);
  assert.deepEqual([resumed.code, resumed.trial, resumed.paused_until], [0, null, null]);
  const acts = await db
    .selectFrom('audit')
    .select(['verb', 'reason'])
    .where('reason', 'in', ['on leave', 'back'])
    .execute();
  assert.deepEqual(acts, [
    { verb: 'pause', reason: 'on leave' },
    { verb: 'resume', reason: 'back' },
  ]);
});

test('the newsroom starts a trial for one address that the sign-up would refuse, and it is confirmed by its reader', async () => {
  const start = () =>
    run('trial', 'ann@mailinator.com', 'start', '--reason', 'asked by phone', '--publication', 'by-hand');
  assert.deepEqual(
    [(await start()).out, (await start()).out],
    [
      'ann@mailinator.com: asked by a letter to confirm\n',
      'ann@mailinator.com: has a trial, a subscription or a request already\n',
    ],
  );
  const audit = await db
    .selectFrom('audit')
    .select('reason')
    .where('verb', '=', 'request a trial')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  assert.equal(audit.reason, 'asked by phone');
});

test('a process that takes in returned mail needs to be told its port', async () => {
  const { code, err } = await presstime(['bounces'], { cwd, env });
  assert.equal(code, 2);
  assert.match(err, /BOUNCE_PORT is missing/);
});
