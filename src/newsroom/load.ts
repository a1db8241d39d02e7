import { findByStoryKey, insertComments, markPriority, type NewComment } from '../articles/article.ts';
import { storyKey } from '../articles/canonical.ts';
import { collectFeed } from '../articles/intake/collect.ts';
import { earlier } from '../clock.ts';
import type { Db } from '../db/connect.ts';
import { lockInTransaction } from '../db/lock.ts';
import { unavailable } from '../errors.ts';
import { listFeeds } from '../feeds/feed.ts';
import type { Fetch } from '../feeds/fetch.ts';
import { cutoffAt, localDate } from '../publications/calendar.ts';
import { listPublications, type Publication, requirePublication } from '../publications/publication.ts';
import { DOME_DAILY, sampleNewsroom } from './dome-daily.ts';
import { newsroomFeed } from './feed.ts';
import { setUpPublication } from './publication/set-up.ts';
import { addReaders, type Loading } from './readers.ts';
import { hoursBefore, listStories, type Setting, type Story, storyUrl } from './story.ts';

/**
 * Loads the sample newsroom: the publication with its sections, offer and feed, readers in every standing, and the
 * stories, dated within the 22 hours before today's press, or before `now` where that is still to come, so that an
 * edition of today can be made at any hour. Once there, nothing is changed; what a start that was cut short left out
 * is made up for. Throws `unavailable` where the stories cannot be read.
 */
export async function loadNewsroom(
  db: Db,
  loading: Loading,
): Promise<{ publication: Publication; created: boolean }> {
  const { publication, created } = await db.transaction().execute(async (trx) => {
    await lockInTransaction(trx, 'load the sample newsroom');
    const found = await findNewsroom(trx);
    if (found) return { publication: found, created: false };
    return { publication: await createNewsroom(trx, loading), created: true };
  });
  await collectStories(db, publication, loading);
  return { publication, created };
}

/**
 * The sample newsroom's publication, if it has been loaded. It is entered as created at the press of its stories: the
 * `at` that feed and pages are dated by, so that they stay the same from one reading to the next.
 */
export async function findNewsroom(db: Db): Promise<Publication | undefined> {
  return (await listPublications(db)).find(({ slug }) => slug === DOME_DAILY.slug);
}

async function createNewsroom(trx: Db, { now, publicUrl, secretKeys }: Loading): Promise<Publication> {
  const plan = sampleNewsroom(publicUrl);
  const { publication_id } = await setUpPublication(trx, plan, { now: lastPress(now) });
  const publication = await requirePublication(trx, publication_id);
  await addReaders(trx, publication, { now, publicUrl, secretKeys });
  return publication;
}

/**
 * The cutoff of today's edition of the sample newsroom: the calendar's, or `now` before it. Also late in the day, since
 * the stories are dated by the morning's press and a window that ends at night would miss most of them.
 */
export function sampleCutoff(publication: Publication, now: Temporal.Instant): Temporal.Instant {
  const cutoff = cutoffAt(publication, localDate(publication, now));
  return earlier(cutoff, now);
}

function lastPress(now: Temporal.Instant): Temporal.Instant {
  const local = now.toZonedDateTimeISO(DOME_DAILY.zone);
  const press = local.withPlainTime(DOME_DAILY.press_time).toInstant();
  return earlier(press, now);
}

/** Reads the feed without a web server, then gives the stories what no feed carries: priority and readers' words. */
async function collectStories(db: Db, publication: Publication, { now, publicUrl }: Loading): Promise<void> {
  const setting = { publicUrl, at: publication.created_at };
  const [lead] = listStories();
  const known = lead && (await findByStoryKey(db, publication.id, storyKey(storyUrl(lead, publicUrl))));
  if (known?.priority) return;
  const [feed] = await listFeeds(db, publication.id);
  if (!feed) return;
  const { outcome, error } = await collectFeed(db, feed.id, { now, fetch: readAloud(setting) });
  if (outcome === 'failed') throw unavailable(`the sample newsroom's feed could not be read: ${error}`);
  await db.transaction().execute(async (trx) => {
    for (const story of listStories()) await addWords(trx, publication, story, setting);
  });
}

const readAloud =
  (setting: Setting): Fetch =>
  async (url) => ({
    status: 200,
    url,
    headers: { 'content-type': 'application/rss+xml; charset=utf-8' },
    body: new TextEncoder().encode(newsroomFeed(setting)),
  });

async function addWords(trx: Db, publication: Publication, story: Story, setting: Setting): Promise<void> {
  const key = storyKey(storyUrl(story, setting.publicUrl));
  const article = await findByStoryKey(trx, publication.id, key);
  if (!article) return;
  if (story.priority !== undefined) await markPriority(trx, article.id, story.priority);
  const comments = (story.comments ?? []).map(
    ({ author_name, text, hours_before_press, approved }): NewComment => {
      const commented_at = hoursBefore(hours_before_press, setting.at);
      return { author_name, body_text: text, commented_at, approved_at: approved ? setting.at : null };
    },
  );
  await insertComments(trx, article.id, comments);
}
