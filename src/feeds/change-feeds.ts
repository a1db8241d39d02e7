import { recordAudit } from '../audit/record.ts';
import type { Db } from '../db/connect.ts';
import { inTransaction } from '../db/transaction.ts';
import { conflict, invalid } from '../errors.ts';
import type { Changing } from '../publications/change-calendar.ts';
import type { Publication } from '../publications/publication.ts';
import { insertSectionRule, listSections } from '../publications/section.ts';
import { type Feed, insertFeed, listFeeds, markFeedPaused, markFeedResumed } from './feed.ts';
import type { Fetch } from './fetch.ts';
import { readFeed } from './poll.ts';

/** A feed to be read: its name among the staff, and the section that its articles go to; null: their categories decide. */
export type NewFeed = { name: string; url: string; section_id: number | null };

const LONGEST_NAME = 300;
const UNREAD = { etag: null, last_modified: null };

/**
 * Adds a feed that is read from now on, after it was read once: what cannot be read, or is no feed, is not added. Throws
 * `invalid` for that with what came instead, `conflict` for an address or a name that the publication has.
 */
export async function addFeed(
  db: Db,
  publication: Publication,
  feed: NewFeed,
  { now, actor, fetch }: Changing & { fetch: Fetch },
): Promise<{ id: number; entries: number }> {
  const [name, url] = [feed.name.trim(), webUrl(feed.url.trim())];
  if (name === '' || name.length > LONGEST_NAME)
    throw invalid(`a name of ${name.length} characters; expected 1 to ${LONGEST_NAME}`);
  await requireNew(db, publication, { name, url });
  const section = await sectionIn(db, publication, feed.section_id);
  const { error, entries } = await readFeed({ url, ...UNREAD }, fetch);
  if (error !== undefined) throw invalid(`no feed was added: ${error}`);
  return inTransaction(db, async (trx) => {
    const id = await insertFeed(trx, { publication_id: publication.id, name, url, next_poll_at: now });
    if (section) await insertSectionRule(trx, section.id, { feed_id: id, category: null });
    const detail = { feed: id, name, url, section: section?.name ?? null, entries: entries.length };
    await audit(trx, publication, { actor, verb: 'add a feed', detail }, now);
    return { id, entries: entries.length };
  });
}

/** Reads a feed no more until it is resumed. */
export async function pauseFeed(db: Db, feed: Feed, { now, actor }: Changing): Promise<void> {
  await inTransaction(db, async (trx) => {
    await markFeedPaused(trx, feed.id, now);
    await audit(trx, { id: feed.publication_id }, { actor, verb: 'pause a feed', detail: named(feed) }, now);
  });
}

/** Reads a paused feed again. */
export async function resumeFeed(db: Db, feed: Feed, { now, actor }: Changing): Promise<void> {
  await inTransaction(db, async (trx) => {
    await markFeedResumed(trx, feed.id, now);
    await audit(
      trx,
      { id: feed.publication_id },
      { actor, verb: 'read a feed again', detail: named(feed) },
      now,
    );
  });
}

function webUrl(text: string): string {
  if (/^https?:\/\//i.test(text) && !/\s/.test(text) && URL.canParse(text)) return text;
  throw invalid(`"${text}" is no address of a feed; expected such as https://example.org/feed.xml`);
}

async function requireNew(db: Db, publication: Publication, { name, url }: { name: string; url: string }) {
  for (const known of await listFeeds(db, publication.id)) {
    if (known.url === url) throw conflict(`${url} is read already, as ${known.name}`);
    if (known.name === name) throw conflict(`${publication.name} has a feed ${name}; expected another name`);
  }
}

async function sectionIn(db: Db, publication: Publication, id: number | null) {
  if (id === null) return undefined;
  const found = (await listSections(db, publication.id)).find((section) => section.id === id);
  if (found) return found;
  throw invalid(`${publication.name} has no section ${id}`);
}

const named = ({ id, name }: Feed) => ({ feed: id, name });

const audit = (
  trx: Db,
  { id }: { id: number },
  act: { actor: string; verb: string; detail: Record<string, unknown> },
  now: Temporal.Instant,
) => recordAudit(trx, { ...act, subject: `publication ${id}` }, { now });
