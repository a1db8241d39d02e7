import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Whether Postfix's load generator is on this machine. */
export const hasSmtpSource = (): boolean =>
  spawnSync('smtp-source', ['-h'], { env: PATHS }).error === undefined;

const PATHS = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/libexec/postfix` };

/** Sends `messages` of `bytes` each over so many sessions kept open; returns seconds and its processor milliseconds. */
export async function runSmtpSource(
  port: number,
  { messages, bytes, connections }: { messages: number; bytes: number; connections: number },
): Promise<{ seconds: number; processor_ms: number }> {
  const began = performance.now();
  const words = [
    '-d',
    '-N',
    '-s',
    connections,
    '-m',
    messages,
    '-l',
    bytes,
    '-f',
    'bounce@bench.test',
    '-t',
    'r@reader.test',
  ];
  const script = `smtp-source ${words.join(' ')} inet:127.0.0.1:${port} && times`;
  const child = spawn('sh', ['-c', script], { env: PATHS, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`);
  return { seconds: (performance.now() - began) / 1000, processor_ms: childTimes(said) };
}

/** The second line of the shell's `times`: user and system time of its children, as `0m1.234s 0m0.567s`. */
function childTimes(said: string): number {
  const line = said.trim().split('\n').at(-1) ?? '';
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1000,
    0,
  );
}
