import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { MailServer } from '../../../src/rehearsal/rehearse.ts';

/** The mail server of readers: refuses for good whose mailbox is dead, and counts what it took for each. */
export type ReadersServer = MailServer & { dead: Set<string>; taken: Map<string, number> };

/** Opens it on loopback. */
export async function openReadersServer(): Promise<ReadersServer> {
  const dead = new Set<string>();
  const taken = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    hideDSN: false,
    closeTimeout: 1000,
    logger: false,
    onRcptTo({ address }, _session, done) {
      if (!dead.has(address)) return done();
      done(Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 }));
    },
    onData(stream, { envelope }, done) {
      stream.on('end', () => {
        for (const { address } of envelope.rcptTo) taken.set(address, (taken.get(address) ?? 0) + 1);
        done();
      });
      stream.resume();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.on('error', () => {}); // a connection that breaks is the sender's to notice
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    dead,
    taken,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
