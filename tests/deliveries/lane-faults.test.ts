import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createFastLane } from '../../src/deliveries/lanes/fast-lane.ts';
import { type Lane, type OutgoingMail, writeWhole } from '../../src/deliveries/lanes/lane.ts';
import { createPlainLane } from '../../src/deliveries/lanes/plain-lane.ts';
import type { TimeLimits } from '../../src/deliveries/lanes/server.ts';
import type { Verdict } from '../../src/deliveries/lanes/verdict.ts';
import { type SmtpSink, startSmtp, TEST_CERT, type Verb } from '../support/smtp.ts';

/**
 * Every fault at every verb, in both lanes and in each way of speaking: what the ledger will believe must be what the
 * server took. Each case has a server of its own, which does wrong once, at a message in the middle, or always.
 */
const MESSAGES = { once: 15, always: 4 };
const AMPLE: TimeLimits = { connect_ms: 30_000, greeting_ms: 30_000, silence_ms: 30_000, message_ms: 60_000 };
/** For what only a time limit ends. Nodemailer's pool counts a message's waiting for its turn. */
const SCALED: TimeLimits = { connect_ms: 30_000, greeting_ms: 3000, silence_ms: 3000, message_ms: 8000 };
const ENDED_BY_TIME: Fault[] = ['stall', 'endless'];
const AT_ONCE = 20;

const MODES = {
  'plain, in lock-step': { extensions: ['AUTH PLAIN'], depth: undefined },
  'plain, pipelined': { extensions: ['AUTH PLAIN', 'PIPELINING', 'CHUNKING', 'DSN'], depth: undefined },
  'fast, in lock-step': { extensions: ['AUTH PLAIN'], depth: 0 },
  'fast, pipelined': { extensions: ['AUTH PLAIN', 'PIPELINING', 'DSN'], depth: 0 },
  'fast, in chunks': { extensions: ['AUTH PLAIN', 'PIPELINING', 'CHUNKING', 'SIZE 100000'], depth: 1 },
  'fast, two chunks at once': { extensions: ['AUTH PLAIN', 'PIPELINING', 'CHUNKING'], depth: 2 },
  'fast, chunks in lock-step': { extensions: ['AUTH PLAIN', 'CHUNKING'], depth: 1 },
} as const;
type Mode = keyof typeof MODES;

const VERBS: Verb[] = ['CONNECT', 'EHLO', 'STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'BODY', 'DOT', 'QUIT'];
const REPLIES = {
  '4yz': '451 4.3.0 not now',
  '5yz': '550 5.1.1 nobody here',
  '5.7.x': '550 5.7.1 not from you',
  '421': '421 4.3.2 going down',
};
const SILENCES = ['stall', 'endless', 'drop', 'garbage', 'half-open', 'bytewise'] as const;
const FAULTS = [...SILENCES, ...Object.keys(REPLIES)] as (keyof typeof REPLIES | (typeof SILENCES)[number])[];
type Fault = (typeof FAULTS)[number];
type Case = { mode: Mode; verb: Verb; fault: Fault; always: boolean };

/** Of the message itself: before it nothing was begun, after its end nothing can be taken back. */
const ENVELOPE: Verb[] = ['MAIL', 'RCPT', 'DATA'];
const SETUP: Verb[] = ['CONNECT', 'EHLO', 'STARTTLS', 'AUTH'];

describe('faults', { concurrency: 4 }, () => {
  for (const mode of Object.keys(MODES) as Mode[])
    for (const always of [false, true])
      test(`${mode}: any fault ${always ? 'at every turn' : 'once'} gives the verdict that is true`, async () => {
        const cases = FAULTS.flatMap((fault) => VERBS.map((verb) => ({ mode, verb, fault, always })));
        const wrong: string[] = [];
        const next = cases.filter(({ verb }) => verb !== 'DATA' || !inChunks(mode)).values();
        const work = async () => {
          for (const one of next)
            for (const problem of await problemsOf(one)) wrong.push(`${one.verb} ${one.fault}: ${problem}`);
        };
        await Promise.all(Array.from({ length: AT_ONCE }, work));
        assert.deepEqual(wrong, []);
      });
});

const inChunks = (mode: Mode): boolean => mode.includes('chunk');

/**
 * What is wrong with a case. Where a fault is ended by time alone, a machine that is busy elsewhere may use that time up for a
 * message that was never struck: only what is wrong twice counts. What must never happen counts at once.
 */
async function problemsOf(one: Case): Promise<string[]> {
  const first = await problems(one);
  if (first.never.length > 0 || first.unexpected.length === 0) return [...first.never, ...first.unexpected];
  if (!ENDED_BY_TIME.includes(one.fault)) return first.unexpected;
  const second = await problems(one);
  return [...second.never, ...second.unexpected];
}

async function problems(one: Case): Promise<{ never: string[]; unexpected: string[] }> {
  const { mode, verb, fault, always } = one;
  const server = await startSmtp({ extensions: [...MODES[mode].extensions], starttls: verb === 'STARTTLS' });
  const lane = open(one, server);
  let hits = 0;
  // in the middle of the third connection's life, when the first have proven the server
  const turn = ([...ENVELOPE, 'BODY', 'DOT'] as Verb[]).includes(verb) ? 11 : 1;
  server.play((step) => {
    if (step.verb !== verb || !(always || step.nth === turn)) return undefined;
    hits++;
    return fault in REPLIES ? REPLIES[fault as keyof typeof REPLIES] : fault;
  });
  const to = Array.from({ length: MESSAGES[always ? 'always' : 'once'] }, (_, n) => `r${n}@reader.test`);
  const verdicts = await Promise.all(to.map((address) => lane.deliver(mailTo(address))));
  await lane.close();
  await server.close();
  const never = untrue(server, to, verdicts);
  if (hits === 0 && verb !== 'QUIT') never.push('the fault was never met');
  return { never, unexpected: unexpected(one, verdicts) };
}

function open({ mode, verb, fault, always }: Case, server: SmtpSink): Lane {
  const { depth } = MODES[mode];
  const smtp_url = server.url.replace('smtp://', 'smtp://press:secret@');
  const limits = ENDED_BY_TIME.includes(fault) ? SCALED : AMPLE;
  const common = { smtp_url, connections: always ? 4 : 2, ...(verb === 'STARTTLS' ? { ca: TEST_CERT } : {}) };
  if (depth !== undefined) return createFastLane({ ...common, limits, depth, messages_per_connection: 8 });
  const patience_ms = fault === 'endless' ? 10_000 : AMPLE.message_ms;
  const message_ms = always ? limits.message_ms : patience_ms;
  return createPlainLane({ ...common, limits: { ...limits, message_ms } });
}

const mailTo = (to: string): OutgoingMail => ({
  from: 'bounce+1@dome.test',
  to,
  envid: to.replace('@', '.'),
  ...writeWhole(Buffer.from(`Subject: for ${to}\r\n\r\n${'.dots and words\r\n'.repeat(100)}`)),
});

/** What holds under any fault: a verdict each, nothing taken twice, nothing taken but accepted or in doubt, no stranger's mail. */
function untrue(server: SmtpSink, to: string[], verdicts: Verdict[]): string[] {
  const taken = server.taken.flatMap(({ rcpt_to }) => rcpt_to);
  const wrong = to.flatMap((address, n) => {
    const kind = verdicts[n]?.kind as string;
    const copies = taken.filter((reader) => reader === address).length;
    if (copies > 1) return [`${address} was taken ${copies} times`];
    if (copies === 1 && !['accepted', 'doubtful'].includes(kind))
      return [`${address} was taken and is ${kind}`];
    return copies === 0 && kind === 'accepted' ? [`${address} was accepted and not taken`] : [];
  });
  const swapped = server.taken.filter(({ rcpt_to, raw }) => !raw.includes(`for ${rcpt_to[0]}\r\n`));
  return [...wrong, ...swapped.map(({ rcpt_to }) => `${rcpt_to} was sent another reader's message`)];
}

/** What this fault in particular must lead to. */
function unexpected({ mode, verb, fault, always }: Case, verdicts: Verdict[]): string[] {
  const count = Object.groupBy(verdicts, ({ kind }) => kind) as Partial<Record<string, Verdict[]>>;
  const kinds = Object.entries(count).map(([kind, all]) => `${kind} ${all?.length}`);
  const others = Object.keys(count).filter((kind) => kind !== 'accepted');
  const allowed = always ? allowedAlways(verb, fault) : allowedOnce(mode, verb, fault);
  const stray = others.filter((kind) => !allowed.includes(kind));
  const isMet = !always || allowed.length === 0 || count.accepted === undefined;
  const mostLost = mode === 'fast, two chunks at once' ? 2 : 1;
  const lost = verdicts.filter(({ kind }) => kind !== 'accepted').length;
  if (stray.length > 0 || !isMet || (!always && SILENT(fault) && lost > mostLost))
    return [`${kinds.join(', ')}; allowed: ${allowed.join(', ') || 'accepted'}`];
  return [];
}

const SILENT = (fault: Fault): boolean => !(fault in REPLIES);
const KIND = { '4yz': 'deferred', '5yz': 'failed', '5.7.x': 'refused', '421': 'deferred' } as const;

/** The kinds beside `accepted` that one such fault may leave. */
function allowedOnce(mode: Mode, verb: Verb, fault: Fault): string[] {
  if (fault === 'bytewise' || verb === 'QUIT') return [];
  if (SETUP.includes(verb)) return fault === '5.7.x' ? ['refused'] : [];
  const second = fault === '421' && mode === 'fast, two chunks at once'; // on its way when the server left
  if (fault in REPLIES)
    return [KIND[fault as keyof typeof KIND], ...(verb === 'BODY' || second ? ['doubtful'] : [])];
  if (verb === 'DOT' || verb === 'BODY') return ['doubtful'];
  return /chunks( at once)?$/.test(mode) ? ['doubtful'] : [];
}

/** The kinds that may be left where every turn brings the fault; empty: all are accepted in spite of it. */
function allowedAlways(verb: Verb, fault: Fault): string[] {
  if (fault === 'bytewise' || verb === 'QUIT') return [];
  if (verb === 'EHLO' && ['4yz', '5yz', '5.7.x', 'garbage'].includes(fault)) return []; // HELO serves as well
  if (SETUP.includes(verb)) return fault === '5.7.x' ? ['refused'] : ['unsent'];
  if (fault === '421') return ['deferred', 'unsent', ...(verb === 'BODY' ? ['doubtful'] : [])];
  if (fault in REPLIES) return [KIND[fault as keyof typeof KIND], ...(verb === 'BODY' ? ['doubtful'] : [])];
  return verb === 'DOT' || verb === 'BODY' ? ['doubtful'] : ['unsent'];
}
