import { connect, type Db } from '../src/db/connect.ts';
import { requirePublication } from '../src/publications/publication.ts';
import type { Order, Sent } from './order.ts';
import { keysFor } from './signing.ts';

// A sender in a process of its own, so that its processor time and memory are its own. It is sent an order, says that
// it is ready, and at the next message sends everything and answers with what it took.

process.once('message', async (order: Order) => {
  const db = connect(order.target);
  const work = order.variant === 'composed' ? await openComposed(db, order) : await openOurs(db, order);
  process.once('message', async () => {
    const began = performance.now();
    const before = process.cpuUsage();
    const messages = await work();
    const { user, system } = process.cpuUsage(before);
    const sent: Sent = {
      messages,
      seconds: (performance.now() - began) / 1000,
      processor_ms: (user + system) / 1000,
      peak_mb: process.resourceUsage().maxRSS / 1024,
    };
    process.send?.(sent, () => process.exit());
  });
  process.send?.('ready');
});

async function openComposed(db: Db, order: Order): Promise<() => Promise<number>> {
  const { prepareComposed } = await import('./composed.ts');
  const publication = await requirePublication(db, order.publication_id);
  const [key] = keysFor(order.signing);
  const dkim = key && { domainName: 'bench.test', keySelector: key.selector, privateKey: key.key };
  return prepareComposed({ ...order, db, publication, dkim });
}

async function openOurs(db: Db, order: Order): Promise<() => Promise<number>> {
  return (await import('./ours.ts')).openOurs(db, order);
}
