import { collectFeed } from '../articles/intake/collect.ts';
import { composeEdition } from '../editions/compose.ts';
import type { Edition } from '../editions/edition.ts';
import { listFeeds } from '../feeds/feed.ts';
import { loadNewsroom, sampleCutoff } from '../newsroom/load.ts';
import { pressEdition } from '../press/press.ts';
import type { Program } from '../program.ts';
import { localDate } from '../publications/calendar.ts';
import type { Publication } from '../publications/publication.ts';
import { createInline } from '../work/inline.ts';
import type { Service } from './service.ts';

/** The sample newsroom and its edition of today, as it stands after `makeFirstEdition`. */
export type FirstEdition = { publication: Publication; edition: Edition };

/**
 * Loads the sample newsroom on the first start, and sees to it that today's edition has gone: reads the feeds, composes
 * and presses now, whatever the hour, unless that is done already. Everything runs through the jobs of the workers.
 */
export async function makeFirstEdition({ program, jobs }: Service): Promise<FirstEdition> {
  const { db, clock, config } = program;
  const inline = createInline(jobs);
  const here: Program = { ...program, enqueue: inline.enqueue };
  const now = clock.now();
  const { publication } = await loadNewsroom(db, {
    now,
    publicUrl: config.PUBLIC_URL,
    secretKeys: config.SECRET_KEY,
  });
  for (const feed of await listFeeds(db, publication.id))
    await collectFeed(db, feed.id, { now, fetch: program.fetch });
  const composed = await composeEdition(db, publication, localDate(publication, now), {
    now,
    cutoff: sampleCutoff(publication, now),
  });
  const edition =
    composed.state === 'draft' ? await pressEdition(db, composed.id, { ...here, now }) : composed;
  for (const name of ['send-batch', 'send-letters', 'send-urgent', 'close-runs'])
    await inline.enqueue(db, name);
  await inline.drain(here);
  return { publication, edition };
}
