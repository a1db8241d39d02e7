import type { Clock } from '../clock.ts';
import { listen } from './listen.ts';
import { type Message, parseMessage, subjectOf } from './message.ts';
import { type Envelope, openFolder, openMemory } from './store.ts';

export type MailboxEntry = Envelope & { id: number; subject: string };
type MailboxPage = { entries: MailboxEntry[]; page: number; pages: number; total: number };
export type MailboxMessage = Message & { id: number; envelope: Envelope };

/** The mailbox inside the program: real mail over real SMTP that never leaves this machine. */
export type Mailbox = {
  /** Where it listens, for `SMTP_URL`. */
  url: string;
  port: number;
  /** Messages newest first, by the page; `to` keeps those whose receivers' addresses contain it. */
  list(wanted?: { page?: number; per_page?: number; to?: string }): Promise<MailboxPage>;
  /** One message taken apart; throws `not_found`. */
  read(id: number): Promise<MailboxMessage>;
  /** The bytes exactly as they came; throws `not_found`. */
  raw(id: number): Promise<Uint8Array>;
  close(): Promise<void>;
};

const KEPT = 5000;
const PER_PAGE = 50;

/**
 * Opens a mailbox whose messages are files of `folder`, or kept in memory where none is given, and listens on
 * loopback. `port` 0 takes a free one. Beyond `keep` messages the oldest go.
 */
export async function openMailbox({
  folder,
  clock,
  keep = KEPT,
  port = 0,
}: {
  folder?: string;
  clock: Clock;
  keep?: number;
  port?: number;
}): Promise<Mailbox> {
  const store = folder === undefined ? openMemory(keep) : await openFolder(folder, keep);
  const listener = await listen(store, { port, clock });

  const entry = async ([id, envelope]: [number, Envelope]): Promise<MailboxEntry> => ({
    id,
    ...envelope,
    subject: await subjectOf(await store.raw(id)),
  });

  return {
    url: `smtp://127.0.0.1:${listener.port}`,
    port: listener.port,
    async list({ page = 1, per_page = PER_PAGE, to = '' } = {}) {
      const wanted = to.trim().toLowerCase();
      const all = store
        .all()
        .filter(([, envelope]) => envelope.to.some((address) => address.toLowerCase().includes(wanted)));
      const pages = Math.max(1, Math.ceil(all.length / per_page));
      const at = Math.min(Math.max(1, page), pages);
      const entries = await Promise.all(all.slice((at - 1) * per_page, at * per_page).map(entry));
      return { entries, page: at, pages, total: all.length };
    },
    async read(id) {
      return { id, envelope: store.envelope(id), ...(await parseMessage(await store.raw(id))) };
    },
    raw: (id) => store.raw(id),
    close: () => listener.close(),
  };
}
