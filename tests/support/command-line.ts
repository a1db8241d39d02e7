import { fork } from 'node:child_process';
import { once } from 'node:events';
import { main } from '../../src/cli/main.ts';
import { bare, type Ended } from './presstime.ts';

/** A process that runs one command of `presstime` after the other: most of a command is its start. */
export type CommandLine = { run(...argv: string[]): Promise<Ended>; close(): Promise<void> };

/** Opens a command line in the folder `cwd`, with these settings and no others. The caller closes it. */
export function openCommandLine({ cwd, env }: { cwd: string; env: Record<string, string> }): CommandLine {
  const child = fork(import.meta.filename, {
    cwd,
    env: { ...bare, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
  });
  let before: Promise<unknown> = Promise.resolve();
  return {
    run(...argv) {
      const answer = before.then(async () => {
        child.send(argv);
        return (await once(child, 'message'))[0] as Ended;
      });
      before = answer;
      return answer;
    },
    async close() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

if (process.send) process.on('message', async (argv: string[]) => process.send?.(await answer(argv)));

async function answer(argv: string[]): Promise<Ended> {
  process.exitCode = 0;
  const [out, err] = [collect(process.stdout), collect(process.stderr)];
  await main(argv);
  return { code: Number(process.exitCode), out: out(), err: err() };
}

/** Keeps what is written to `stream` instead of writing it, until it is asked what that was. */
function collect(stream: NodeJS.WriteStream): () => string {
  const { write } = stream;
  let text = '';
  stream.write = (part: string | Uint8Array) => {
    text += part;
    return true;
  };
  return () => {
    stream.write = write;
    return text;
  };
}
