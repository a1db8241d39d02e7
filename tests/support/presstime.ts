import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, '../../src/presstime.cjs');
/** Nothing of the machine's own configuration may reach the program. */
export const bare = {
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  TMPDIR: process.env.TMPDIR ?? '/tmp',
};

/** Begins one command of `presstime` in the folder `cwd`, with these settings and no others. */
export function launch(args: string[], { cwd, env = {} }: { cwd: string; env?: Record<string, string> }) {
  return spawn(process.execPath, [PROGRAM, ...args], { cwd, env: { ...bare, ...env } });
}

/** How a command ended. */
export type Ended = { code: number | null; out: string; err: string };

/** Runs one command of `presstime` to its end, in the folder `cwd`, with these settings and no others. */
export async function presstime(
  args: string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Promise<Ended> {
  const child = launch(args, { cwd, env });
  const [out, err] = [collect(child, 'stdout'), collect(child, 'stderr')];
  const [code] = await once(child, 'close');
  return { code, out: out(), err: err() };
}

/** A `presstime start` under way: its process, and the addresses it printed. */
export type Started = {
  child: ChildProcess;
  mailbox: string;
  sign_up: string;
  preview: string;
  said: () => string;
};

/** Starts `presstime start` in `cwd` and waits until it has printed its addresses. */
export async function startPresstime(cwd: string, env: Record<string, string> = {}): Promise<Started> {
  const child = launch(['start'], { cwd, env: { PORT: '4100', MAILBOX_PORT: '4600', ...env } });
  const [out, err] = [collect(child, 'stdout'), collect(child, 'stderr')];
  const address = (name: string) => new RegExp(`${name}\\s+(http\\S+)`).exec(out())?.[1];
  const end = performance.now() + 60_000;
  while (!address('preview')) {
    if (child.exitCode !== null || performance.now() > end)
      throw new Error(`presstime start did not start: ${out()}${err()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    child,
    mailbox: address('mailbox') as string,
    sign_up: address('sign up') as string,
    preview: address('preview') as string,
    said: () => out() + err(),
  };
}

/** Sends the process a signal and waits for its end; returns its exit code, null where the signal ended it. */
export async function stopPresstime(
  { child }: Started,
  signal: NodeJS.Signals = 'SIGINT',
): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = await ended;
  return code;
}

function collect(child: ChildProcess, stream: 'stdout' | 'stderr'): () => string {
  let text = '';
  child[stream]?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return () => text;
}
