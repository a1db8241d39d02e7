import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { invalid } from '../../errors.ts';

/** A key that signs, under its selector. */
export type DkimKey = {
  selector: string;
  algorithm: 'rsa-sha256' | 'ed25519-sha256';
  /** Of the signature in base64. */
  signature_length: number;
  /** The signature of `data` (one byte to a character) in base64: the same each time. */
  sign(data: string): string;
  /** The public half as it stands in `p=` of the record (RFC 6376 §3.6.1, RFC 8463 §4). */
  public_key: string;
};

const LEAST_BITS = 2048;

/** As `readKey`, from a file. Throws `invalid` naming the file. */
export function readKeyFile(selector: string, file: string): DkimKey {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(`DKIM_KEY_FILE ${file} cannot be read`, error);
  }
  try {
    return readKey(selector, pem);
  } catch (error) {
    throw invalid(`DKIM_KEY_FILE ${file} is no key to sign with`, error);
  }
}

/**
 * Reads a key in PEM and tries it on a sample. Throws `invalid` for one that cannot be read, cannot sign, or is too
 * small (RFC 8301 §3.2).
 */
export function readKey(selector: string, pem: string): DkimKey {
  const key = parseKey(pem);
  const edwards = key.asymmetricKeyType === 'ed25519';
  const publicKey = createPublicKey(key);
  const dkimKey: DkimKey = {
    selector,
    algorithm: edwards ? 'ed25519-sha256' : 'rsa-sha256',
    signature_length: edwards
      ? ED25519_LENGTH
      : base64Length((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8),
    sign: (data) => signBytes(key, Buffer.from(data, 'latin1')).toString('base64'),
    public_key: publicHalf(publicKey),
  };
  const sample = Buffer.from(dkimKey.sign('sample'), 'base64');
  if (!verifyBytes(publicKey, Buffer.from('sample'), sample))
    throw invalid('the DKIM key cannot sign: its signature of a sample does not verify');
  return dkimKey;
}

/** The TXT record that publishes a key, and the name it stands under. */
export function recordOf({ selector, algorithm, public_key }: DkimKey, domain: string) {
  return {
    name: `${selector}._domainkey.${domain}`,
    text: `v=DKIM1; k=${algorithm.slice(0, algorithm.indexOf('-'))}; p=${public_key}`,
  };
}

function parseKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
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
const signBytes = (key: KeyObject, data: Buffer): Buffer =>
  key.asymmetricKeyType === 'ed25519' ? sign(null, sha256(data), key) : sign('sha256', data, key);

const verifyBytes = (key: KeyObject, data: Buffer, signature: Buffer): boolean =>
  key.asymmetricKeyType === 'ed25519'
    ? verify(null, sha256(data), key, signature)
    : verify('sha256', data, key, signature);

const sha256 = (data: Buffer): Buffer => hash('sha256', data, 'buffer');

/** The bare 32 bytes of an Ed25519 key (RFC 8463 §4.2), which end its DER; the whole DER of an RSA key. */
function publicHalf(key: KeyObject): string {
  const der = key.export({ type: 'spki', format: 'der' });
  return (key.asymmetricKeyType === 'ed25519' ? der.subarray(-32) : der).toString('base64');
}

const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4;
const ED25519_LENGTH = base64Length(64);
