import type { FastLaneOptions } from './connection-pool.ts';
import { createFastLane } from './fast-lane.ts';
import type { Lane, OutgoingMail } from './lane.ts';
import type { Offers } from './offers.ts';
import { askOffers } from './open-session.ts';
import { createPlainLane } from './plain-lane.ts';
import { LIMITS, MESSAGES_PER_CONNECTION, serverOf } from './server.ts';

/** A larger message would need a buffer of its size for each connection: it goes by the plain lane. */
const LARGEST_FAST_BYTES = 4_194_304;

type Kind = 'plain' | 'fast';

/**
 * The lane to the server of `smtp_url` that `lane` names; `auto` takes the fast one where the server offers PIPELINING
 * or CHUNKING. What it offers is asked at the first message, and again when it has said something else to the fast lane,
 * or when the plain one has lost a message or opens new connections anyhow.
 */
export function createLane({
  lane,
  ...options
}: FastLaneOptions & { lane: 'auto' | 'plain' | 'fast' }): Lane {
  if (lane === 'plain') return createPlainLane(options);
  return lane === 'fast' ? createFastLane(options) : createAutoLane(options);
}

function createAutoLane(options: FastLaneOptions): Lane {
  const server = serverOf(options.smtp_url, options.ca);
  const limits = { ...LIMITS, ...options.limits };
  let kind: Promise<Kind> | undefined;
  let plain_left = MESSAGES_PER_CONNECTION;
  const decide = (offers: Offers): Kind => (offers.pipelining || offers.chunking ? 'fast' : 'plain');
  const plain = createPlainLane(options);
  const fast = createFastLane({
    ...options,
    offered(offers) {
      kind = Promise.resolve(decide(offers));
      options.offered?.(offers);
    },
  });
  const ask = (): Promise<Kind> => {
    plain_left = MESSAGES_PER_CONNECTION;
    return askOffers(server, limits).then(decide, () => {
      kind = undefined; // the plain lane will say what is wrong; it is asked again for the next message
      return 'plain';
    });
  };
  const deliverPlain = async (mail: OutgoingMail) => {
    const verdict = await plain.deliver(mail);
    if (--plain_left <= 0 || verdict.kind === 'unsent') kind = undefined;
    return verdict;
  };
  return {
    get connections() {
      return fast.connections;
    },
    async deliver(mail) {
      kind ??= ask();
      const chosen = await kind;
      return chosen === 'fast' && mail.most_bytes <= LARGEST_FAST_BYTES
        ? fast.deliver(mail)
        : deliverPlain(mail);
    },
    async close() {
      await Promise.all([plain.close(), fast.close()]);
    },
  };
}
