import { hash } from 'node:crypto';
import { canonicalBody, relaxedField, splitMessage } from './canonical.ts';
import { type DkimKey, readKey, readKeyFile } from './dkim-key.ts';

/** Signs messages for one domain, with every key. */
export type Signer = {
  domain: string;
  keys: readonly DkimKey[];
  /** The message with its signatures in front. */
  sign(raw: Buffer): Buffer;
  /** What signs messages whose header has the fields `names` (in lower case), in this order. */
  prepare(names: string[]): Seal;
};

/** Signs messages of one form. */
export type Seal = {
  /** Of the signature fields: the same for every message. */
  bytes: number;
  /**
   * The signature fields, one byte to a character, of a message with the header `fields` in relaxed form and the body
   * that has this SHA-256, in base64, in relaxed form.
   */
  sign(fields: string[], bodyHash: string): string;
};

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

/** As `createSigner`, from the configured key files; undefined where signing is not configured. */
export function readSigner(config: {
  DKIM_DOMAIN?: string | undefined;
  DKIM_SELECTOR?: string[] | undefined;
  DKIM_KEY_FILE?: string[] | undefined;
}): Signer | undefined {
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selectors, DKIM_KEY_FILE: files } = config;
  if (!domain || !selectors || !files) return undefined;
  return signerWith(
    domain,
    files.map((file, place) => readKeyFile(selectors[place] as string, file)),
  );
}

/**
 * Signs with DKIM (RFC 6376, relaxed/relaxed; Ed25519 by RFC 8463), once with each key, under
 * `selector._domainkey.domain`. The keys, in PEM, are tried on a sample here: throws `invalid` for one that cannot be
 * read, cannot sign, or is too small (RFC 8301 §3.2). A signer either signs or throws; it never lets a message through
 * unsigned.
 */
export function createSigner({
  domain,
  keys,
}: {
  domain: string;
  keys: readonly { selector: string; key: string }[];
}): Signer {
  return signerWith(
    domain,
    keys.map(({ selector, key }) => readKey(selector, key)),
  );
}

/** Whether a signature of `signingDomain` speaks for mail from `fromDomain`: the same, or a parent of it (MAIL M11). */
export function isAligned(signingDomain: string, fromDomain: string): boolean {
  const [signing, from] = [signingDomain.toLowerCase(), fromDomain.toLowerCase()];
  return from === signing || from.endsWith(`.${signing}`);
}

function signerWith(domain: string, keys: readonly DkimKey[]): Signer {
  const prepare = (names: string[]): Seal => prepareSeal(names, { domain, keys });
  return {
    domain,
    keys,
    prepare,
    sign(raw) {
      const { fields, body } = splitMessage(raw);
      const seal = prepare(fields.map(({ name }) => name));
      const bodyHash = hash('sha256', canonicalBody(body), 'base64');
      const signatures = seal.sign(
        fields.map(({ line }) => relaxedField(line)),
        bodyHash,
      );
      return Buffer.concat([Buffer.from(signatures, 'latin1'), raw]);
    },
  };
}

/** Each name takes the next field of that name from the bottom up (RFC 6376 §5.4.2), then the signature's own field. */
function prepareSeal(names: string[], { domain, keys }: Pick<Signer, 'domain' | 'keys'>): Seal {
  const places = SEALED.map((name) =>
    names.flatMap((one, place) => (one === name ? [place] : [])).toReversed(),
  );
  const order = places.flat();
  const named = SEALED.flatMap((name, nth) => [name, ...(places[nth] as number[]).map(() => name)]);
  const parts = keys.map((key) => ({ key, ...signatureField(key, domain, named) }));
  const fieldBytes = ({ key, before, after }: (typeof parts)[number]): number =>
    before.length + BODY_HASH_LENGTH + after.length + fold('x'.repeat(key.signature_length)).length + 2;
  return {
    bytes: parts.reduce((sum, part) => sum + fieldBytes(part), 0),
    sign(fields, bodyHash) {
      const signed = order.map((place) => `${fields[place]}\r\n`).join('');
      return parts
        .map(({ key, before, after, relaxedBefore, relaxedAfter }) => {
          const signature = key.sign(signed + relaxedBefore + bodyHash + relaxedAfter);
          return `${before}${bodyHash}${after}${fold(signature)}\r\n`;
        })
        .join('');
    },
  };
}

/** The signature's own field without the hash of the body and the signature itself, as it stands and in relaxed form. */
function signatureField({ algorithm, selector }: DkimKey, domain: string, named: string[]) {
  const before = [
    `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed; d=${domain};`,
    ` s=${selector};`,
    ` h=${foldNames(named)};`,
    ' bh=',
  ].join('\r\n');
  const after = ';\r\n b=';
  return { before, after, relaxedBefore: relaxedField(before), relaxedAfter: '; b=' };
}

/** Of a SHA-256 in base64. */
const BODY_HASH_LENGTH = 44;

const foldNames = (names: string[]): string =>
  names.reduce((text, name) => {
    const line = text.slice(text.lastIndexOf('\n') + 1);
    return line.length + name.length + 5 > LINE ? `${text}:\r\n  ${name}` : `${text}:${name}`;
  });

const fold = (value: string): string => (value.match(/.{1,72}/g) ?? []).join('\r\n  ');
