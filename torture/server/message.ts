import { createHash } from 'node:crypto';

/** What a message says of whom it is for, and what it can be recognised by. */
export type Told = {
  message_id: string;
  /** The name in To. */
  name: string;
  /** Every reader's address in it, wherever it stands. */
  addresses: string[];
  /** The numbers of the readers in its signed links. */
  readers: number[];
  body_hash: string;
};

/** All readers of the torture chamber live here, and nobody else does. */
const READERS_DOMAIN = 'reader.test';
const ADDRESS = new RegExp(`[\\w.+-]+@${READERS_DOMAIN.replace('.', '\\.')}`, 'g');
/** The token of a link to leave or to look after a subscription: its reader is the second part, in base 36. */
const TOKEN = /\b[sl][0-9a-f]{4}-([0-9a-z]{1,11})-[0-9a-z]{1,11}-[\w-]{22}(?![\w-])/g;

/** Reads a message as a stranger would: nothing here is shared with what made it. */
export function readMessage(raw: Buffer): Told {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.toString('latin1', 0, end).replace(/\r\n[ \t]+/g, ' ');
  const text = raw
    .toString('latin1')
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const header = (name: string): string =>
    new RegExp(`^${name}:[ ]*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
  return {
    message_id: header('Message-ID'),
    name: (/^(.*?)\s*<[^>]*>$/.exec(header('To'))?.[1] ?? '').replace(/^"|"$/g, ''),
    addresses: [...new Set(text.match(ADDRESS))],
    readers: [
      ...new Set([...text.matchAll(TOKEN)].map(([, reader]) => Number.parseInt(reader as string, 36))),
    ],
    body_hash: createHash('sha1').update(raw.subarray(end)).digest('hex').slice(0, 16),
  };
}
