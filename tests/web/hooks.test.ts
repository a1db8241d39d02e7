import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { after, beforeEach, test } from 'node:test';
import { SetClock } from '../../src/clock.ts';
import { connect, type Db } from '../../src/db/connect.ts';
import { createMessageIds } from '../../src/deliveries/mail/message-id.ts';
import { workReturned } from '../../src/events/work-returned.ts';
import type { Fetch } from '../../src/feeds/fetch.ts';
import { findSuppression } from '../../src/subscribers/suppression.ts';
import type { Site } from '../../src/web/site.ts';
import { type Cast, SECRET_KEYS, seedCast, seedPublication } from '../support/cast.ts';
import { freshTarget } from '../support/database.ts';
import { noteJobs, PRESS } from '../support/press-room.ts';
import { bounce, handedOver, returnPath, working } from '../support/returned.ts';
import { createSite } from '../support/site.ts';
import { TEST_CERT, TEST_KEY } from '../support/smtp.ts';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:bounces';
const CERTIFICATE = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-abc.pem';
const SECRET = 'a secret for the hooks of the tests, 32 and more';
const SENDGRID = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const CONFIG = {
  SES_TOPIC_ARN: TOPIC,
  POSTMARK_HOOK_SECRET: SECRET,
  MAILGUN_SIGNING_KEY: 'key-mailgun',
  SENDGRID_PUBLIC_KEY: SENDGRID.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  HOOK_SECRET: SECRET,
};

let db: Db;
let cast: Cast;
let run_id: number;
let clock: SetClock;
let fetched: string[];
let asked: [string, unknown][];
let app: ReturnType<typeof createSite>['app'];
const opened: Db[] = [];
after(() => Promise.all(opened.map((one) => one.destroy())));

beforeEach(async () => {
  db = connect(await freshTarget());
  opened.push(db);
  const publication = await seedPublication(db);
  cast = await seedCast(db, publication);
  const readers = [cast.ann, cast.bob];
  ({ run_id } = await handedOver(db, publication, readers, { date: '2026-11-23', at: PRESS }));
  clock = new SetClock(PRESS.add({ minutes: 10 }));
  fetched = [];
  const fetch: Fetch = async (url) => {
    fetched.push(url);
    return { status: 200, url, headers: {}, body: Buffer.from(url === CERTIFICATE ? TEST_CERT : 'ok') };
  };
  const jobs = noteJobs();
  asked = jobs.asked;
  app = open(CONFIG, { fetch, enqueue: jobs.enqueue });
});

function open(hooks: Partial<typeof CONFIG>, over: Partial<Site> = {}) {
  const config = {
    PUBLIC_URL: 'https://news.dome.test',
    TRUST_PROXY: false,
    SECRET_KEY: SECRET_KEYS,
    ...hooks,
  };
  return createSite(db, { clock, ...over, config }).app;
}

const ann = () => ({ run_id, seq: 1 });
const annsId = () => createMessageIds(SECRET_KEYS)(ann(), 'dome.test');
const post = async (path: string, body: string, headers: Record<string, string> = {}) =>
  (await app.request(path, { method: 'POST', body, headers: { 'content-type': 'text/plain', ...headers } }))
    .status;
const stored = async () => (await db.selectFrom('returned').select('id').execute()).length;
const work = () => workReturned(db, working(clock));
const whyAnn = async () => (await findSuppression(db, cast.ann.address_key))?.reason;
const kinds = async () =>
  (await db.selectFrom('events').select('kind').orderBy('id').execute()).map(({ kind }) => kind);

/** A notice of SES in a message of SNS, signed as `version` says with the key of the certificate. */
function sns(notice: unknown, over: Record<string, string> = {}, version = '2'): string {
  const message: Record<string, string> = {
    Type: 'Notification',
    MessageId: 'm-1',
    TopicArn: TOPIC,
    Message: JSON.stringify(notice),
    Timestamp: '2026-11-23T11:10:00.000Z',
    SigningCertURL: CERTIFICATE,
    ...over,
  };
  const confirms = message.Type !== 'Notification';
  const fields = confirms
    ? ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
    : ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type'];
  const text = fields.map((name) => `${name}\n${message[name]}\n`).join('');
  const signature = sign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256', Buffer.from(text), TEST_KEY);
  return JSON.stringify({ ...message, SignatureVersion: version, Signature: signature.toString('base64') });
}

const sesBounce = (over: object = {}) => ({
  notificationType: 'Bounce',
  mail: { source: returnPath(ann()), commonHeaders: { messageId: annsId() } },
  bounce: {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    bouncedRecipients: [
      {
        emailAddress: 'ann@reader.test',
        action: 'failed',
        status: '5.1.1',
        diagnosticCode: 'smtp; 550 5.1.1 no such user',
      },
    ],
    ...over,
  },
});

test('a bounce from SES is stored, answered and worked, with either version of the signature', async () => {
  assert.equal(await post('/hooks/ses', sns(sesBounce(), {}, '1')), 200);
  assert.equal(await post('/hooks/ses', sns(sesBounce(), { MessageId: 'm-2' }, '2')), 200);
  assert.deepEqual(fetched, [CERTIFICATE], 'the certificate is fetched once');
  assert.deepEqual(asked, [
    ['work-returned', undefined],
    ['work-returned', undefined],
  ]);
  assert.equal(await whyAnn(), undefined);
  assert.deepEqual(await work(), { worked: 2, failed: 0 });
  assert.equal(await whyAnn(), 'hard_bounce');
  assert.deepEqual(await kinds(), ['hard_bounce']);
});

test('the same message of SNS a hundred times is stored once', async () => {
  for (let time = 0; time < 100; time++) assert.equal(await post('/hooks/ses', sns(sesBounce())), 200);
  assert.equal(await stored(), 1);
});

test('a message of SNS that is changed, of another topic, or signed from elsewhere is refused', async () => {
  const changed = sns(sesBounce()).replace('no such user', 'no such reader');
  assert.equal(await post('/hooks/ses', changed), 403);
  assert.equal(await post('/hooks/ses', sns(sesBounce(), { TopicArn: `${TOPIC}2` })), 403);
  for (const SigningCertURL of [
    'https://evil.test/x.pem',
    'http://sns.us-east-1.amazonaws.com/x.pem',
    'https://sns.us-east-1.amazonaws.com.evil.test/x.pem',
    'https://sns.us-east-1.amazonaws.com@evil.test/x.pem',
    'https://sns.us-east-1.amazonaws.com:8443/x.pem',
    'https://sns.us-east-1.amazonaws.com/x.txt',
  ])
    assert.equal(await post('/hooks/ses', sns(sesBounce(), { SigningCertURL })), 403, SigningCertURL);
  assert.equal(await post('/hooks/ses', 'not JSON'), 400);
  assert.deepEqual(fetched, [CERTIFICATE], 'nothing is asked of anybody but Amazon');
  assert.equal(await stored(), 0);
});

test('a subscription is confirmed for the configured topic, at Amazon alone', async () => {
  const url = 'https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=t';
  const asks = (SubscribeURL: string, over = {}) =>
    sns('', { Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL, ...over });
  assert.equal(await post('/hooks/ses', asks('https://evil.test/?Action=ConfirmSubscription')), 403);
  assert.equal(await post('/hooks/ses', asks(url, { TopicArn: `${TOPIC}2` })), 403);
  assert.deepEqual(fetched, [CERTIFICATE]);
  assert.equal(await post('/hooks/ses', asks(url)), 200);
  assert.deepEqual(fetched, [CERTIFICATE, url]);
  assert.equal(await stored(), 0);
});

test('complaints, deliveries and transient bounces of SES are told apart', async () => {
  const { mail } = sesBounce();
  const complaint = {
    complaintFeedbackType: 'abuse',
    complainedRecipients: [{ emailAddress: 'ann@reader.test' }],
  };
  const notices = [
    { eventType: 'Delivery', mail, delivery: { recipients: ['ann@reader.test'], smtpResponse: '250 ok' } },
    sesBounce({ bounceType: 'Transient', bounceSubType: 'MailboxFull' }),
    { notificationType: 'Complaint', mail, complaint: { ...complaint, complaintFeedbackType: 'not-spam' } },
    sesBounce({
      bounceType: 'Transient',
      bounceSubType: 'General',
      bouncedRecipients: [{ emailAddress: 'ann@reader.test' }],
    }),
  ];
  for (const [place, notice] of notices.entries())
    await post('/hooks/ses', sns(notice, { MessageId: `m-${place}` }));
  await work();
  assert.deepEqual([await kinds(), await whyAnn()], [['delivered', 'soft_bounce', 'automatic'], undefined]);
  await post('/hooks/ses', sns({ notificationType: 'Complaint', mail, complaint }, { MessageId: 'c' }));
  await work();
  assert.equal(await whyAnn(), 'complaint');
});

const postmark = (over: object = {}) =>
  JSON.stringify({
    RecordType: 'Bounce',
    Type: 'HardBounce',
    Email: 'ann@reader.test',
    Details: 'smtp;550 5.1.1 unknown user',
    Metadata: { envid: `r${run_id}-1` },
    ...over,
  });

test('Postmark gives its secret in the path or as a password, and is refused without it', async () => {
  const basic = (secret: string) => ({
    authorization: `Basic ${Buffer.from(`presstime:${secret}`).toString('base64')}`,
  });
  assert.equal(await post('/hooks/postmark', postmark()), 403);
  assert.equal(await post(`/hooks/postmark/${'x'.repeat(40)}`, postmark()), 403);
  assert.equal(await post('/hooks/postmark', postmark(), basic('wrong')), 403);
  assert.equal(await stored(), 0);
  assert.equal(await post(`/hooks/postmark/${encodeURIComponent(SECRET)}`, postmark()), 200);
  assert.equal(await post('/hooks/postmark', postmark(), basic(SECRET)), 200);
  assert.equal(await stored(), 1);
  await work();
  assert.equal(await whyAnn(), 'hard_bounce');
});

test('a notice that names no delivery of ours, or that of another reader, changes nothing', async () => {
  const path = `/hooks/postmark/${encodeURIComponent(SECRET)}`;
  await post(path, postmark({ Metadata: {} }));
  await post(path, postmark({ Metadata: { envid: 'r999-1' } }));
  await post(path, postmark({ Metadata: { envid: `r${run_id}-2` } }));
  await work();
  assert.deepEqual(await kinds(), ['foreign', 'foreign', 'foreign']);
  assert.equal(await whyAnn(), undefined);
});

const seconds = (minutes = 0) => String(Math.floor(clock.now().epochMilliseconds / 1000) + minutes * 60);
const mac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex');

const mailgun = ({ event = 'failed', token = 't1', key = 'key-mailgun', timestamp = seconds() } = {}) =>
  JSON.stringify({
    signature: { timestamp, token, signature: mac(key, timestamp + token) },
    'event-data': {
      event,
      severity: 'permanent',
      recipient: 'ann@reader.test',
      message: { headers: { 'message-id': annsId().slice(1, -1) } },
      'delivery-status': { code: 550, message: '5.1.1 no such user' },
    },
  });

test('Mailgun is believed with the right signature, a late time and a token that is new', async () => {
  assert.equal(await post('/hooks/mailgun', mailgun({ key: 'another' })), 403);
  assert.equal(await post('/hooks/mailgun', mailgun({ timestamp: seconds(-13 * 60) })), 403);
  assert.equal(await post('/hooks/mailgun', mailgun({ timestamp: seconds(10) })), 403);
  assert.equal(await post('/hooks/mailgun', '{}'), 400);
  assert.equal(await stored(), 0);
  assert.equal(await post('/hooks/mailgun', mailgun()), 200);
  assert.equal(
    await post('/hooks/mailgun', mailgun({ event: 'complained' })),
    200,
    'the signature taken for another notice',
  );
  assert.equal(await stored(), 1);
  await work();
  assert.equal(await whyAnn(), 'hard_bounce', 'found by our Message-ID');
});

const sendgrid = (events: object[], timestamp = seconds()) => {
  const body = JSON.stringify(events);
  const signature = sign('sha256', Buffer.from(timestamp + body), SENDGRID.privateKey).toString('base64');
  const headers = {
    'x-twilio-email-event-webhook-signature': signature,
    'x-twilio-email-event-webhook-timestamp': timestamp,
  };
  return { body, headers };
};

test('SendGrid is believed with its signature, and each of its events is worked', async () => {
  const about = { email: 'ann@reader.test', 'smtp-id': annsId() };
  const { body, headers } = sendgrid([
    { ...about, event: 'open' },
    { ...about, event: 'deferred', response: '451 4.7.1 later' },
    { ...about, event: 'bounce', type: 'blocked', status: '5.7.1', reason: '550 5.7.1 blocked' },
    { ...about, event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550 5.1.1 no such user' },
  ]);
  assert.equal(await post('/hooks/sendgrid', body.replace('blocked', 'bounced'), headers), 403);
  assert.equal(await post('/hooks/sendgrid', body), 403);
  assert.equal(await stored(), 0);
  assert.equal(await post('/hooks/sendgrid', body, headers), 200);
  assert.equal(await post('/hooks/sendgrid', body, headers), 200);
  assert.equal(await stored(), 1);
  await work();
  assert.deepEqual(await kinds(), ['delayed', 'policy', 'hard_bounce']);
  assert.equal(await whyAnn(), 'hard_bounce');
});

test('an event of a batch that must wait keeps none behind it waiting', async () => {
  await db.deleteFrom('outcomes').where('seq', '=', 1).execute();
  const { body, headers } = sendgrid([
    {
      event: 'bounce',
      type: 'bounce',
      email: 'ann@reader.test',
      envid: `r${run_id}-1`,
      reason: '550 5.1.1 no such\u0000 user',
    },
    { event: 'spamreport', email: 'bob@reader.test', envid: `r${run_id}-2` },
  ]);
  await post('/hooks/sendgrid', body, headers);
  assert.deepEqual(await work(), { worked: 0, failed: 1 });
  assert.deepEqual(await kinds(), ['complaint']);
});

test('batches that name the same readers in another order, worked at once, are worked all', async () => {
  const of = (seq: number, email: string) => ({
    event: 'bounce',
    type: 'bounce',
    email,
    envid: `r${run_id}-${seq}`,
    reason: '550 5.1.1 no such user',
  });
  const both = [of(1, 'ann@reader.test'), of(2, 'bob@reader.test')];
  for (let time = 0; time < 10; time++) {
    const ordered = time % 2 ? both : both.toReversed();
    const { body, headers } = sendgrid([...ordered, { event: `open ${time}` }]);
    await post('/hooks/sendgrid', body, headers);
  }
  const done = await Promise.all([work(), work(), work(), work()]);
  assert.equal(
    done.reduce((sum, { worked }) => sum + worked, 0),
    10,
  );
  assert.ok(done.every(({ failed }) => failed === 0));
  assert.deepEqual(await kinds(), ['hard_bounce', 'hard_bounce']);
});

const generic = (body: string, { key = SECRET, timestamp = seconds() } = {}) => ({
  'x-presstime-timestamp': timestamp,
  'x-presstime-signature': mac(key, `${timestamp}.${body}`),
});

test('the generic hook takes our own JSON, signed and late', async () => {
  const body = JSON.stringify({
    kind: 'bounce',
    envid: `r${run_id}-1`,
    recipient: 'ann@reader.test',
    words: '550 5.1.1 no',
  });
  assert.equal(await post('/hooks/generic', body, generic(body, { key: 'another' })), 403);
  assert.equal(await post('/hooks/generic', body, generic(body, { timestamp: seconds(-61) })), 403);
  assert.equal(await post('/hooks/generic', `${body} `, generic(body)), 403);
  assert.equal(await post('/hooks/generic', body), 403);
  assert.equal(await post('/hooks/generic', body, generic(body)), 200);
  await work();
  assert.equal(await whyAnn(), 'hard_bounce');
});

test('a mail that comes by the generic hook needs the signed return path like any other', async () => {
  const raw = bounce(ann(), [{}], { envid: `r${run_id}-1` }).toString();
  const forged = raw.replace(returnPath(ann()), 'daily@dome.test');
  const type = { 'content-type': 'message/rfc822' };
  assert.equal(await post('/hooks/generic', forged, { ...generic(forged), ...type }), 200);
  await work();
  assert.deepEqual([await kinds(), await whyAnn()], [['foreign'], undefined]);
  const recipient = { 'x-presstime-recipient': returnPath(ann()) };
  assert.equal(await post('/hooks/generic', raw, { ...generic(raw), ...type, ...recipient }), 200);
  await work();
  assert.equal(await whyAnn(), 'hard_bounce');
});

test('a notice that is signed but unreadable is kept, tried again, and keeps no other waiting', async () => {
  const odd = '{"kind":"surprise"}';
  await post('/hooks/generic', odd, generic(odd));
  const good = JSON.stringify({
    kind: 'bounce',
    envid: `r${run_id}-1`,
    recipient: 'ann@reader.test',
    status: '5.1.1',
  });
  await post('/hooks/generic', good, generic(good));
  assert.deepEqual(await work(), { worked: 1, failed: 1 });
  const { trouble } = await db
    .selectFrom('returned')
    .select('trouble')
    .where('trouble', 'is not', null)
    .executeTakeFirstOrThrow();
  assert.match(trouble ?? '', /not in the shape that we know/);
  assert.deepEqual(await work(), { worked: 0, failed: 0 });
  for (let hours = 1; hours <= 6; hours++) {
    clock.set(clock.now().add({ hours: 5 }));
    await work();
  }
  const waiting = await db.selectFrom('returned').select('id').where('try_at', 'is not', null).execute();
  assert.deepEqual(waiting, [], 'after some tries it is given up');
});

test('a provider that is not configured, or that there is not, has no hook', async () => {
  app = open({});
  for (const provider of ['ses', 'postmark', 'mailgun', 'sendgrid', 'generic', 'nobody'])
    assert.equal(await post(`/hooks/${provider}`, '{}'), 404, provider);
});

test('a key for SendGrid that is none stops the start', () => {
  assert.throws(() => open({ SENDGRID_PUBLIC_KEY: 'AAAA' }), {
    kind: 'invalid',
    message: /SENDGRID_PUBLIC_KEY/,
  });
});
