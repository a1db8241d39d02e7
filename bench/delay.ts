import { connect, createServer, type Socket } from 'node:net';

// A link with a round trip: `fork(delay.ts, [port, ms])` listens, sends its port, and passes everything on to `port`,
// each way `ms` milliseconds later.

const [port, ms] = process.argv.slice(2).map(Number) as [number, number];

const server = createServer({ noDelay: true }, (client) => {
  const upstream = connect({ port, host: '127.0.0.1', noDelay: true });
  pass(client, upstream);
  pass(upstream, client);
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }));
process.on('disconnect', () => process.exit());

/** Keeps the order: what waits goes as soon as its time has come. */
function pass(from: Socket, to: Socket): void {
  const waiting: { at: number; bytes: Buffer | null }[] = [];
  let isAsked = false;
  const go = (): void => {
    isAsked = false;
    for (let first = waiting[0]; first && first.at <= performance.now() + 0.5; first = waiting[0]) {
      waiting.shift();
      if (first.bytes) to.write(first.bytes);
      else to.end();
    }
    const [next] = waiting;
    if (next) ask(next.at - performance.now());
  };
  const ask = (after_ms: number): void => {
    if (!isAsked) setTimeout(go, Math.max(after_ms, 0));
    isAsked = true;
  };
  const hold = (bytes: Buffer | null): void => {
    waiting.push({ at: performance.now() + ms, bytes });
    ask(ms);
  };
  from.on('data', hold);
  from.on('end', () => hold(null));
  from.on('error', () => to.destroy());
}
