import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { notFound } from '../errors.ts';

/** What the SMTP session said of a message, beside its bytes. */
export type Envelope = {
  /** The return path; empty where it was null. */
  from: string;
  to: string[];
  /** ISO instant. */
  received_at: string;
  size: number;
  smtputf8: boolean;
  /** The delivery status wishes of RFC 3461, where the sender gave any. */
  envid: string | null;
};

/** Keeps messages as they came, the newest `keep` of them. Ids count up from 1 and are never used again. */
export type Store = {
  put(raw: Uint8Array, envelope: Envelope): Promise<number>;
  /** All that is kept, newest first. */
  all(): [id: number, envelope: Envelope][];
  /** Throws `not_found`. */
  envelope(id: number): Envelope;
  /** The bytes as they came; throws `not_found`. */
  raw(id: number): Promise<Uint8Array>;
};

/** Where the bytes lie: a folder on disk or a map in memory. */
type Shelf = {
  write(id: number, raw: Uint8Array, envelope: Envelope): Promise<void>;
  read(id: number): Promise<Uint8Array>;
  drop(id: number): Promise<void>;
};

/** Messages as files of `folder`: `12.eml`, and `12.json` for its envelope. Finds those of an earlier start. */
export async function openFolder(folder: string, keep: number): Promise<Store> {
  await mkdir(folder, { recursive: true });
  const file = (id: number, kind: 'eml' | 'json') => join(folder, `${id}.${kind}`);
  const shelf: Shelf = {
    async write(id, raw, envelope) {
      await writeFile(file(id, 'eml'), raw);
      await writeFile(file(id, 'json'), JSON.stringify(envelope)); // last: a message is there when its envelope is
    },
    read: (id) => readFile(file(id, 'eml')),
    async drop(id) {
      await rm(file(id, 'json'), { force: true });
      await rm(file(id, 'eml'), { force: true });
    },
  };
  return createStore(shelf, keep, await readEnvelopes(folder));
}

/** Messages in memory, gone with the process: for tests and rehearsals. */
export function openMemory(keep: number): Store {
  const kept = new Map<number, Uint8Array>();
  const shelf: Shelf = {
    async write(id, raw) {
      kept.set(id, raw);
    },
    read: async (id) => kept.get(id) as Uint8Array,
    async drop(id) {
      kept.delete(id);
    },
  };
  return createStore(shelf, keep, new Map());
}

function createStore(shelf: Shelf, keep: number, index: Map<number, Envelope>): Store {
  let last = Math.max(0, ...index.keys());
  const envelope = (id: number): Envelope => {
    const found = index.get(id);
    if (!found) throw notFound(`no message ${id} in the mailbox`);
    return found;
  };
  return {
    async put(raw, said) {
      const id = ++last;
      await shelf.write(id, raw, said);
      index.set(id, said);
      for (const [oldest] of index) {
        if (index.size <= keep) break;
        index.delete(oldest);
        await shelf.drop(oldest);
      }
      return id;
    },
    all: () => [...index].sort(([a], [b]) => b - a),
    envelope,
    async raw(id) {
      envelope(id);
      return shelf.read(id);
    },
  };
}

/** The envelopes in a folder, oldest first. One that a crash left half-written is passed over. */
async function readEnvelopes(folder: string): Promise<Map<number, Envelope>> {
  const names = (await readdir(folder)).filter((name) => /^\d+\.json$/.test(name));
  const ids = names.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b);
  const index = new Map<number, Envelope>();
  for (const id of ids) {
    const text = await readFile(join(folder, `${id}.json`), 'utf8');
    const envelope = parseEnvelope(text);
    if (envelope) index.set(id, envelope);
  }
  return index;
}

function parseEnvelope(text: string): Envelope | undefined {
  try {
    return JSON.parse(text) as Envelope;
  } catch {
    return undefined;
  }
}
