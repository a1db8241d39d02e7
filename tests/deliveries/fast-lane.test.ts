import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import nodemailer from 'nodemailer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type Conversation, takeSlab } from '../../src/deliveries/lanes/conversation.ts';
import { createFastLane } from '../../src/deliveries/lanes/fast-lane.ts';
import { type OutgoingMail, writeWhole } from '../../src/deliveries/lanes/lane.ts';
import { createFastTransport } from '../../src/deliveries/lanes/nodemailer-transport.ts';
import { readReplies } from '../../src/deliveries/lanes/replies.ts';
import { createSlab } from '../../src/deliveries/lanes/slab.ts';
import { OTHER_CERT, type SmtpSink, startSmtp, TEST_CERT } from '../support/smtp.ts';

const RAW = Buffer.from(`Subject: a\r\n\r\n${'.dots and words\r\n'.repeat(4000)}`);
const mail = (over: Partial<OutgoingMail> = {}): OutgoingMail => ({
  from: 'bounce+1@dome.test',
  to: 'ann@reader.test',
  envid: 'r1-1',
  ...writeWhole(RAW),
  ...over,
});
const many = (count: number) => Array.from({ length: count }, (_, n) => mail({ to: `r${n}@reader.test` }));
const open = (server: SmtpSink, options: Partial<Parameters<typeof createFastLane>[0]> = {}) => {
  const lane = createFastLane({ smtp_url: server.url, connections: 1, ...options });
  after(() => lane.close());
  return lane;
};
const KINDS = {
  'in lock-step': { extensions: [], depth: 0 },
  pipelined: { extensions: ['PIPELINING'], depth: 0 },
  'in chunks': { extensions: ['PIPELINING', 'CHUNKING'], depth: 1 },
  'in two chunks at once': { extensions: ['PIPELINING', 'CHUNKING'], depth: 2 },
} as const;

for (const [kind, { extensions, depth }] of Object.entries(KINDS)) {
  test(`${kind}, messages arrive byte for byte, each once, over connections that are renewed`, async () => {
    const server = await startSmtp({ extensions: [...extensions] });
    const lane = open(server, { connections: 2, depth, messages_per_connection: 7 });
    const verdicts = await Promise.all(many(50).map((one) => lane.deliver(one)));
    assert.ok(verdicts.every(({ kind }) => kind === 'accepted'));
    assert.ok(server.taken.every(({ raw }) => raw.equals(RAW)));
    assert.equal(new Set(server.taken.map(({ rcpt_to }) => rcpt_to[0])).size, 50);
    assert.equal(server.taken.length, 50);
    assert.ok(server.commands.filter((line) => line.startsWith('EHLO')).length >= 7);
    assert.equal(
      server.commands.some((line) => line.startsWith('BDAT')),
      depth > 0,
    );
  });

  test(`${kind}, a refused reader is followed by others who get theirs`, async () => {
    const server = await startSmtp({ extensions: [...extensions] });
    const lane = open(server, { depth });
    server.play(({ verb, line }) =>
      verb === 'RCPT' && /r[369]\d?@/.test(line) ? '550 5.1.1 nobody' : undefined,
    );
    const verdicts = await Promise.all(many(30).map((one) => lane.deliver(one)));
    verdicts.forEach(({ kind }, n) => {
      assert.equal(kind, /^[369]/.test(String(n)) ? 'failed' : 'accepted', `r${n}`);
    });
  });

  test(`${kind}, a message is said to leave before its end does, and only if the reader was not refused`, async () => {
    const server = await startSmtp({ extensions: [...extensions] });
    const lane = open(server, { depth });
    const left: string[] = [];
    server.play(({ verb, nth, to }) => {
      if (verb === 'DOT') assert.ok(left.includes(to), to);
      return verb === 'RCPT' && nth === 2 ? '450 4.2.1 later' : undefined;
    });
    const messages = many(8).map((one) => ({ ...one, leaving: () => void left.push(one.to) }));
    const verdicts = await Promise.all(messages.map((one) => lane.deliver(one)));
    assert.deepEqual(verdicts.map(({ kind }) => kind).sort(), [...Array(7).fill('accepted'), 'deferred']);
    assert.equal(left.length, 7);
  });

  test(`${kind}, a message that we cannot write or note fails alone, and is not sent`, async () => {
    const server = await startSmtp({ extensions: [...extensions] });
    const lane = open(server, { depth });
    const fail = () => {
      throw new Error('the disk is full');
    };
    const messages = many(12).map((one, n) => ({
      ...one,
      ...(n === 4 ? { write: fail } : n === 8 ? { leaving: fail } : {}),
    }));
    const results = await Promise.allSettled(messages.map((one) => lane.deliver(one)));
    assert.deepEqual(
      results.flatMap(({ status }, n) => (status === 'rejected' ? [n] : [])),
      [4, 8],
    );
    assert.equal(server.taken.length, 10);
  });
}

for (const [kind, follows] of [
  ['in lock-step', false],
  ['pipelined', true],
  ['in chunks', false],
  ['in two chunks at once', true],
] as const)
  test(`${kind}, ${follows ? 'the next envelope follows an end' : 'nothing follows an end'} that has no reply yet, and never before the server has proven itself`, async () => {
    const followed = async (silent: number): Promise<boolean> => {
      const { extensions, depth } = KINDS[kind];
      const server = await startSmtp({ extensions: [...extensions] });
      const lane = open(server, { depth, limits: { silence_ms: 500 } });
      let session = 0;
      let seen = false;
      server.play((step) => {
        if (step.verb === 'MAIL' && step.session === session) seen = true;
        if (step.verb !== 'DOT' || step.nth !== silent) return undefined;
        session = step.session;
        return '';
      });
      await Promise.all(many(8).map((one) => lane.deliver(one)));
      return seen;
    };
    assert.deepEqual([await followed(1), await followed(6)], [false, follows]);
  });

test('an answer before the whole message has left spoils no other message', async () => {
  const server = await startSmtp({ extensions: ['PIPELINING', 'CHUNKING'] });
  const large = writeWhole(Buffer.from('a large line\r\n'.repeat(450_000)));
  for (const depth of [0, 1, 2] as const) {
    const lane = open(server, { depth });
    const before = server.taken.length;
    server.play(({ verb, to }) => (verb === 'BODY' && to.startsWith('r4@') ? '452 4.3.1 full' : undefined));
    const messages = many(10).map((one, n) => (n === 4 ? { ...one, ...large } : one));
    const verdicts = await Promise.all(messages.map((one) => lane.deliver(one)));
    verdicts.forEach(({ kind }, n) => {
      assert.equal(kind, n === 4 ? 'deferred' : 'accepted', `r${n}`);
    });
    assert.ok(server.taken.slice(before).every(({ raw }) => raw.equals(RAW)));
  }
});

test('a buffer is used again only when the write it went out in is done', () => {
  const slab = { ...createSlab(), write: 5 };
  const conversation = { free_slabs: [slab], slabs: 2, writes_done: 4, habits: { depth: 2 } } as Conversation;
  assert.equal(takeSlab(conversation), undefined);
  conversation.writes_done = 5;
  assert.equal(takeSlab(conversation), slab);
  assert.equal(takeSlab(conversation), undefined);
});

test('421 between messages, or a reply that nobody asked for, ends the connection and no message', async () => {
  for (const extra of ['421 4.4.2 idle for too long', '250 2.0.0 once more']) {
    const server = await startSmtp({ extensions: ['PIPELINING'] });
    const lane = open(server);
    server.play(({ verb, nth }) => (verb === 'DOT' && nth === 1 ? `250 2.0.0 taken\r\n${extra}` : undefined));
    const verdicts = await Promise.all(many(6).map((one) => lane.deliver(one)));
    assert.ok(verdicts.every(({ kind }) => kind === 'accepted'));
    assert.deepEqual(
      [server.taken.length, server.commands.filter((line) => line.startsWith('EHLO')).length],
      [6, 2],
    );
  }
});

test('what the server offers is used: SIZE, failure notices; and a message over its limit is refused unsent', async () => {
  const server = await startSmtp({ extensions: ['PIPELINING', 'DSN', 'SIZE 70000'] });
  const lane = open(server);
  assert.equal((await lane.deliver(mail({ envid: 'r 1+2' }))).kind, 'accepted');
  assert.equal(server.taken[0]?.mail_parameters, `SIZE=${RAW.length} RET=HDRS ENVID=r+201+2B2`);
  assert.equal(server.taken[0]?.rcpt_parameters, 'NOTIFY=FAILURE,DELAY');
  const verdict = await lane.deliver(mail(writeWhole(Buffer.concat([RAW, RAW]))));
  assert.ok(verdict.kind === 'failed' && verdict.reply.includes('at most 70000'), JSON.stringify(verdict));
  assert.equal(server.dots.length, 1);
});

test('354 although every recipient was refused is answered by a lone dot, and the message stays at home', async () => {
  const server = await startSmtp({ extensions: ['PIPELINING'], trusting: true });
  const lane = open(server);
  server.play(({ verb, nth }) => (verb === 'RCPT' && nth === 2 ? '550 5.1.1 nobody' : undefined));
  const verdicts = await Promise.all(many(6).map((one) => lane.deliver(one)));
  assert.deepEqual(
    verdicts.map(({ kind }) => kind),
    ['accepted', 'failed', 'accepted', 'accepted', 'accepted', 'accepted'],
  );
  assert.deepEqual([server.dots.length, server.taken.length], [5, 5]);
});

test('a local part in another script goes only to a server that takes it; a domain in one goes as A-label', async () => {
  const ascii = await startSmtp({ extensions: ['PIPELINING'] });
  const lane = open(ascii);
  assert.deepEqual(await lane.deliver(mail({ to: 'jürgen@reader.test' })), {
    kind: 'undeliverable',
    reason: 'undeliverable-i18n',
  });
  assert.ok(!ascii.commands.some((line) => line.startsWith('MAIL')));
  assert.equal((await lane.deliver(mail({ to: 'ann@bücher.test' }))).kind, 'accepted');
  assert.deepEqual(ascii.taken[0]?.rcpt_to, ['ann@xn--bcher-kva.test']);

  const any = await startSmtp({ extensions: ['PIPELINING', 'CHUNKING', 'SMTPUTF8'] });
  const wide = open(any);
  await Promise.all(
    ['jürgen@bücher.test', '李@reader.test', 'a@b.test', 'ß@b.test', 'ö@b.test'].map((to) =>
      wide.deliver(mail({ to })),
    ),
  );
  assert.deepEqual(
    any.taken.map(({ rcpt_to }) => rcpt_to[0]),
    ['jürgen@bücher.test', '李@reader.test', 'a@b.test', 'ß@b.test', 'ö@b.test'],
  );
  assert.deepEqual(
    any.taken.map(({ smtputf8 }) => smtputf8),
    [true, true, false, true, true],
  );
});

test('what is not exactly one address, or would break out of the envelope, never comes near the server', async () => {
  const server = await startSmtp();
  const lane = open(server);
  for (const over of [
    { to: 'a@b.test, c@d.test' },
    { to: 'a@b.test\r\nRCPT TO:<c@d.test>' },
    { to: '' },
    { from: 'a@b.test>\r\nDATA' },
  ])
    await assert.rejects(lane.deliver(mail(over)), { kind: 'invalid' });
  assert.deepEqual(server.commands, []);
});

test('TLS is used and checked: a server that does not offer it, or has a foreign certificate, gets no message', async () => {
  const secure = await startSmtp({ starttls: true });
  const verdicts = await Promise.all(many(12).map((one) => open(secure, { ca: TEST_CERT }).deliver(one)));
  assert.ok(verdicts.every(({ kind }) => kind === 'accepted'));
  assert.ok(secure.taken.every(({ raw }) => raw.equals(RAW)));
  assert.equal((await open(secure, { ca: OTHER_CERT }).deliver(mail())).kind, 'unsent');
  const stripped = await startSmtp();
  assert.equal((await open(stripped, { ca: TEST_CERT }).deliver(mail())).kind, 'unsent');
  assert.ok(!stripped.commands.some((line) => line.startsWith('MAIL')));
});

test('an idle connection is ended by us with QUIT, and the next message opens another', async () => {
  const server = await startSmtp();
  const lane = open(server, { idle_ms: 30 });
  await lane.deliver(mail());
  const until = Date.now() + 5000;
  while (!server.commands.includes('QUIT') && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(server.commands.includes('QUIT'));
  assert.equal((await lane.deliver(mail())).kind, 'accepted');
  assert.equal(server.commands.filter((line) => line.startsWith('EHLO')).length, 2);
});

test('a closed lane finishes what it has begun, and says of the rest that it was not sent', async () => {
  const server = await startSmtp({ extensions: ['PIPELINING'] });
  const lane = open(server);
  await lane.deliver(mail());
  const verdicts = many(6).map((one) => lane.deliver(one));
  await lane.close();
  const kinds = (await Promise.all(verdicts)).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['accepted', ...Array(5).fill('unsent')]);
  assert.equal((await lane.deliver(mail())).kind, 'unsent');
  assert.equal(server.taken.length, 2);
});

test('a server that is not there has been sent nothing', async () => {
  const gone = await startSmtp();
  await gone.close();
  const verdicts = await Promise.all(many(9).map((one) => open(gone).deliver(one)));
  assert.ok(verdicts.every(({ kind }) => kind === 'unsent'));
});

test('connections grow with success up to the limit, and 421 halves them', async () => {
  const server = await startSmtp({ extensions: ['PIPELINING'] });
  const lane = open(server, { connections: 6 });
  let dismissals = 0;
  const sessionsOf = async (count: number) => {
    const seen = new Set<number>();
    server.play(({ session, verb }) => {
      if (verb === 'MAIL') seen.add(session);
      return verb === 'MAIL' && dismissals-- > 0 ? '421 4.7.0 too many' : undefined;
    });
    const verdicts = await Promise.all(many(count).map((one) => lane.deliver(one)));
    assert.ok(verdicts.every(({ kind }) => kind === 'accepted'));
    return seen.size;
  };
  assert.equal(await sessionsOf(400), 6);
  dismissals = 1;
  assert.equal((await sessionsOf(1)) <= 2, true);
  const calm = await sessionsOf(20);
  assert.ok(calm <= 3, `${calm} connections`);
});

test('Nodemailer sends through the lane as through any transport of its own', async () => {
  const server = await startSmtp();
  const transport = nodemailer.createTransport(createFastTransport({ smtp_url: server.url }));
  server.play(({ verb, line }) =>
    verb === 'RCPT' && line.includes('nobody') ? '550 5.1.1 nobody' : undefined,
  );
  assert.equal(await transport.verify(), true);
  const info = await transport.sendMail({
    from: 'desk@dome.test',
    to: ['ann@reader.test', 'nobody@reader.test'],
    subject: 'Hello',
    text: 'One\n.\nTwo',
  });
  assert.deepEqual([info.accepted, info.rejected], [['ann@reader.test'], ['nobody@reader.test']]);
  assert.match(server.taken[0]?.raw.toString() ?? '', /Subject: Hello\r\n[\s\S]*One\r\n\.\r\nTwo\r\n$/);
  await assert.rejects(transport.sendMail({ from: 'desk@dome.test', to: 'nobody@reader.test', text: 'a' }), {
    responseCode: 550,
  });
  transport.close();
});

test('replies are the same however they are cut, and what is no reply is told', () => {
  const replies = [
    [250, '250-a\r\n250 b\r'],
    [354, '354 go\r'],
    [421, '421\r'],
    [550, '550-5.1.1 x\r\n550-5.1.1 y\r\n550 5.1.1 z\r'],
  ] as const;
  const whole = Buffer.from(replies.map(([, text]) => `${text}\n`).join(''));
  fc.assert(
    fc.property(fc.array(fc.nat(whole.length), { maxLength: 12 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), whole.length];
      const reader = { rest: undefined };
      const read: unknown[] = [];
      for (let n = 1; n < places.length; n++) {
        const wrong = readReplies(
          reader,
          whole.subarray(places[n - 1], places[n]),
          (code, bytes, from, to) => {
            read.push([code, bytes.toString('utf8', from, to)]);
            return true;
          },
        );
        assert.equal(wrong, undefined);
      }
      assert.deepEqual(read, replies);
    }),
  );
  for (const bad of [
    'hello\r\n',
    '25 ok\r\n',
    '250ok\r\n',
    '999 x\r\n',
    '250-a\r\n251 b\r\n',
    'x'.repeat(5000),
    '\r\n',
  ])
    assert.equal(typeof readReplies({ rest: undefined }, Buffer.from(bad), () => true), 'string', bad);
});

for (const name of [
  '_socket',
  '_ehloLines',
  '_remainder',
  '_responseQueue',
  '_onSocketData',
  '_onSocketError',
  '_onSocketClose',
  '_onSocketEnd',
  '_onSocketTimeout',
])
  test(`Nodemailer's connection still has ${name}, which the fast lane takes over from it`, async () => {
    const server = await startSmtp();
    const connection = new SMTPConnection({ host: '127.0.0.1', port: server.port, ignoreTLS: true });
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    const internals = connection as unknown as Record<string, unknown> & {
      _socket: { listeners(event: string): unknown[] };
    };
    const event = /^_onSocket(\w+)$/.exec(name)?.[1]?.toLowerCase();
    if (event) {
      const original = (listener: unknown) => (listener as { listener?: unknown }).listener ?? listener;
      assert.ok(
        internals._socket.listeners(event).some((listener) => original(listener) === internals[name]),
      );
    } else if (name === '_ehloLines')
      assert.deepEqual(internals[name], ['PIPELINING', '8BITMIME', 'DSN', 'SMTPUTF8']);
    else if (name === '_responseQueue') assert.deepEqual(internals[name], []);
    else if (name === '_remainder') assert.equal(internals[name], '');
    else assert.ok(internals._socket.listeners('data').length > 0);
    connection.close();
  });
