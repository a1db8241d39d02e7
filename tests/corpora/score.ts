import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findSpamJudge } from '../../src/press/checks/spam.ts';
import { scoreAddresses } from './addresses.ts';
import { scoreBounces } from './bounces.ts';
import { readNews, scoreEditions } from './editions.ts';
import { scoreFeeds } from './feeds.ts';
import { scorePages } from './pages.ts';
import { scoreSameStory } from './same-story.ts';
import { scoreXss, showArticle } from './xss.ts';
import { showArchive, showInMailbox, showMail } from './xss-places.ts';

/** One row of the report: how many cases of a set came out right, and the names of the others. `promised`: all must. */
type Row = { set: string; right: number; of: number; failing: string[]; promised?: true };

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '../shared/corpora' },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    editions: { type: 'string', default: '365' },
  },
});
const folder = resolve(values.from);

if (existsSync(folder)) {
  const rows = await score();
  if (rows.some(({ promised, failing }) => promised && failing.length > 0)) process.exitCode = 1;
  process.stdout.write(
    values.json ? `${JSON.stringify(asObject(rows), null, 2)}\n` : `${rows.map(describe).join('\n')}\n`,
  );
} else {
  const skipped = `skipped: there is no folder ${values.from}; name one with --from`;
  process.stdout.write(values.json ? `${JSON.stringify({ skipped })}\n` : `${skipped}\n`);
}

/** Scores every set that the folder has, or the one asked for; a set that is not there is said to be so. */
async function score(): Promise<Row[]> {
  const at = (name: string) => join(folder, name);
  const rows: Row[] = [];
  const add = async (name: string, run: () => Promise<Row[]>): Promise<void> => {
    if (values.only && values.only !== name.replace(/\.json$/, '')) return;
    if (existsSync(at(name))) rows.push(...(await run()));
    else rows.push({ set: `${name}: not in this folder`, right: 0, of: 0, failing: [] });
  };
  const news = [at('../news'), at('news'), resolve('../shared/news')].find((path) => existsSync(path));
  await add('bounces', async () => bounceRows(await scoreBounces(at('bounces'))));
  await add('feeds', async () => feedRows(await scoreFeeds(at('feeds'))));
  await add('pages', async () => [{ set: 'pages', ...(await scorePages(at('pages'))) }]);
  await add('addresses.json', async () => addressRows(await scoreAddresses(at('addresses.json'))));
  await add('same-story.json', async () => {
    if (news) return storyRows(await scoreSameStory(folder, news));
    return [{ set: 'same-story.json: no folder news beside this one', right: 0, of: 0, failing: [] }];
  });
  if (news && (!values.only || values.only === 'editions'))
    rows.push(
      ...editionRows(await scoreEditions(readNews(news), findSpamJudge({ PATH: process.env.PATH ?? '' }))),
    );
  await add('xss.json', async () => {
    const places = { article: showArticle, mail: showMail, archive: showArchive, mailbox: showInMailbox };
    const found: Row[] = [];
    for (const [place, show] of Object.entries(places)) {
      found.push({ set: `xss: harmless in ${place}`, ...(await scoreXss(at('xss.json'), show)) });
    }
    return found;
  });
  return rows;
}

function bounceRows({ hard, suppressions, reason, others }: Awaited<ReturnType<typeof scoreBounces>>): Row[] {
  const wrong = { right: suppressions.failing.length, of: suppressions.of, failing: suppressions.failing };
  return [
    { set: 'bounces: hard flag', ...hard },
    { set: 'bounces: wrong suppressions', ...wrong },
    { set: 'bounces: reason', ...reason },
    { set: 'bounces: complaints and automatic answers', ...others },
  ];
}

function feedRows({ sets, crashes, slow }: Awaited<ReturnType<typeof scoreFeeds>>): Row[] {
  const named = Object.entries(sets).map(([set, counts]) => ({ set: `feeds/${set}`, ...counts }));
  const broken = (set: string, failing: string[]) => ({
    set: `feeds: ${set}`,
    right: 0,
    of: failing.length,
    failing,
  });
  return [...named, broken('crashes', crashes), broken('over a second', slow)];
}

function addressRows({ refused, accepted, failing }: Awaited<ReturnType<typeof scoreAddresses>>): Row[] {
  return [
    { set: 'addresses refused', ...refused, failing },
    { set: 'addresses accepted', ...accepted, failing },
  ];
}

function storyRows({ same, others, failing }: Awaited<ReturnType<typeof scoreSameStory>>): Row[] {
  return [
    { set: 'same story collapsed', ...same, failing },
    { set: 'other stories kept apart', right: others.of - others.wrong, of: others.of, failing: [] },
  ];
}

function editionRows({
  bytes,
  valid,
  spam,
  largest_bytes,
  highest_spam,
  by_rule,
  seconds,
}: Awaited<ReturnType<typeof scoreEditions>>): Row[] {
  const rules = [...by_rule].map(([rule, errors]) => `${rule}: ${errors}`);
  const promised = true as const;
  return [
    {
      set: `editions: under 80,000 bytes (largest ${largest_bytes}, in ${Math.round(seconds)} s)`,
      ...{ ...bytes, promised },
    },
    { set: 'editions: valid and whole in every variant', ...valid, promised },
    { set: 'editions: rules of HTML that are broken', right: 0, of: rules.length, failing: rules },
    spam.of === 0
      ? { set: 'editions: SpamAssassin is not installed: not scored', ...spam }
      : { set: `editions: SpamAssassin at most 0.5 (highest ${highest_spam})`, ...spam, promised },
  ];
}

function asObject(rows: Row[]) {
  return Object.fromEntries(rows.map(({ set, promised: _, ...row }) => [set, row]));
}

function describe({ set, right, of, failing }: Row): string {
  const share = of ? ` ${((100 * right) / of).toFixed(1)} %` : '';
  const names = failing
    .slice(0, 12)
    .map((name) => `\n    ${name}`)
    .join('');
  const more = failing.length > 12 ? `\n    and ${failing.length - 12} more` : '';
  return `${set.padEnd(28)}${String(right).padStart(5)} of ${of}${share}${names}${more}`;
}
