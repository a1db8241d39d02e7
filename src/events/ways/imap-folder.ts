import { messageOf, unavailable } from '../../errors.ts';
import { LARGEST_BYTES } from './listen.ts';

/** A folder of mail: what is in it, and a way to put aside what has been taken. */
export type MailFolder = {
  /** The next mails, at most `limit`, the oldest first; of a very large one its beginning. */
  next(limit: number): Promise<{ uid: number; raw: Buffer }[]>;
  putAside(uids: number[]): Promise<void>;
  close(): Promise<void>;
};

/** Where mails are moved once they are stored. */
const ASIDE = 'Presstime';
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;
const SILENCE_MS = 60_000;

/**
 * Opens the folder of `imap_url`: imaps://user:password@host/folder (INBOX unless named), or imap:// which must offer
 * STARTTLS but on loopback. Mails put aside are moved to the folder `Presstime` beside it. Throws `unavailable`.
 */
export async function openImapFolder(imap_url: string): Promise<MailFolder> {
  const url = new URL(imap_url);
  const secure = url.protocol === 'imaps:';
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 993 : 143),
    secure,
    doSTARTTLS: secure ? undefined : !LOOPBACK.test(url.hostname),
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    logger: false,
    socketTimeout: SILENCE_MS,
    greetingTimeout: SILENCE_MS,
    connectionTimeout: SILENCE_MS,
  });
  client.on('error', () => {}); // the step under way fails with it
  const folder = decodeURIComponent(url.pathname.slice(1)) || 'INBOX';
  try {
    await client.connect();
    await client.mailboxOpen(folder);
  } catch (error) {
    client.close();
    throw unavailable(`cannot open the folder ${folder} at ${url.host}: ${messageOf(error)}`, error);
  }
  return {
    async next(limit) {
      const uids = (await client.search({ deleted: false }, { uid: true })) || [];
      const mails: { uid: number; raw: Buffer }[] = [];
      for (const uid of uids.toSorted((a, b) => a - b).slice(0, limit)) {
        const mail = await client.fetchOne(uid, { source: { maxLength: LARGEST_BYTES } }, { uid: true });
        const raw = mail ? mail.source : undefined;
        if (raw) mails.push({ uid, raw });
      }
      return mails;
    },
    async putAside(uids) {
      if (uids.length === 0) return;
      // not every server says in a code that it exists; where it does not, the move fails
      const notMade = await client.mailboxCreate(ASIDE).then(
        () => undefined,
        (error) => error,
      );
      if (!(await client.messageMove(uids, ASIDE, { uid: true })))
        throw unavailable(`${url.host} moved none of ${uids.length} mails to ${ASIDE}`, notMade);
    },
    async close() {
      await client.logout();
    },
  };
}
