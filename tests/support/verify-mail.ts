import type { KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';

type Verified = { results: { status: { result: string }; signingDomain: string }[] };
type Resolver = (name: string, type: string) => Promise<string[][]>;
const { dkimVerify } = createRequire(import.meta.url)('mailauth/lib/dkim/verify') as {
  dkimVerify(raw: Buffer, options: { resolver: Resolver }): Promise<Verified>;
};

/** What each DKIM signature of a message is worth to mailauth, which shares no code with our signer. `records`: name to TXT. */
export async function verifyMail(
  raw: Buffer,
  records: Record<string, string>,
): Promise<{ result: string; domain: string }[]> {
  const resolver: Resolver = async (name, type) => {
    const record = type === 'TXT' ? records[name] : undefined;
    if (record) return [[record]];
    throw Object.assign(new Error(`no ${type} of ${name}`), { code: 'ENOTFOUND' });
  };
  const { results } = await dkimVerify(raw, { resolver });
  return results.map(({ status, signingDomain }) => ({ result: status.result, domain: signingDomain }));
}

/** The TXT record that publishes a key. */
export function publicRecord(key: KeyObject): string {
  if (key.asymmetricKeyType === 'ed25519') {
    const raw = key.export({ type: 'spki', format: 'der' }).subarray(-32);
    return `v=DKIM1; k=ed25519; p=${raw.toString('base64')}`;
  }
  return `v=DKIM1; k=rsa; p=${key.export({ type: 'spki', format: 'der' }).toString('base64')}`;
}
