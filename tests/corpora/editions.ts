import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { articleOf, draftOf } from '../../src/articles/intake/draft.ts';
import { sampleMail } from '../../src/deliveries/mail/sample-mail.ts';
import type { EditionModel, ModelItem } from '../../src/editions/model.ts';
import { cutToWords, preheaderFrom, subjectFrom } from '../../src/editions/wording.ts';
import { parseFeed } from '../../src/feeds/parse.ts';
import { fillPlate, makePlate, type Plate, type PlateVariant } from '../../src/messages/plate.ts';
import type { JudgeSpam } from '../../src/press/checks/spam.ts';
import type { Publication } from '../../src/publications/publication.ts';
import { seeded } from '../../src/rehearsal/seeded.ts';
import {
  arabicEdition,
  fullestEdition,
  modelImage,
  modelItem,
  sampleEdition,
} from '../support/edition-model.ts';
import type { Story } from '../support/generated-news.ts';
import { judgeMail } from '../support/judge-mail.ts';
import { htmlFaults } from '../support/valid-html.ts';

/** How many editions came out right, and what was wrong with the others. */
type Score = { right: number; of: number; failing: string[] };
type Scored = {
  bytes: Score;
  valid: Score;
  spam: Score;
  largest_bytes: number;
  highest_spam: number;
  /** Errors of the validator outside what is allowed, by its rule. */
  by_rule: Map<string, number>;
  seconds: number;
};

const YEAR = 365;
const MOST_BYTES = 80_000;
const MOST_SPAM = 0.5;
const ITEMS = 20;
const FULLEST = 'the fullest';
const VARIANTS: PlateVariant[] = ['plain', 'strip-top', 'strip-foot'];
const { model: SAMPLE, blanks: BLANKS } = sampleEdition();
/** A reader whose name and address are as long as we take them. */
const LONGEST = {
  ...BLANKS,
  first_name: 'Wilhelmina “Łucja” Featherstonehaugh-Cholmondeley O’Shaughnessy & Söhne',
  address: `${'w'.repeat(64)}@${'featherstonehaugh.'.repeat(10)}example`,
};
const SECTIONS = ['Congress', 'White House', 'Campaigns', 'Policy', 'People'];

/**
 * A year of editions: one for each day of the news, the fullest there can be, one in Arabic, and reshuffles of
 * the news by a seed, each with twenty stories. Of each is told whether its mail stays under 80,000 bytes for the reader with the
 * longest names, is valid and whole in every variant, and where SpamAssassin is installed, what it thinks of it.
 */
export async function scoreEditions(
  stories: Story[],
  spam: JudgeSpam | undefined,
  count = YEAR,
): Promise<Scored> {
  const began = performance.now();
  const empty = (): Score => ({ right: 0, of: 0, failing: [] });
  const by_rule = new Map<string, number>();
  const scored = {
    bytes: empty(),
    valid: empty(),
    spam: empty(),
    largest_bytes: 0,
    highest_spam: -100,
    by_rule,
  };
  for (const [name, model] of editionsOf(stories, count)) {
    const plates: Plate[] = [];
    for (const variant of VARIANTS) plates.push(await makePlate(model, variant));
    const largest = plates.reduce((a, b) => (b.html_bytes > a.html_bytes ? b : a));
    scored.largest_bytes = Math.max(scored.largest_bytes, largest.html_bytes);
    note(scored.bytes, name, largest.html_bytes < MOST_BYTES ? undefined : `${largest.html_bytes} bytes`);
    note(scored.valid, name, await faultIn(plates, model, by_rule));
    if (!spam || name === FULLEST) continue; // its words are long, and no news
    const score = await patiently(() => spam(mailOf(largest, model)));
    scored.highest_spam = Math.max(scored.highest_spam, score);
    note(scored.spam, name, score <= MOST_SPAM ? undefined : `SpamAssassin gives it ${score}`);
  }
  return { ...scored, seconds: (performance.now() - began) / 1000 };
}

/** SpamAssassin starts anew for each mail, and on a busy machine it may not be done in the time it has. */
async function patiently(judge: () => Promise<number>, tries = 3): Promise<number> {
  return tries > 1 ? judge().catch(() => patiently(judge, tries - 1)) : judge();
}

function note(score: Score, name: string, fault: string | undefined): void {
  score.of++;
  if (fault === undefined) score.right++;
  else score.failing.push(`${name}: ${fault}`);
}

/** The first fault of the plates as the reader with the longest names gets them; those of the validator are counted by rule. */
async function faultIn(
  plates: Plate[],
  { publication: { name, postal_address: postal } }: EditionModel,
  by_rule: Map<string, number>,
): Promise<string | undefined> {
  let fault: string | undefined;
  for (const plate of plates) {
    const message = fillPlate(plate, LONGEST);
    try {
      const bytes = Buffer.byteLength(message.html);
      assert.ok(bytes <= plate.html_bytes, `${bytes} bytes, and ${plate.html_bytes} were told`);
      await judgeMail(message, { name, postal, why: LONGEST.why });
    } catch (error) {
      for (const { rule } of await htmlFaults(message.html)) by_rule.set(rule, (by_rule.get(rule) ?? 0) + 1);
      fault ??= `${plate.variant}: ${String((error as Error).message)
        .replace(/\s+/g, ' ')
        .slice(0, 300)}`;
    }
  }
  return fault;
}

function mailOf(plate: Plate, { publication }: EditionModel): Buffer {
  const sender = { from_name: publication.name, from_address: 'daily@dome.test', reply_to: null };
  const at = Temporal.Instant.from('2023-03-01T11:00:00Z');
  return sampleMail(plate, { ...publication, ...sender } as Publication, { at, blanks: BLANKS });
}

/** Each edition with its name. */
function* editionsOf(stories: Story[], count: number): Generator<[string, EditionModel]> {
  yield [FULLEST, fullestEdition()];
  yield ['in Arabic', arabicEdition()];
  let made = 2;
  for (const [day, list] of Map.groupBy(stories, ({ day }) => day)) {
    if (made++ >= count) return;
    yield [day, editionFrom(list.slice(0, ITEMS), day)];
  }
  const random = seeded(20230301);
  for (; made < count; made++) {
    const drawn = Array.from(
      { length: ITEMS },
      () => stories[Math.floor(random() * stories.length)] as Story,
    );
    yield [`reshuffle ${made}`, editionFrom([...new Set(drawn)], '2023-04-01')];
  }
}

function editionFrom(stories: Story[], date: string): EditionModel {
  const items = stories.map((story, place) => itemFrom(story, place));
  const [lead, ...others] = items;
  const below = others.slice(5, 17);
  return {
    ...SAMPLE,
    ...{ date, editors_line: null, comment: null, lead: lead ?? null, top: others.slice(0, 5) },
    subject: subjectFrom(lead?.headline ?? ''),
    preheader: preheaderFrom(others.slice(0, 3).map(({ headline }) => headline)),
    sections: SECTIONS.map((name, nth) => ({
      name,
      items: below.filter((_, at) => at % SECTIONS.length === nth),
    })),
    briefs: others.slice(17),
  };
}

/** DIGEST §1: the lead has most words, the top stories fewer, the others fewest; the news has no pictures, so they get ours. */
function itemFrom({ headline, summary, byline, url }: Story, place: number): ModelItem {
  const most = place === 0 ? 60 : place <= 5 ? 35 : 30;
  return modelItem({
    ...{ article_id: place + 1, headline, byline, url },
    summary: cutToWords(summary, { least: Math.floor(most / 3), most }),
    section: SECTIONS[place % SECTIONS.length] as string,
    image: place < 4 ? modelImage() : null,
  });
}

/** All items of the folder's feeds, by day, earliest first. */
export function readNews(newsFolder: string): Story[] {
  const stories = globSync('*/*.xml', { cwd: newsFolder })
    .sort()
    .flatMap((file) => {
      const feed = parseFeed(readFileSync(join(newsFolder, file)), { content_type: 'text/xml', url: '' });
      return feed.entries.flatMap((entry, position) => {
        const draft = draftOf(entry, position);
        if (typeof draft === 'string' || !entry.published_at) return [];
        const now = entry.published_at;
        const {
          headline,
          summary = '',
          byline = null,
          url,
        } = articleOf(draft, { publication_id: 1, feed_id: 1, now });
        return [
          {
            day: now.toString().slice(0, 10),
            headline,
            summary,
            byline,
            url: url.replace(/^http:/, 'https:'),
          },
        ];
      });
    });
  return stories.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}
