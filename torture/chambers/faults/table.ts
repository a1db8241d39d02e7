import type { Fault, Rule, Verb } from '../../server/fault.ts';

/** What a reader's first outcome may be: `accepted` where the lane may try again on another connection by itself. */
type State = 'accepted' | 'deferred' | 'failed' | 'unknown';

/** A fault, where it strikes, and the states that are right for a reader whom it struck. */
export type Row = {
  name: string;
  rule: Rule;
  first: State[];
  before_the_dot: boolean;
  strikes_readers: boolean;
};

/**
 * The states that are right for a row. In chunks a whole message leaves in one write, envelope and all: a connection that
 * is lost with nothing answered, at whatever command, may have been lost after the message was taken. So it is with a
 * message that had left behind one which was answered with 421: no answer to it comes, and some servers say 421 of one
 * message and go on reading.
 */
export const rightStates = (
  { first, rule, strikes_readers }: Row,
  { chunking }: { chunking: boolean },
): State[] => (chunking && strikes_readers && losesConnection(rule.fault) ? [...first, 'unknown'] : first);

const BEFORE: Verb[] = ['MAIL', 'RCPT', 'DATA'];
const LOSSES: Fault[] = ['drop', 'stall', 'trickle', 'garbage', 'half-open'];

const losesConnection = (fault: Fault): boolean =>
  typeof fault === 'object' ? fault.reply.startsWith('421') : LOSSES.includes(fault);

const nameOf = (fault: Fault): string => (typeof fault === 'object' ? fault.reply.slice(0, 9).trim() : fault);

/** Every second reader is struck, once: half of an edition in all. */
const ofReaders = (verb: Verb, fault: Fault, first: State[]): Row => ({
  name: `${nameOf(fault)} at ${verb}`,
  rule: { verb, fault, each: 2, once: true },
  first,
  before_the_dot: verb !== 'BODY' && verb !== 'DOT',
  strikes_readers: true,
});

/** The first connections of the edition are struck; whom that keeps is the lane's affair, and nobody may be in doubt. */
const ofConnections = (verb: Verb, fault: Fault): Row => ({
  name: `${nameOf(fault)} at ${verb}`,
  rule: { verb, fault, times: 10 },
  first: ['accepted', 'deferred'],
  before_the_dot: true,
  strikes_readers: false,
});

/**
 * Fault by fault the right states. A reply is its own state, wherever it comes, but
 * that 421 before the dot is about the connection: another may be tried at once. A connection lost before the final dot is
 * never a doubt. In the message's text the dot may be under way already, and then it may be one. After it, it is.
 */
export const TABLE: Row[] = [
  ...[...BEFORE, 'DOT' as const].flatMap((verb) => [
    ofReaders(verb, { reply: '451 4.3.0 not now' }, ['deferred']),
    ofReaders(verb, { reply: '550 5.1.1 no such reader' }, ['failed']),
    ofReaders(verb, { reply: '421 4.3.2 closing' }, verb === 'DOT' ? ['deferred'] : ['deferred', 'accepted']),
  ]),
  ...BEFORE.flatMap((verb) => LOSSES.map((fault) => ofReaders(verb, fault, ['accepted', 'deferred']))),
  ...(['drop', 'stall', 'half-open'] as const).map((fault) =>
    ofReaders('BODY', fault, ['accepted', 'deferred', 'unknown']),
  ),
  ...LOSSES.map((fault) => ofReaders('DOT', fault, ['unknown'])),
  ofReaders('RCPT', { reply: '451 4.7.1 greylisted, come again' }, ['deferred']),
  ofReaders('MAIL', { reply: '552 5.3.4 too big' }, ['failed']),
  ...(['CONNECT', 'EHLO'] as const).flatMap((verb) => [
    ofConnections(verb, { reply: '421 4.3.2 not now' }),
    ofConnections(verb, { reply: verb === 'EHLO' ? '451 4.3.0 not now' : '454 4.3.0 not now' }),
    ofConnections(verb, { reply: '554 5.3.2 no' }),
    ...LOSSES.map((fault) => ofConnections(verb, fault)),
  ]),
  ...(['drop', 'stall'] as const).map((fault) => ofConnections('QUIT', fault)),
];
