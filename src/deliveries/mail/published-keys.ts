import { invalid, messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Signer } from './dkim.ts';
import { type DkimKey, recordOf } from './dkim-key.ts';

/** Asks DNS for the TXT records of a name, each in its pieces; rejects with the `code` of DNS, as Node's own does. */
export type ResolveTxt = (name: string) => Promise<string[][]>;

/** A key beside what DNS publishes under its selector. `unknown`: DNS did not answer. */
export type KeyState = {
  selector: string;
  state: 'published' | 'missing' | 'revoked' | 'other' | 'unknown';
  detail: string;
};

/** The codes of DNS that are an answer: there is no such name, or no such record. */
const NO_RECORD = ['ENOTFOUND', 'ENODATA'];

/** Compares each key of the signer with its record in DNS (RFC 6376 §3.6.2). */
export function checkPublishedKeys({ domain, keys }: Signer, resolveTxt: ResolveTxt): Promise<KeyState[]> {
  return Promise.all(keys.map((key) => checkKey(key, domain, resolveTxt)));
}

/**
 * Makes sure, before anything is sent, that receivers can verify what is signed. Throws `invalid`, with the records to
 * publish, where DNS answers something else; where it does not answer, the log is warned.
 */
export async function requirePublishedKeys(
  signer: Signer | undefined,
  { resolveTxt, log }: { resolveTxt: ResolveTxt; log: Log },
): Promise<void> {
  if (!signer) return;
  const states = await checkPublishedKeys(signer, resolveTxt);
  for (const { state, detail } of states)
    if (state === 'unknown') log.warn(`whether the DKIM key is published is not known: ${detail}`);
  const wrong = states.filter(({ state }) => state !== 'published' && state !== 'unknown');
  if (wrong.length > 0)
    throw invalid(
      `receivers would refuse what is signed\n${wrong.map(({ detail }) => `  ${detail}`).join('\n')}`,
    );
}

async function checkKey(key: DkimKey, domain: string, resolveTxt: ResolveTxt): Promise<KeyState> {
  const { selector } = key;
  const { name, text } = recordOf(key, domain);
  const expected = `expected the TXT record ${text}`;
  let records: string[];
  try {
    records = (await resolveTxt(name)).map((pieces) => pieces.join(''));
  } catch (error) {
    if (NO_RECORD.includes((error as NodeJS.ErrnoException).code ?? ''))
      return { selector, state: 'missing', detail: `${name} has no record; ${expected}` };
    return { selector, state: 'unknown', detail: `DNS does not answer for ${name}: ${messageOf(error)}` };
  }
  const state = stateOf(key, records);
  return { selector, state, detail: `${name} ${SAYS[state]}${state === 'published' ? '' : `; ${expected}`}` };
}

const SAYS = {
  published: 'publishes this key',
  missing: 'has no record of a key',
  revoked: 'says that the key is revoked',
  other: 'publishes another key, or more than one',
};

/** A receiver may take any of several records, so that there must be one alone (RFC 6376 §3.6.2.2). */
function stateOf(key: DkimKey, records: string[]): keyof typeof SAYS {
  const found = records.map(readTags).filter(({ p, v = 'DKIM1' }) => p !== undefined && v === 'DKIM1');
  const [first] = found;
  if (!first) return 'missing';
  if (found.length > 1) return 'other';
  if (first.p === '') return 'revoked';
  return isOfKey(first, key) ? 'published' : 'other';
}

/** The tags that a verifier heeds: the type of key, its hashes, what it serves for (RFC 6376 §3.6.1). */
function isOfKey({ p, k = 'rsa', h, s = '*' }: Tags, { algorithm, public_key }: DkimKey): boolean {
  return (
    p === public_key &&
    algorithm.startsWith(`${k}-`) &&
    (h === undefined || h.split(':').includes('sha256')) &&
    s.split(':').some((service) => service === '*' || service === 'email')
  );
}

type Tags = Record<string, string | undefined>;

/** `v=DKIM1; k=rsa; p=…` as its tags, blanks left out (RFC 6376 §3.2). */
const readTags = (record: string): Tags =>
  Object.fromEntries(
    record
      .split(';')
      .map((tag) => tag.replace(/\s+/g, ''))
      .filter((tag) => tag.includes('='))
      .map((tag) => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]),
  );
