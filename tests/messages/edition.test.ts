import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseHTML } from 'linkedom';
import type { EditionModel } from '../../src/editions/model.ts';
import { archivePage } from '../../src/messages/archive.ts';
import { fillPlate, makePlate, measure, type PlateVariant } from '../../src/messages/plate.ts';
import { displayWidth } from '../../src/messages/words/wrap.ts';
import {
  arabicEdition,
  fullestEdition,
  modelImage,
  modelItem,
  sampleEdition,
} from '../support/edition-model.ts';
import { judgeMail } from '../support/judge-mail.ts';
import { visibleText } from '../support/visible-text.ts';

const { model, blanks } = sampleEdition();
const identity = (edition: EditionModel) => ({
  name: edition.publication.name,
  postal: edition.publication.postal_address,
  why: blanks.why,
});
const make = async (edition: EditionModel, variant: PlateVariant = 'strip-top') =>
  fillPlate(await makePlate(edition, variant), blanks);
const headings = (html: string) =>
  [...parseHTML(html).document.querySelectorAll('h1, h2, h3')].map(
    (one) => `${one.tagName} ${one.textContent}`,
  );

const brought: EditionModel = {
  ...model,
  editors_name: 'Dora Finch',
  schedule: {
    label: 'Today on the Hill',
    zone: 'America/New_York',
    lines: ['10:00 AM Senate Rules Committee, Russell 301', '2:30 PM House votes on the farm bill'],
  },
  sponsor: { name: 'Harrow Bridge Works', text: 'Steel that lasts.', url: 'https://harrow.test/' },
  lead: { ...model.lead!, kicker: 'Exclusive', breaking: true },
};

describe('every edition is fit to be sent', () => {
  const bare = { ...model, lead: { ...model.lead!, image: null }, sections: [], briefs: [], comment: null };
  const editions: Record<string, EditionModel> = {
    'the sample': model,
    'the fullest': fullestEdition(),
    'one in Arabic': arabicEdition(),
    'a light one': { ...bare, layout: 'light', editors_line: null },
    'a best-of': { ...model, layout: 'best_of', since: 'Since Dec. 23' },
    'a lead alone': { ...bare, top: [] },
    'one with all that an editor brings': brought,
  };
  for (const [name, edition] of Object.entries(editions)) {
    for (const variant of ['plain', 'strip-top', 'strip-foot'] as const) {
      test(`${name}, ${variant}`, async () => judgeMail(await make(edition, variant), identity(edition)));
    }
  }
});

test('the fullest edition stays well under what Gmail shows, with its footer in sight', async () => {
  const plate = await makePlate(fullestEdition(), 'strip-top');
  assert.ok(plate.html_bytes < 65_000, `${plate.html_bytes} bytes`);
  assert.ok(measure(plate, blanks) <= plate.html_bytes, 'the reader at hand takes no more than the longest');
  const { html } = fillPlate(plate, blanks);
  const styles = [...html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(([, css]) => css as string);
  assert.ok(Buffer.byteLength(styles.join('')) < 16_000);
  assert.ok(
    styles.every((css) => !css.includes('/*')),
    'no comment before a rule',
  );
});

test('headings go from the name of the newsletter over the sections to the stories, none skipped', async () => {
  const { html } = await make(model);
  assert.deepEqual(headings(html), [
    'H1 Dome Daily',
    'H2 Spending vote slips to Thursday as farm aid talks stall',
    'H2 Top stories',
    'H3 Paige Okafor takes the Rules gavel and promises shorter nights',
    'H3 How a forgotten account paid for the Harrow bridge',
    'H3 White House delays the clean ports rule to spring',
    'H3 Envoy’s three words, “שלום 2026 ברור”, set off a long week',
    'H2 Congress',
    'H3 Water bill clears panel with two Republicans aboard',
    'H3 Freshmen ask for a later start to Mondays',
    'H2 Campaigns',
    'H3 Marlowe recount narrows to 212 ballots',
    'H3 Carrow hires the man who lost to her twice',
    'H2 People',
    'H3 The cartographer who draws the Capitol’s tunnels from memory',
    'H2 In brief',
    'H2 From our readers',
  ]);
});

test('every headline and address of the edition stands in both parts, in the same order', async () => {
  const { html, text } = await make(model);
  const items = [model.lead!, ...model.top, ...model.sections.flatMap(({ items }) => items), ...model.briefs];
  const flat = text.replace(/[\u2068\u2069]/g, '').replace(/\s+/g, ' ');
  const seen = visibleText(html);
  for (const part of [flat, seen]) {
    const places = items.map(({ headline }) => part.indexOf(headline));
    assert.ok(places.every((place) => place >= 0));
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
  }
  for (const { url } of items) {
    assert.ok(text.includes(`\n${url}\n`), `${url} on a line of its own`);
    assert.ok(html.includes(`href="${url}"`));
  }
});

test('no line of the text part is over 72 columns, but for an address', async () => {
  for (const edition of [model, fullestEdition(), arabicEdition()]) {
    const { text } = await make(edition);
    const wide = text.split('\n').filter((line) => displayWidth(line) > 72 && !/^https:\S+$/.test(line));
    assert.deepEqual(wide, []);
    assert.doesNotMatch(text, /\n{3}|[ \t]\n|\[\d+\]/);
  }
});

test('the strip stands at the top, above the footer or nowhere, as the variant says', async () => {
  const place = async (variant: PlateVariant) => {
    const { html, text } = await make(model, variant);
    const [seen, lead] = [visibleText(html), model.lead!.headline];
    return [seen, text].map((part) => {
      const at = part.indexOf(blanks.strip_text);
      return at < 0
        ? 'nowhere'
        : at < part.indexOf(lead)
          ? 'top'
          : at < part.indexOf(blanks.why)
            ? 'foot'
            : 'lost';
    });
  };
  assert.deepEqual(await place('plain'), ['nowhere', 'nowhere']);
  assert.deepEqual(await place('strip-top'), ['top', 'top']);
  assert.deepEqual(await place('strip-foot'), ['foot', 'foot']);
});

test('who pays is shown no strip and no link to subscribe', async () => {
  const { html, text } = await make(model, 'plain');
  for (const part of [html, text])
    assert.ok(!part.includes(blanks.subscribe_url) && !part.includes('Subscribe'));
});

test('the lead photo has its caption and credit, and a lead without one is laid out without one', async () => {
  const { html, text } = await make(model);
  for (const part of [visibleText(html), text.replace(/\s+/g, ' ')])
    assert.ok(part.includes('put off on Monday night. Photo by Iris Vane for Dome Daily'));
  const { html: bare } = await make({ ...model, lead: { ...model.lead!, image: null }, top: [] });
  assert.ok(!bare.includes('<img') && !bare.includes('Iris Vane'));
  const uncredited = modelItem({ image: modelImage({ caption: null, credit: 'Photo by Sam Pell' }) });
  assert.match(visibleText((await make({ ...model, lead: uncredited })).html), /Photo by Sam Pell/);
});

test('a picture that nobody described is announced by the headline it leads to', async () => {
  const lead = modelItem({ headline: 'Vote slips', image: modelImage({ alt: ' ' }) });
  const { html } = await make({ ...model, lead, top: [] });
  assert.equal(parseHTML(html).document.querySelector('img')?.getAttribute('alt'), 'Vote slips');
});

test('a follow-up is marked and links what was told before; a related story is named', async () => {
  const { html, text } = await make(model);
  assert.match(visibleText(html), /Update\s+Policy\s+How a forgotten account/);
  assert.ok(text.includes('Our earlier report:\nhttps://news.dome.test/dome-daily/editions/2026-11-19\n'));
  assert.ok(
    text.includes(
      'More: What the first draft would have asked of small harbors\nhttps://dome.test/2026/10/30',
    ),
  );
});

test('a brief that follows up or has a related story links both, in the mail, the text and the archive', async () => {
  const brief = modelItem({
    follow_up: true,
    prior_url: 'https://news.dome.test/dome-daily/editions/2026-11-18',
    related: { headline: 'Ferry talks adjourn', url: 'https://dome.test/2026/11/20/ferry-talks' },
  });
  const edition = { ...model, briefs: [brief] };
  const { html, text } = await make(edition);
  for (const page of [html, archivePage(edition)]) {
    const { document } = parseHTML(page);
    const links = [...document.querySelectorAll('a')].map((link) => [
      link.textContent,
      link.getAttribute('href'),
    ]);
    assert.ok(links.some(([said, url]) => said === 'Our earlier report' && url === brief.prior_url));
    assert.ok(links.some(([said, url]) => said === brief.related?.headline && url === brief.related?.url));
  }
  const [, briefs = ''] = text.split('IN BRIEF');
  assert.ok(
    briefs.includes(
      `${brief.url}\nOur earlier report:\n${brief.prior_url}\nMore: Ferry talks adjourn\n${brief.related?.url}\n`,
    ),
  );
});

test('the preheader is hidden, first, and padded so that no words of the body leak into the inbox', async () => {
  const { html } = await make(model);
  const body = parseHTML(html).document.body;
  const first = body.firstElementChild!;
  assert.match(first.getAttribute('style') ?? '', /display:none/);
  assert.doesNotMatch(
    first.getAttribute('style') ?? '',
    /#fff/,
    'words of the colour of the paper look like deceit',
  );
  assert.ok(first.textContent?.startsWith(model.preheader));
  assert.ok((first.textContent?.length ?? 0) >= 150);
});

test('an edition in a script from right to left runs so in every section, and English words in it keep their own way', async () => {
  const { html, text, subject } = await make(arabicEdition());
  const { document } = parseHTML(html);
  assert.equal(document.documentElement.getAttribute('dir'), 'rtl');
  assert.doesNotMatch(html, /direction:ltr/);
  assert.match(html, /text-align:right/);
  const lead = document.querySelector('h2')!;
  assert.equal(lead.querySelector('span'), null);
  assert.match(html, /<span dir="ltr" lang="en">Farm Aid 2026<\/span>/);
  assert.ok(text.includes('\u2068Farm Aid 2026\u2069'));
  assert.equal(subject, 'تأجيل التصويت إلى الخميس');
});

test('runs of another direction are wrapped inside their link, and in the subject and text by isolates', async () => {
  const { html, text, subject } = await make({ ...model, subject: 'Envoy: שלום 2026' });
  assert.match(
    html,
    /<a [^>]*>Envoy’s three words, “<span dir="rtl" lang="he">שלום 2026 ברור<\/span>”, set off/,
  );
  assert.match(html, /By <span dir="rtl" lang="ar">أحمد علي<\/span>/);
  assert.match(html, /<b><span dir="rtl" lang="ur">سارہ خان<\/span><\/b>/);
  assert.match(html, /<a [^>]*><span lang="ja">国会図書館、予算資料を公開<\/span><\/a>/);
  assert.ok(text.includes('By \u2068أحمد علي\u2069\n'));
  assert.equal(subject, 'Envoy: \u2068שלום 2026\u2069');
});

test('a link that is none of the web is refused by name, wherever it stands', async () => {
  const bad = 'javascript:alert(1)';
  const places: Partial<EditionModel>[] = [
    { lead: modelItem({ url: bad }) },
    { top: [modelItem({ image: modelImage({ url: bad }) })] },
    { briefs: [modelItem({ related: { headline: 'More', url: bad } })] },
    { briefs: [modelItem({ follow_up: true, prior_url: bad })] },
    { comment: { ...model.comment!, url: bad } },
    { publication: { ...model.publication, site_url: bad } },
    { publication: { ...model.publication, privacy_url: 'data:text/html,x' } },
  ];
  for (const place of places)
    await assert.rejects(makePlate({ ...model, ...place }, 'plain'), {
      kind: 'invalid',
      message: /expected http/,
    });
});

test('what an editor brings stands in both parts and on the page: a signed line, the schedule with its zone, a labelled sponsor', async () => {
  const { html, text } = await make(brought);
  const page = archivePage(brought);
  for (const [part, said] of Object.entries({ html: visibleText(html), text, page: visibleText(page) })) {
    for (const words of [
      '— Dora Finch',
      'All times Eastern Time',
      '10:00 AM Senate Rules Committee, Russell 301',
      'Sponsored by Harrow Bridge Works',
      'Steel that lasts.',
      'Breaking Exclusive',
    ])
      assert.ok(said.replace(/\s+/g, ' ').includes(words), `${words} in ${part}`);
  }
  assert.match(html, /rel="sponsored"/);
  assert.deepEqual(
    headings(html).filter((one) => /Hill/.test(one)),
    ['H2 Today on the Hill'],
  );
});
