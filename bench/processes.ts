import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Order, Sent } from './order.ts';

/** What the sink has counted since it was last asked. */
export type Counted = {
  messages: number;
  bytes: number;
  sessions: number;
  /** Recipients that came before. */
  again: number;
  /** Recipients that are nobody's number. */
  strange: number;
  /** Since its start. */
  processor_ms: number;
};

/** A mail server that takes everything, in a process of its own. */
export type Sink = { kind: 'C' | 'Node'; port: number; read(): Promise<Counted>; close(): void };

const HERE = import.meta.dirname;

/** Starts the sink: the one in C where there is a compiler, else the one in Node, which takes four times its processor time. */
export async function startSink(extensions: string[], folder: string): Promise<Sink> {
  const binary = join(folder, 'sink');
  const made = spawnSync('cc', ['-O2', '-o', binary, join(HERE, 'sink/sink.c')], { stdio: 'ignore' });
  return made.status === 0 ? startSinkInC(binary, extensions) : startSinkInNode(extensions);
}

async function startSinkInC(binary: string, extensions: string[]): Promise<Sink> {
  const child = spawn(binary, extensions, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value as string);
  const { port } = await next();
  return {
    kind: 'C',
    port,
    read: () => {
      child.stdin.write('\n');
      return next();
    },
    close: () => child.stdin.end(),
  };
}

async function startSinkInNode(extensions: string[]): Promise<Sink> {
  const child = fork(join(HERE, 'sink/sink.ts'), [JSON.stringify(extensions)]);
  const { port } = await answer<{ port: number }>(child);
  return {
    kind: 'Node',
    port,
    read: () => {
      child.send('read');
      return answer(child);
    },
    close: () => child.disconnect(),
  };
}

/** Starts a proxy that keeps everything back for `ms` each way, before `port`; returns its own port. */
export async function startDelay(port: number, ms: number): Promise<{ port: number; close(): void }> {
  const child = fork(join(HERE, 'delay.ts'), [String(port), String(ms)]);
  return { ...(await answer<{ port: number }>(child)), close: () => child.disconnect() };
}

/** Runs an order in a sender process of its own; `around` brackets what is measured. */
export async function runSender<Result>(
  order: Order,
  around: (work: () => Promise<Sent>) => Promise<Result>,
  flags: string[] = [],
): Promise<Result> {
  const child = fork(join(HERE, 'sender.ts'), { execArgv: [...process.execArgv, ...flags] });
  child.send(order);
  await answer(child);
  return around(() => {
    child.send('go');
    return answer<Sent>(child);
  });
}

async function answer<Message>(child: ChildProcess): Promise<Message> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${child.spawnargs.at(-1)} ended with ${code} without an answer`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [Message];
  ended.catch(() => {});
  return message;
}

const TICKS_A_SECOND = 100;

/** The processor time in milliseconds of a Postgres and all its processes, ended ones included; undefined without /proc. */
export function postgresMs(data_dir: string): number | undefined {
  try {
    const postmaster = readFileSync(join(data_dir, 'postmaster.pid'), 'utf8').split('\n')[0] as string;
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    let ticks = 0;
    for (const pid of pids) {
      const [, parent, own, ofChildren] = timesOf(pid) ?? [];
      if (pid === postmaster) ticks += (own ?? 0) + (ofChildren ?? 0);
      else if (String(parent) === postmaster) ticks += own ?? 0;
    }
    return (ticks * 1000) / TICKS_A_SECOND;
  } catch {
    return undefined;
  }
}

/** Of a process: its number, its parent's, its own ticks, and those of its children that have ended (proc(5)). */
function timesOf(pid: string): [number, number, number, number] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (place: number): number => fields[place] ?? 0;
    return [Number(pid), at(1), at(11) + at(12), at(13) + at(14)];
  } catch {
    return undefined; // it has just ended
  }
}
