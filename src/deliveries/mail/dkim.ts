import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { invalid } from '../../errors.ts';
import { canonicalBody, type Field, relaxedField, splitMessage } from './canonical.ts';

/** Signs messages for one domain. */
export type Signer = { domain: string; sign(raw: Buffer): Buffer };

const LEAST_BITS = 2048;
const LINE = 76;

/**
 * Named in `h=` once more than they occur, present or not, so that a second one put in front breaks the signature
 * (RFC 6376 §8.15; RFC 8058 §4 asks for the List- fields).
 */
const SEALED = [
  'from',
  'reply-to',
  'to',
  'cc',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'list-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'feedback-id',
  'precedence',
  'auto-submitted',
];

/** As `createSigner`, from the configured key file; undefined where signing is not configured. */
export function readSigner(config: {
  DKIM_DOMAIN?: string | undefined;
  DKIM_SELECTOR?: string | undefined;
  DKIM_KEY_FILE?: string | undefined;
}): Signer | undefined {
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_KEY_FILE: file } = config;
  if (!domain || !selector || !file) return undefined;
  return createSigner({ domain, selector, key: readKeyFile(file) });
}

/**
 * Signs with DKIM (RFC 6376, relaxed/relaxed; Ed25519 by RFC 8463) under `selector._domainkey.domain`. The key, in PEM,
 * is tried on a sample here: throws `invalid` for one that cannot be read, cannot sign, or is too small (RFC 8301
 * §3.2). A signer either signs or throws; it never lets a message through unsigned.
 */
export function createSigner({
  domain,
  selector,
  key: pem,
}: {
  domain: string;
  selector: string;
  key: string;
}): Signer {
  const key = readKey(pem);
  const algorithm = key.asymmetricKeyType === 'ed25519' ? 'ed25519-sha256' : 'rsa-sha256';
  const signer: Signer = {
    domain,
    sign(raw) {
      const { fields, body } = splitMessage(raw);
      const named = namesIn(fields);
      const bodyHash = createHash('sha256').update(canonicalBody(body)).digest('base64');
      const unsigned = signatureField({ algorithm, domain, selector, named, bodyHash });
      const signature = signBytes(key, signedBytes(fields, named, unsigned)).toString('base64');
      return Buffer.concat([Buffer.from(`${unsigned}${foldValue(signature)}\r\n`, 'latin1'), raw]);
    },
  };
  signer.sign(Buffer.from('From: a@example.org\r\n\r\nsample\r\n'));
  return signer;
}

/** Whether a signature of `signingDomain` speaks for mail from `fromDomain`: the same, or a parent of it (MAIL M11). */
export function isAligned(signingDomain: string, fromDomain: string): boolean {
  const [signing, from] = [signingDomain.toLowerCase(), fromDomain.toLowerCase()];
  return from === signing || from.endsWith(`.${signing}`);
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(`DKIM_KEY_FILE ${file} cannot be read`, error);
  }
}

function readKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
    if (!verifyBytes(key, Buffer.from('sample'), signBytes(key, Buffer.from('sample'))))
      throw new Error('its signature of a sample does not verify');
  } catch (error) {
    throw invalid('the DKIM key cannot sign; expected an RSA or Ed25519 private key in PEM', error);
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type !== 'rsa' && type !== 'ed25519')
    throw invalid(`the DKIM key is of type ${type}; expected rsa or ed25519`);
  if (type === 'rsa' && (details?.modulusLength ?? 0) < LEAST_BITS)
    throw invalid(`the DKIM key has ${details?.modulusLength} bits; expected at least ${LEAST_BITS}`);
  return key;
}

/** Ed25519 signs the SHA-256 of the data, not the data (RFC 8463 §3). */
const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();

const signBytes = (key: KeyObject, data: Buffer): Buffer =>
  key.asymmetricKeyType === 'ed25519' ? sign(null, sha256(data), key) : sign('sha256', data, key);

const verifyBytes = (key: KeyObject, data: Buffer, signature: Buffer): boolean =>
  key.asymmetricKeyType === 'ed25519'
    ? verify(null, sha256(data), createPublicKey(key), signature)
    : verify('sha256', data, createPublicKey(key), signature);

const namesIn = (fields: Field[]): string[] =>
  SEALED.flatMap((name) => [name, ...fields.filter((field) => field.name === name).map(() => name)]);

function signatureField(parts: {
  algorithm: string;
  domain: string;
  selector: string;
  named: string[];
  bodyHash: string;
}): string {
  const { algorithm, domain, selector, named, bodyHash } = parts;
  return [
    `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed; d=${domain};`,
    ` s=${selector};`,
    ` h=${foldNames(named)};`,
    ` bh=${bodyHash};`,
    ' b=',
  ].join('\r\n');
}

/** The fields named, each name taking the next one from the bottom up, then the signature's own field (RFC 6376 §5.4.2). */
function signedBytes(fields: Field[], named: string[], unsigned: string): Buffer {
  const left = Map.groupBy(fields, ({ name }) => name);
  const lines = named
    .flatMap((name) => left.get(name)?.pop()?.line ?? [])
    .map((line) => `${relaxedField(line)}\r\n`);
  return Buffer.from(lines.join('') + relaxedField(unsigned), 'latin1');
}

const foldNames = (names: string[]): string =>
  names.reduce((text, name) => {
    const line = text.slice(text.lastIndexOf('\n') + 1);
    return line.length + name.length + 5 > LINE ? `${text}:\r\n  ${name}` : `${text}:${name}`;
  });

const foldValue = (value: string): string => (value.match(/.{1,72}/g) ?? []).join('\r\n  ');
