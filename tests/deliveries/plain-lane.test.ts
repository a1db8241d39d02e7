import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type OutgoingMail, writeWhole } from '../../src/deliveries/lanes/lane.ts';
import { createPlainLane } from '../../src/deliveries/lanes/plain-lane.ts';
import { OTHER_CERT, type Script, startSmtp, TEST_CERT } from '../support/smtp.ts';

const RAW = Buffer.from(`Subject: a\r\n\r\n${'.dots and words\r\n'.repeat(4000)}`);
const mail = (over: Partial<OutgoingMail> = {}): OutgoingMail => ({
  from: 'bounce+1@dome.test',
  to: 'ann@reader.test',
  envid: 'r1-1',
  ...writeWhole(RAW),
  ...over,
});

const server = await startSmtp();
const lane = createPlainLane({ smtp_url: server.url, connections: 2, limits: { silence_ms: 150 } });
after(() => lane.close());
const deliverUnder = async (script: Script, over: Partial<OutgoingMail> = {}) => {
  server.play(script);
  const before = server.dots.length;
  const verdict = await lane.deliver(mail(over));
  server.play();
  return { ...verdict, dots: server.dots.length - before };
};

test('a message arrives byte for byte, in an envelope for one reader, with a request for failure notices', async () => {
  const verdict = await lane.deliver(mail());
  const taken = server.taken.at(-1);
  assert.deepEqual(verdict, { kind: 'accepted', reply: '250 2.0.0 taken', reply_code: 250 });
  assert.deepEqual(taken?.raw, RAW);
  assert.deepEqual(taken?.rcpt_to, ['ann@reader.test']);
  assert.equal(taken?.mail_from, 'bounce+1@dome.test');
  assert.match(taken?.mail_parameters ?? '', /RET=HDRS ENVID=r1-1/);
  assert.match(taken?.rcpt_parameters ?? '', /NOTIFY=FAILURE,DELAY/);
});

for (const verb of ['MAIL', 'RCPT', 'DATA', 'DOT'] as const) {
  const at =
    (reply: string): Script =>
    (step) =>
      step.verb === verb ? reply : undefined;

  test(`4yz at ${verb} is deferred, 5yz failed, 5.7.x refused, and 421 leaves the reader for later`, async () => {
    const kinds: string[] = [];
    for (const reply of [
      '451 4.3.0 later',
      '550 5.1.1 nobody here',
      '550 5.7.26 not authenticated',
      '421 4.3.2 closing',
    ])
      kinds.push((await deliverUnder(at(reply))).kind);
    assert.deepEqual(kinds.slice(0, 3), ['deferred', 'failed', 'refused']);
    assert.match(kinds[3] as string, verb === 'DOT' ? /^deferred$/ : /^(deferred|unsent)$/);
  });
}

for (const verb of ['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'BODY'] as const) {
  test(`a connection dropped at ${verb} has sent nothing, and the next one gets through`, async () => {
    const fresh = createPlainLane({ smtp_url: server.url });
    const raw = verb === 'BODY' ? Buffer.concat(Array.from({ length: 100 }, () => RAW)) : RAW; // more than sockets hold
    const before = server.dots.length;
    server.play((step) => (step.verb === verb && step.nth === 1 ? 'drop' : undefined));
    assert.equal((await fresh.deliver(mail(writeWhole(raw)))).kind, 'accepted');
    await fresh.close();

    const unlucky = createPlainLane({ smtp_url: server.url });
    server.play((step) => (step.verb === verb ? 'drop' : undefined));
    assert.equal((await unlucky.deliver(mail(writeWhole(raw)))).kind, 'unsent');
    assert.equal(server.dots.length - before, 1);
    server.play();
    await unlucky.close();
  });
}

test('a connection dropped after the final dot is in doubt, and is never tried again by the lane', async () => {
  const verdict = await deliverUnder(({ verb }) => (verb === 'DOT' ? 'drop' : undefined));
  assert.deepEqual([verdict.kind, verdict.dots], ['doubtful', 1]);
});

test('a server that never answers is unsent before the final dot and in doubt after it', async () => {
  const kinds = [];
  for (const verb of ['CONNECT', 'MAIL', 'DATA', 'DOT'] as const) {
    const patient = createPlainLane({ smtp_url: server.url, limits: { greeting_ms: 100, silence_ms: 100 } });
    server.play((step) => (step.verb === verb ? 'stall' : undefined));
    kinds.push((await patient.deliver(mail())).kind);
    await patient.close();
  }
  server.play();
  assert.deepEqual(kinds, ['unsent', 'unsent', 'unsent', 'doubtful']);
});

test('a server that is not there has been sent nothing', async () => {
  const gone = await startSmtp();
  await gone.close();
  const lane = createPlainLane({ smtp_url: gone.url });
  assert.equal((await lane.deliver(mail())).kind, 'unsent');
  await lane.close();
});

test('a refusal of us before any message is refused, not the reader failed', async () => {
  const blocked = await deliverUnder(({ verb }) => (verb === 'CONNECT' ? '554 5.7.1 blocked' : undefined));
  assert.ok(['refused', 'accepted'].includes(blocked.kind)); // an open connection may still serve
  const fresh = createPlainLane({ smtp_url: server.url });
  server.play(({ verb }) => (verb === 'CONNECT' ? '554 5.7.1 blocked' : undefined));
  assert.equal((await fresh.deliver(mail())).kind, 'refused');
  server.play(({ verb }) => (verb === 'CONNECT' ? '554 no service' : undefined));
  assert.equal((await fresh.deliver(mail())).kind, 'unsent');
  server.play();
  await fresh.close();
});

test('a local part in another script goes only to a server that takes it; a domain in one goes as A-label', async () => {
  const plain = await startSmtp({ extensions: ['PIPELINING'] });
  const lane = createPlainLane({ smtp_url: plain.url });
  const verdict = await lane.deliver(mail({ to: 'jürgen@reader.test' }));
  assert.deepEqual(verdict, { kind: 'undeliverable', reason: 'undeliverable-i18n' });
  assert.equal(
    plain.commands.some((line) => line.startsWith('MAIL')),
    false,
  );
  assert.equal((await lane.deliver(mail({ to: 'ann@bücher.test' }))).kind, 'accepted');
  assert.deepEqual(plain.taken[0]?.rcpt_to, ['ann@xn--bcher-kva.test']);
  await lane.close();

  assert.equal((await deliverUnder(() => undefined, { to: 'jürgen@bücher.test' })).kind, 'accepted');
  assert.deepEqual(server.taken.at(-1)?.rcpt_to, ['jürgen@bücher.test']);
  assert.equal(server.taken.at(-1)?.smtputf8, true);
});

test('what is not exactly one address never comes near the server', async () => {
  const before = server.commands.length;
  for (const to of [
    'a@b.test, c@d.test',
    'a@b.test\r\nRCPT TO:<c@d.test>',
    'a@b.test>',
    'Ann <ann@b.test>',
    '@b.test',
    'ann',
    '',
  ])
    await assert.rejects(lane.deliver(mail({ to })), { kind: 'invalid' }, JSON.stringify(to));
  assert.equal(server.commands.length, before);
});

test('TLS is used and checked: a server that does not offer it, or has a foreign certificate, gets no message', async () => {
  const secure = await startSmtp({ starttls: true });
  const trusting = createPlainLane({ smtp_url: secure.url, ca: TEST_CERT });
  assert.equal((await trusting.deliver(mail())).kind, 'accepted');
  await trusting.close();

  const stripped = createPlainLane({ smtp_url: server.url, ca: TEST_CERT });
  const before = server.commands.length;
  assert.equal((await stripped.deliver(mail())).kind, 'unsent');
  assert.deepEqual(
    [...new Set(server.commands.slice(before).map((line) => line.split(' ')[0]))],
    ['EHLO', 'STARTTLS'],
  );
  await stripped.close();

  const distrusting = createPlainLane({ smtp_url: secure.url, ca: OTHER_CERT });
  const taken = secure.taken.length;
  assert.equal((await distrusting.deliver(mail())).kind, 'unsent');
  assert.equal(secure.taken.length, taken);
  await distrusting.close();
});

test('more messages than connections all arrive, each once', async () => {
  const before = server.taken.length;
  const all = Array.from({ length: 50 }, (_, n) =>
    lane.deliver(mail({ to: `r${n}@reader.test`, ...writeWhole(Buffer.from(RAW)) })),
  );
  assert.ok((await Promise.all(all)).every(({ kind }) => kind === 'accepted'));
  const to = server.taken.slice(before).map(({ rcpt_to }) => rcpt_to[0]);
  assert.deepEqual([to.length, new Set(to).size], [50, 50]);
});
