import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { FromWorker, Order, ToWorker } from './worker.ts';

const PROGRAM = join(import.meta.dirname, 'worker.ts');

/** One sender process. */
export type Sender = {
  pid: number;
  /** Resolves when it begins to work. */
  working: Promise<void>;
  /** Resolves when nothing is due for it, the next time it finds so. */
  idle(): Promise<void>;
  /** How its passes failed, in its own words. */
  failures: string[];
  setClock(offset_ms: number): void;
  signal(signal: NodeJS.Signals): void;
  /** Ends it like a power cut; resolves with the moment, in milliseconds, once the process is gone. */
  kill(): Promise<number>;
  /** Asks it to stop in order, and waits. */
  stop(): Promise<number | null>;
  ended: Promise<unknown>;
};

/** Starts a sender. What it says goes to `log`. */
export function startSender(order: Order, log: string): Sender {
  const out = openSync(log, 'a');
  const child = fork(PROGRAM, [JSON.stringify(order)], { stdio: ['ignore', out, out, 'ipc'] });
  closeSync(out);
  const failures: string[] = [];
  const working = Promise.withResolvers<void>();
  const ended = once(child, 'exit');
  let idle = Promise.withResolvers<void>();
  child.on('message', (message: FromWorker) => {
    if ('working' in message) working.resolve();
    else if ('failed' in message) failures.push(message.failed);
    else {
      idle.resolve();
      idle = Promise.withResolvers();
    }
  });
  void ended.then(() => {
    working.resolve();
    idle.resolve();
  });
  return {
    pid: child.pid as number,
    working: working.promise,
    idle: () => idle.promise,
    failures,
    ended,
    setClock: (clock_offset_ms) => void child.send({ clock_offset_ms } satisfies ToWorker),
    signal: (signal) => void child.kill(signal),
    async kill() {
      const at = performance.timeOrigin + performance.now();
      child.kill('SIGKILL');
      await ended;
      return at;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
}
