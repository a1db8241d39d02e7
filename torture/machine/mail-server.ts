import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Rule, Verb } from '../server/fault.ts';
import type { FromServer, ToServer } from '../server/server.ts';

const PROGRAM = join(import.meta.dirname, '../server/server.ts');

/** What the server offers in its answer to EHLO. */
export const extensions = ({ chunking }: { chunking: boolean }): string[] => [
  'PIPELINING',
  '8BITMIME',
  'DSN',
  'SMTPUTF8',
  ...(chunking ? ['CHUNKING'] : []),
];

/** What the server has counted since it was last told what to play. */
type Counted = { strikes: number; dots: number; connections: number };

/** The mail server of the chamber, a process of its own with its log. */
export type MailServer = {
  url: string;
  log: string;
  /** From now on these faults and no others. */
  play(rules: Rule[]): Promise<Counted>;
  pace(ms: number): void;
  offer(extensions: string[]): void;
  /** Resolves when a session has come to a `hold`. */
  held(): Promise<{ verb: Verb; delivery: string }>;
  release(): void;
  count(): Promise<Counted>;
  close(): Promise<void>;
};

/** Starts a mail server on loopback that logs to `log` before it answers. */
export async function startMailServer(log: string): Promise<MailServer> {
  const child = fork(PROGRAM, [log], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const send = (message: ToServer) => void child.send(message);
  const port = (await next(child, (message) =>
    'listening' in message ? message.listening : undefined,
  )) as number;
  send({ offer: extensions({ chunking: true }) });
  const count = (): Promise<Counted> => {
    const counted = next(child, (message) => ('strikes' in message ? message : undefined));
    send({ count: true });
    return counted;
  };
  return {
    url: `smtp://127.0.0.1:${port}`,
    log,
    async play(rules) {
      send({ play: rules });
      return count(); // an answer says that what came before it has been heard
    },
    pace: (pace_ms) => send({ pace_ms }),
    offer: (extensions) => send({ offer: extensions }),
    held: () =>
      next(child, (message) =>
        'held' in message ? { verb: message.held as Verb, delivery: message.delivery } : undefined,
      ),
    release: () => send({ release: true }),
    count,
    async close() {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** The first message of which `pick` makes something. Rejects where the process ends before. */
function next<Picked>(
  child: ChildProcess,
  pick: (message: FromServer) => Picked | undefined,
): Promise<Picked> {
  return new Promise((resolve, reject) => {
    const listen = (message: unknown): void => {
      const picked = pick(message as FromServer);
      if (picked === undefined) return;
      child.off('message', listen).off('exit', gone);
      resolve(picked);
    };
    const gone = (): void => reject(new Error('the mail server of the torture chamber has ended'));
    child.on('message', listen).once('exit', gone);
  });
}
