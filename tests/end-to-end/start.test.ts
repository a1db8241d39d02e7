import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { simpleParser } from 'mailparser';
import { openFolder } from '../../src/mailbox/store.ts';
import { faultsOf, type Session } from '../support/mail-rules.ts';
import { presstime, type Started, startPresstime, stopPresstime } from '../support/presstime.ts';

const cwd = mkdtempSync(join(tmpdir(), 'presstime-start-'));
chmodSync(cwd, 0o755);
let running: Started;
after(async () => {
  if (running?.child.exitCode === null && running.child.signalCode === null)
    await stopPresstime(running, 'SIGKILL');
  rmSync(cwd, { recursive: true, force: true });
});

test('from an empty folder, one command brings today’s edition to the sample readers', {
  timeout: 120_000,
}, async () => {
  running = await startPresstime(cwd);
  const editions = (await mails()).filter(isEdition);
  assert.equal(editions.length, 5);
  const subject = editions[0]?.subject as string;
  assert.ok((await page(running.preview)).includes(subject));
  assert.match(await page(running.sign_up), /Free Trial/);
  assert.match(await page(origin('/readyz')), /ready/);
  assert.match(await page(origin('/metrics')), /presstime_edition_overdue_minutes/);
  assert.ok((await page(running.mailbox)).includes(subject));
});

test('the reader whose seventh free edition it is finds that said in both parts', async () => {
  const zoe = (await mails()).find((mail) => isEdition(mail) && mail.to.startsWith('zoe'));
  assert.match(zoe?.text ?? '', /Free edition 7 of 10/);
  assert.match(zoe?.html ?? '', /Free edition 7 of 10/);
});

test('a newcomer signs up, confirms with the letter, is welcomed, and leaves with one click', {
  timeout: 60_000,
}, async () => {
  const address = 'newcomer@readers.dome-daily.test';
  const answer = await post(`${running.sign_up}/trial`, { address, first_name: 'Ida' });
  assert.equal(answer.status, 200);
  const confirm = await awaitMail(address, /confirm/i);
  const link = /http:\S+\/confirm\/[\w-]+/.exec(confirm.text)?.[0] as string;
  assert.match(await page(link), /<button/);
  assert.equal((await post(link, {})).status, 200);
  const welcome = await awaitMail(address, /first edition/i);
  const leave = /http:\S+\/leave\/[\w-]+/.exec(welcome.text)?.[0] as string;
  const left = await fetch(leave, {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  });
  assert.equal(left.status, 200);
  assert.match(await page(link), /already|done/i);
});

test('every message that left satisfies the rules of mail', async () => {
  const taken = (await mails()).map(({ raw, session }) => ({ raw, ...session }));
  const postal_address = 'Dome Daily, 1 Rotunda Way, Suite 213, Port Meridian, Saltmarsh 00213';
  assert.deepEqual(faultsOf(taken, { domain: 'dome-daily.test', local: true, postal_address }), []);
});

test('Ctrl-C stops everything in order, and the next start finds yesterday’s data and sends nothing again', {
  timeout: 120_000,
}, async () => {
  assert.equal(await stopPresstime(running, 'SIGINT'), 0);
  const before = (await mails()).filter(isEdition).length;
  running = await startPresstime(cwd);
  assert.equal((await mails()).filter(isEdition).length, before);
  assert.match(await page(running.mailbox), /Ida|newcomer/);
});

test('a kill -9 leaves nothing that the next start cannot mend', { timeout: 120_000 }, async () => {
  await stopPresstime(running, 'SIGKILL');
  running = await startPresstime(cwd);
  assert.match(await page(origin('/readyz')), /ready/);
  const { code, out, err } = await presstime(['doctor', '--json'], { cwd });
  assert.equal(code, 0, out + err);
  assert.equal(JSON.parse(out).healthy, true);
});

type Mail = {
  raw: Buffer;
  session: Session;
  to: string;
  subject: string;
  text: string;
  html: string;
  bulk: boolean;
};

async function mails(): Promise<Mail[]> {
  const store = await openFolder(join(cwd, '.presstime/mailbox'), 1000);
  return Promise.all(
    store.all().map(async ([id, envelope]) => {
      const raw = Buffer.from(await store.raw(id));
      const parsed = await simpleParser(raw);
      return {
        raw,
        session: {
          mail_from: envelope.from,
          rcpt_to: envelope.to,
          smtputf8: envelope.smtputf8,
          at: Temporal.Instant.from(envelope.received_at),
        },
        to: envelope.to.join(),
        subject: parsed.subject ?? '',
        text: parsed.text ?? '',
        html: parsed.html || '',
        bulk: parsed.headers.has('precedence'),
      };
    }),
  );
}

function isEdition(mail: Mail): boolean {
  return mail.bulk;
}

async function awaitMail(to: string, subject: RegExp): Promise<Mail> {
  const end = performance.now() + 30_000;
  for (;;) {
    const found = (await mails()).find((mail) => mail.to === to && subject.test(mail.subject));
    if (found) return found;
    assert.ok(performance.now() < end, `no mail to ${to} like ${subject}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const origin = (path: string): string => new URL(path, running.mailbox).href;

async function page(url: string): Promise<string> {
  const response = await fetch(url);
  assert.ok(response.ok, `${url} answered ${response.status}`);
  return response.text();
}

const post = (url: string, fields: Record<string, string>): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin' },
  });
