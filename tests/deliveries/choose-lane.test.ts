import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createLane } from '../../src/deliveries/lanes/choose-lane.ts';
import { type OutgoingMail, writeWhole } from '../../src/deliveries/lanes/lane.ts';
import { type SmtpSink, startSmtp } from '../support/smtp.ts';

const mail = (over: Partial<OutgoingMail> = {}): OutgoingMail => ({
  from: 'bounce+1@dome.test',
  to: 'ann@reader.test',
  envid: 'r1-1',
  ...writeWhole(Buffer.from('Subject: a\r\n\r\nwords\r\n')),
  ...over,
});
const open = (server: Pick<SmtpSink, 'url'>, lane: 'auto' | 'plain' | 'fast') => {
  const opened = createLane({ lane, smtp_url: server.url, idle_ms: 30 });
  after(() => opened.close());
  return opened;
};
const chunks = ({ commands }: SmtpSink) => commands.filter((line) => line.startsWith('BDAT')).length;
const asks = ({ commands }: SmtpSink) => commands.filter((line) => line.startsWith('EHLO')).length;

test('the lane is the one that configuration names', async () => {
  const server = await startSmtp({ extensions: ['CHUNKING'] });
  assert.equal((await open(server, 'plain').deliver(mail())).kind, 'accepted');
  assert.equal(chunks(server), 0);
  assert.equal((await open(server, 'fast').deliver(mail())).kind, 'accepted');
  assert.equal(chunks(server), 1);
});

test('auto takes the fast lane where the server offers it, but not for a message that would need large buffers', async () => {
  const server = await startSmtp({ extensions: ['PIPELINING', 'CHUNKING'] });
  const lane = open(server, 'auto');
  assert.equal((await lane.deliver(mail())).kind, 'accepted');
  assert.equal(chunks(server), 1);
  assert.equal(
    (await lane.deliver(mail(writeWhole(Buffer.alloc(5_000_000, 'a line\r\n'))))).kind,
    'accepted',
  );
  assert.equal(chunks(server), 1);
});

test('auto takes the plain lane elsewhere, and asks the server once for many messages', async () => {
  const server = await startSmtp({ extensions: ['8BITMIME'] });
  const lane = open(server, 'auto');
  const verdicts = await Promise.all(Array.from({ length: 20 }, () => lane.deliver(mail())));
  assert.ok(verdicts.every(({ kind }) => kind === 'accepted'));
  assert.ok(asks(server) <= 1 + 4);
});

test('auto decides again when the server that comes back offers something else', async () => {
  const before = await startSmtp({ extensions: ['PIPELINING', 'CHUNKING'] });
  const lane = open(before, 'auto');
  await lane.deliver(mail());
  await before.close();
  assert.equal((await lane.deliver(mail())).kind, 'unsent');

  const humble = await startSmtp({ extensions: [], port: before.port });
  for (let n = 0; n < 3; n++) assert.equal((await lane.deliver(mail())).kind, 'accepted');
  assert.equal(chunks(humble), 0);
  await humble.close();
  assert.equal((await lane.deliver(mail())).kind, 'unsent');

  const proud = await startSmtp({ extensions: ['CHUNKING'], port: before.port });
  assert.equal((await lane.deliver(mail())).kind, 'accepted');
  assert.equal(chunks(proud), 1);
});

test('a server that is not there is asked again for the next message', async () => {
  const gone = await startSmtp();
  await gone.close();
  const lane = open(gone, 'auto');
  assert.equal((await lane.deliver(mail())).kind, 'unsent');
  const back = await startSmtp({ extensions: ['CHUNKING'], port: gone.port });
  assert.equal((await lane.deliver(mail())).kind, 'accepted');
  assert.equal(chunks(back), 1);
});
