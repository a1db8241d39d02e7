import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replyCodeIn, statusIn } from '../../../src/events/reading/codes.ts';
import { diagnose, isHard } from '../../../src/events/reading/diagnose.ts';
import type { Command } from '../../../src/events/reading/evidence.ts';
import type { Reason } from '../../../src/events/reading/returned.ts';

const reasonOf = (answer: string, command: Command | null = 'RCPT'): Reason =>
  diagnose({
    said: [answer],
    told: [],
    status: statusIn(answer),
    reply_code: replyCodeIn(answer),
    command,
  });

const SAYINGS: [Reason, string[]][] = [
  [
    'mailbox_unknown',
    [
      '550 5.1.1 nobody of that name: unknown local user',
      '550 Addressee unknown',
      '550-5.1.1 The address you wrote to does not exist. Look for 550 5.1.1 typos',
      '550 Adresse destinataire inconnue',
      '550 El usuario no existe',
    ],
  ],
  ['mailbox_full', ['452 4.2.2 the reader is over quota', '552 mailbox full', '550 квота: ящик переполнен']],
  ['domain_unknown', ['550 5.1.2 domain does not exist', 'DNS Error: NXDOMAIN for reader.example']],
  ['takes_no_mail', ['556 5.1.10 recipient address has a null MX']],
  ['moved', ['551 5.1.6 the mailbox has moved']],
  ['blocked', ['554 5.7.1 your IP 192.0.2.10 is on a blocklist', '553 http://www.spamhaus.org/query/bl']],
  ['authentication', ['550 5.7.1 the message did not pass DMARC', '550 5.7.515 Access denied']],
  ['reverse_dns', ['450 4.7.25 no PTR record for your host']],
  ['spam', ['554 5.7.1 this message is considered spam']],
  ['policy', ['550 5.7.1 not accepted for policy reasons', '554 5.7.9 refused']],
  ['rate_limited', ['421 too many connections, slow down']],
  ['too_large', ['552 5.3.4 message size exceeds the maximum']],
  ['mailbox_disabled', ['550 5.2.1 this account has been suspended']],
  ['relay_denied', ['554 5.7.1 relay access denied']],
  ['sender_refused', ['553 5.1.8 sender address rejected: domain not found']],
  ['network', ['Host not found, try again', '554 5.4.6 too many hops']],
  ['greylisted', ['451 4.7.1 greylisted, come back in five minutes']],
  ['expired', ['554 4.4.7 message expired after three days']],
  ['undetermined', ['']],
];

test('what a server says has one meaning, in several languages', () => {
  for (const [reason, answers] of SAYINGS) {
    for (const answer of answers) assert.equal(reasonOf(answer), reason, answer);
  }
});

test('only a mailbox or a domain that will never take mail is hard', () => {
  const hard = SAYINGS.map(([reason]) => reason).filter(isHard);
  assert.deepEqual(hard, ['mailbox_unknown', 'domain_unknown', 'takes_no_mail', 'moved']);
});

test('a bare "user unknown" counts in answer to the recipient or beside a code that says so, and nowhere else', () => {
  assert.equal(reasonOf('550 User unknown', 'RCPT'), 'mailbox_unknown');
  assert.equal(reasonOf('550 5.1.1 User unknown', null), 'mailbox_unknown');
  assert.equal(reasonOf('550 User unknown', null), 'filtered');
  assert.equal(reasonOf('550 User unknown', 'DATA'), 'filtered');
  assert.equal(reasonOf('550 5.7.1 User unknown', 'RCPT'), 'filtered');
  assert.equal(reasonOf('550 User unknown', 'MAIL'), 'sender_refused');
});

test('an answer that would end a reader’s mail is not trusted beside one that would not', () => {
  const evidence = { status: '5.1.1', reply_code: 550, command: null, said: ['550 5.1.1 User unknown'] };
  assert.equal(diagnose({ ...evidence, told: [] }), 'mailbox_unknown');
  assert.equal(diagnose({ ...evidence, told: ['Not enough disk space'] }), 'mailbox_full');
});

test('a mark that a provider explains says more than the sentence around it', () => {
  assert.equal(reasonOf('550 5.1.0 <b@dome.example> sender rejected. AUP#CDRBL'), 'blocked');
  assert.equal(reasonOf('550 5.1.1 RCP-P2 Refused'), 'filtered');
  assert.equal(reasonOf('550 5.1.0 sender rejected'), 'sender_refused');
});

test('before the recipient is named, nothing is said about the recipient', () => {
  assert.equal(reasonOf('501 5.5.4 domain not found', 'CONNECT'), 'blocked');
  assert.equal(reasonOf('550 domain does not exist', 'MAIL'), 'sender_refused');
  assert.equal(reasonOf('521 this host does not accept mail', 'CONNECT'), 'takes_no_mail');
});

test('a refusal without a word means what the moment means', () => {
  assert.equal(reasonOf('550', 'RCPT'), 'mailbox_unknown');
  assert.equal(reasonOf('554 no', 'CONNECT'), 'blocked');
  assert.equal(reasonOf('550 no', 'MAIL'), 'sender_refused');
  assert.equal(reasonOf('550 no', null), 'undetermined');
});

test('codes are found in what servers say, and not in addresses of hosts or versions', () => {
  assert.equal(statusIn('550 5.1.1 gone'), '5.1.1');
  assert.equal(statusIn('Sorry. (#5.1.2)'), '5.1.2');
  assert.equal(statusIn('550-5.7.26 no'), '5.7.26');
  assert.equal(statusIn('host 5.1.1.7 said 550'), null);
  assert.equal(statusIn('Mailer 15.0.918'), null);
  assert.equal(replyCodeIn('Remote host said: 552 full'), 552);
  assert.equal(replyCodeIn('in room 550 of the house'), null);
});
