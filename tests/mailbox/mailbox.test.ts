import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createTransport } from 'nodemailer';
import { SetClock } from '../../src/clock.ts';
import { type Mailbox, openMailbox } from '../../src/mailbox/mailbox.ts';

const clock = new SetClock('2026-11-23T11:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'presstime-mailbox-'));
const open: Mailbox[] = [];
const opened = async (options: Omit<Parameters<typeof openMailbox>[0], 'clock'> = {}): Promise<Mailbox> => {
  const mailbox = await openMailbox({ clock, ...options });
  open.push(mailbox);
  return mailbox;
};
after(async () => {
  await Promise.all(open.map((mailbox) => mailbox.close()));
  rmSync(folder, { recursive: true, force: true });
});

const send = async (mailbox: Mailbox, over: Record<string, unknown> = {}) => {
  const transport = createTransport(mailbox.url);
  const sent = await transport.sendMail({
    from: 'Dome Daily <daily@dome.test>',
    to: 'ann@example.org',
    subject: 'CR vote slips to Thursday',
    text: 'The vote slips.\n.\n.. a dot',
    html: '<p>The vote <a href="https://dome.test/vote">slips</a>. <a href="javascript:alert(1)">No</a></p>',
    ...over,
  });
  transport.close();
  return sent;
};

test('a message is kept byte for byte, with its envelope, and taken apart when it is read', async () => {
  const mailbox = await opened();
  const raw = 'Subject: dots\r\nFrom: a@b.test\r\n\r\n.\r\n..two\r\nend\r\n';
  await send(mailbox, { raw, envelope: { from: 'bounce+1@dome.test', to: ['ann@example.org'] } });
  assert.equal(Buffer.from(await mailbox.raw(1)).toString(), raw);
  await send(mailbox, { subject: 'Grüße · سلام 🗳️' });
  const message = await mailbox.read(2);
  assert.equal(message.subject, 'Grüße · سلام 🗳️');
  assert.equal(message.text?.trim(), 'The vote slips.\n.\n.. a dot');
  assert.match(message.html ?? '', /The vote <a/);
  assert.deepEqual(message.links, [{ url: 'https://dome.test/vote', text: 'slips' }]);
  assert.ok(message.headers.some(({ name, value }) => name === 'To' && value === 'ann@example.org'));
  const { entries, total } = await mailbox.list();
  assert.equal(total, 2);
  assert.deepEqual(
    entries.map(({ id, from, to, subject, received_at }) => ({ id, from, to, subject, received_at })),
    [
      {
        id: 2,
        from: 'daily@dome.test',
        to: ['ann@example.org'],
        subject: 'Grüße · سلام 🗳️',
        received_at: '2026-11-23T11:00:00Z',
      },
      {
        id: 1,
        from: 'bounce+1@dome.test',
        to: ['ann@example.org'],
        subject: 'dots',
        received_at: '2026-11-23T11:00:00Z',
      },
    ],
  );
});

test('a second start finds what the first one kept, and a half-written message harms nothing', async () => {
  const place = join(folder, 'kept');
  const first = await opened({ folder: place });
  await send(first, { subject: 'one' });
  await send(first, { subject: 'two' });
  await first.close();
  writeFileSync(join(place, '3.json'), '{"from":');
  const second = await opened({ folder: place });
  assert.deepEqual(
    (await second.list()).entries.map(({ subject }) => subject),
    ['two', 'one'],
  );
  await send(second, { subject: 'three' });
  assert.equal((await second.read(3)).subject, 'three');
  assert.match(readFileSync(join(place, '3.eml'), 'utf8'), /^Content-Type|^From/m);
});

test('beyond its measure the oldest go, from the folder too', async () => {
  const place = join(folder, 'few');
  const mailbox = await opened({ folder: place, keep: 2 });
  for (const subject of ['one', 'two', 'three']) await send(mailbox, { subject });
  assert.deepEqual(
    (await mailbox.list()).entries.map(({ subject }) => subject),
    ['three', 'two'],
  );
  assert.deepEqual(readdirSync(place).sort(), ['2.eml', '2.json', '3.eml', '3.json']);
  await assert.rejects(mailbox.read(1), /no message 1 in the mailbox/);
});

test('pages hold so many, clamp, and may be of one reader', async () => {
  const mailbox = await opened();
  for (let i = 1; i <= 5; i++)
    await send(mailbox, { to: i === 3 ? 'Bob@Example.org' : 'ann@example.org', subject: `${i}` });
  const subjects = async (wanted: Parameters<Mailbox['list']>[0]) =>
    (await mailbox.list(wanted)).entries.map(({ subject }) => subject);
  assert.deepEqual(await subjects({ page: 2, per_page: 2 }), ['3', '2']);
  assert.deepEqual(await subjects({ page: 99, per_page: 2 }), ['1']);
  assert.deepEqual(await subjects({ page: -1, per_page: 2 }), ['5', '4']);
  assert.deepEqual(await subjects({ to: 'bob@' }), ['3']);
});

test('it speaks SMTPUTF8 and DSN, refuses what is too large, and keeps taking mail after that', async () => {
  const mailbox = await opened();
  await send(mailbox, {
    to: 'پڑھنے@example.org',
    dsn: { id: 'delivery-7', return: 'headers', notify: ['failure'] },
  });
  const [entry] = (await mailbox.list()).entries;
  assert.deepEqual([entry?.smtputf8, entry?.envid, entry?.to], [true, 'delivery-7', ['پڑھنے@example.org']]);
  await assert.rejects(send(mailbox, { text: 'x'.repeat(26_000_000) }), /552/);
  await send(mailbox);
  assert.equal((await mailbox.list()).total, 2);
});

test('it listens on loopback alone, and says so when its port is taken', async () => {
  const mailbox = await opened();
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal);
  if (outside) {
    const refused = await new Promise<boolean>((resolve) => {
      const socket = connect(mailbox.port, outside.address, () => resolve(false));
      socket.on('error', () => resolve(true));
    });
    assert.ok(refused);
  }
  await assert.rejects(openMailbox({ clock, port: mailbox.port }), {
    kind: 'unavailable',
    message: /cannot listen on 127\.0\.0\.1:\d+; set MAILBOX_PORT/,
  });
});
