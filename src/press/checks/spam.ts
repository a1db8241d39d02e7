import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import type { Finding } from './finding.ts';

/** Scores a whole message: the higher, the more it looks like spam; throws where no score is told in time. */
export type JudgeSpam = (raw: Buffer) => Promise<number>;

const TIMEOUT_MS = 8000;
const HOLD = 5;
const WARN = 3;
/** The client of a daemon is quick; the program itself takes seconds to start. */
const PROGRAMS = ['spamc', 'spamassassin'];

/** SpamAssassin, at the path configured or where it is found; undefined where it is not installed. */
export function findSpamJudge({
  SPAM_COMMAND: configured,
  PATH: path,
}: {
  SPAM_COMMAND?: string | undefined;
  PATH: string;
}): JudgeSpam | undefined {
  const found =
    configured ??
    PROGRAMS.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name))).find(isProgram);
  return found ? (raw) => judge(found, raw) : undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `spamc -c` says "1.2/5.0"; `spamassassin` gives the message back with its score in X-Spam-Status. */
async function judge(program: string, raw: Buffer): Promise<number> {
  const isClient = basename(program).startsWith('spamc');
  const said = await run(program, isClient ? ['-c'] : [], raw);
  const score = isClient
    ? /^(-?[\d.]+)\//.exec(said)?.[1]
    : /^X-Spam-Status:[\s\S]*?\bscore=(-?[\d.]+)/m.exec(said)?.[1];
  // without its daemon the client says "0/0"
  if (score === undefined || /^0\/0\b/.test(said))
    throw new Error(`${program} told no score: ${said.slice(0, 80)}`);
  return Number(score);
}

function run(program: string, args: string[], input: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], timeout: TIMEOUT_MS });
    const chunks: Buffer[] = [];
    child.on('error', reject);
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', () =>
      // it may end by itself when it is told to
      child.killed
        ? reject(new Error(`${program} took more than ${TIMEOUT_MS / 1000} s`))
        : resolve(Buffer.concat(chunks).toString()),
    );
    child.stdin.on('error', () => {}); // one that reads nothing is heard of when it closes
    child.stdin.end(input);
  });
}

/** P19: what the score means. */
export function spamFindings(score: number): Finding[] {
  if (score < WARN) return [];
  return [
    {
      check: 'P19',
      level: score >= HOLD ? 'hold' : 'warn',
      says: `SpamAssassin gives it ${score}; under ${WARN} is better`,
    },
  ];
}
