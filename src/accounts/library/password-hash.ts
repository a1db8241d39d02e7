import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { unavailable } from '../../errors.ts';

/** Argon2id (RFC 9106) with OWASP's second choice of costs: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const [NONCE_BYTES, TAG_BYTES] = [16, 32];
const HASH = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;

/** Hashes take a thread each of the four that files and DNS need too. */
const AT_ONCE = 2;
/** Who comes when so many wait is sent away: a minute's work of two threads. */
const MOST_WAITING = 200;

const hashWith = promisify(argon2);
let under_way = 0;
const waiting: (() => void)[] = [];

/** The hash of a password under a new salt, in the PHC string format. Throws `unavailable` where too many wait. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(NONCE_BYTES);
  const tag = await derive(password, { ...COST, nonce, tagLength: TAG_BYTES });
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`;
}

/** Whether a password is the one a hash was made of, with the costs the hash names. Throws as `hashPassword`. */
export async function verifyPassword(hash: string, password: string): Promise<boolean> {
  const [, memory, passes, parallelism, nonce, tag] = HASH.exec(hash) ?? [];
  if (!nonce || !tag) throw new Error('a stored password is no Argon2id hash');
  const right = Buffer.from(tag, 'base64');
  const given = await derive(password, {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    nonce: Buffer.from(nonce, 'base64'),
    tagLength: right.length,
  });
  return timingSafeEqual(given, right);
}

type Costs = typeof COST & { nonce: Buffer; tagLength: number };

/** One spelling of a password, however the keyboard composes its letters. */
const spelled = (password: string): string => password.normalize('NFC');

async function derive(password: string, costs: Costs): Promise<Buffer> {
  if (under_way >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw unavailable(`${waiting.length} passwords wait to be looked at`);
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else under_way++;
  try {
    return await hashWith('argon2id', { ...costs, message: spelled(password) });
  } finally {
    const next = waiting.shift();
    if (next)
      next(); // who waited takes over this place
    else under_way--;
  }
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
