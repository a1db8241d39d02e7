import { recordAudit } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import { lockInTransaction } from '../../db/lock.ts';
import { inTransaction } from '../../db/transaction.ts';
import { type Feed, insertFeed, listFeeds, markFeedPaused, updateFeed } from '../../feeds/feed.ts';
import { localDate } from '../../publications/calendar.ts';
import {
  insertPublication,
  listPublications,
  replaceDarkDates,
  requirePublication,
  updatePublication,
} from '../../publications/publication.ts';
import {
  clearDefaultSection,
  insertSection,
  listSectionRules,
  listSections,
  updateSection,
} from '../../publications/section.ts';
import { findActiveOffer, putTerms } from '../../trials/offer.ts';
import { listNewestPlans, putPlans } from '../../trials/paid/plan.ts';
import { type Changes, changesBetween, type Standing } from './changes.ts';
import { slugOf } from './fit.ts';
import type { Plan } from './plan.ts';

/** The publication that was set up, and what that changed. */
export type SetUp = { publication_id: number; slug: string } & Changes;

/**
 * Makes a publication what its plan says, adding it where there is none of that slug. What is there keeps its id and
 * all that hangs on it: sections are known by the slug of their name, feeds by address, then by name. What the plan
 * no longer names is never deleted: a feed is paused, a section is filled by nothing, a plan is not to be had any more.
 * Other terms are a new version of the offer, or of a plan. The same plan again changes nothing.
 */
export async function setUpPublication(
  db: Db,
  plan: Plan,
  { now }: { now: Temporal.Instant },
): Promise<SetUp> {
  return inTransaction(db, async (trx) => {
    const { slug } = plan.publication;
    await lockInTransaction(trx, `set up ${slug}`);
    const known = (await listPublications(trx)).find((publication) => publication.slug === slug);
    const before = known && (await standingOf(trx, known.id));
    const id = await putPublication(trx, known?.id, plan, { now });
    const feeds = await putFeeds(trx, id, plan, { now });
    await putSections(trx, id, plan, feeds);
    await putTerms(trx, id, plan.offer);
    await putPlans(trx, id, plan.plans.map(planTerms));
    const changes = changesBetween(before, await standingOf(trx, id));
    if (Object.values(changes).some((things) => things.length > 0)) await record(trx, id, { changes, now });
    return { publication_id: id, slug, ...changes };
  });
}

async function standingOf(db: Db, id: number): Promise<Standing> {
  return {
    publication: await requirePublication(db, id),
    sections: await listSections(db, id),
    rules: await listSectionRules(db, id),
    feeds: await listFeeds(db, id),
    offer: await findActiveOffer(db, id),
    plans: await listNewestPlans(db, id),
  };
}

async function putPublication(
  trx: Db,
  known: number | undefined,
  { publication: { dark_dates, ...values } }: Plan,
  { now }: { now: Temporal.Instant },
): Promise<number> {
  if (known !== undefined) await updatePublication(trx, known, values);
  const id = known ?? (await insertPublication(trx, { ...values, created_at: now }));
  await replaceDarkDates(trx, id, dark_dates, { from: localDate(values, now) });
  return id;
}

/** Returns the id of each feed that the plan names. */
async function putFeeds(
  trx: Db,
  publication_id: number,
  { feeds }: Plan,
  { now }: { now: Temporal.Instant },
): Promise<Map<string, number>> {
  const left = new Set(await listFeeds(trx, publication_id));
  const known = new Map<string, Feed>();
  for (const same of ['url', 'name'] as const) {
    for (const feed of feeds.filter(({ url }) => !known.has(url))) {
      const found = [...left].find((each) => each[same] === feed[same]);
      if (found) known.set(feed.url, found);
      if (found) left.delete(found);
    }
  }
  const ids = new Map<string, number>();
  for (const feed of feeds) {
    const found = known.get(feed.url);
    if (found) await updateFeed(trx, found, feed, { now });
    const id = found?.id ?? (await insertFeed(trx, { ...feed, publication_id, next_poll_at: now }));
    ids.set(feed.name, id);
  }
  for (const { id } of left) await markFeedPaused(trx, id, now);
  return ids;
}

async function putSections(
  trx: Db,
  publication_id: number,
  { sections }: Plan,
  feeds: Map<string, number>,
): Promise<void> {
  const left = new Map((await listSections(trx, publication_id)).map((section) => [section.slug, section]));
  await clearDefaultSection(trx, publication_id);
  for (const [position, section] of sections.entries()) {
    const { name, weight, cap } = section;
    const slug = slugOf(name);
    const values = { publication_id, slug, name, position, weight, cap, is_default: section.default };
    const rules = rulesOf(section, feeds);
    const known = left.get(slug);
    if (known) await updateSection(trx, known.id, values, rules);
    else await insertSection(trx, values, rules);
    left.delete(slug);
  }
  let position = sections.length;
  for (const { id, slug, name, weight, cap } of left.values())
    await updateSection(trx, id, { publication_id, slug, name, weight, cap, position: position++ }, []);
}

function rulesOf({ categories, feeds }: Plan['sections'][number], ids: Map<string, number>) {
  const idOf = (name: string): number => {
    const id = ids.get(name);
    if (id === undefined) throw new Error(`a section is filled by feed "${name}", which the plan has not`);
    return id;
  };
  return [
    ...categories.map((category) => ({ feed_id: null, category })),
    ...feeds.map((feed) =>
      typeof feed === 'string'
        ? { feed_id: idOf(feed), category: null }
        : { feed_id: idOf(feed.feed), category: feed.category },
    ),
  ];
}

const planTerms = ({ price: { cents, currency }, ...terms }: Plan['plans'][number]) => ({
  ...terms,
  price_cents: cents,
  currency,
});

async function record(
  trx: Db,
  id: number,
  { changes, now }: { changes: Changes; now: Temporal.Instant },
): Promise<void> {
  const act = { actor: 'system', verb: 'set up', subject: `publication ${id}`, detail: changes };
  await recordAudit(trx, act, { now });
}
