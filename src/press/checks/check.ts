import { type EditionModel, itemsOf } from '../../editions/model.ts';
import { fillPlate, type Plate } from '../../messages/plate.ts';
import { bareText, plainHtml } from './bare-text.ts';
import { checkAudience, checkCalendar } from './check-audience.ts';
import { checkComment } from './check-comment.ts';
import { checkContrast } from './check-contrast.ts';
import { checkLeftovers } from './check-leftovers.ts';
import { checkMarkup } from './check-markup.ts';
import { checkPictures } from './check-pictures.ts';
import { checkDrift, checkFreshness, checkShape, checkTold } from './check-stories.ts';
import { checkDirection, checkNotes, checkPreheader, checkSubject } from './check-words.ts';
import { couldNotCheck } from './could-not.ts';
import { type Checked, type Finding, SAMPLE } from './finding.ts';
import { itemSizes } from './item-sizes.ts';
import { linksOf } from './links-of.ts';

const BLOCK_BYTES = 102_000;
const HOLD_BYTES = 95_000;
const WARN_BYTES = 80_000;
const STYLE_BYTES = 16_384;
const LEAST_TEXT = 200;
/** RFC 5321 §4.5.3.1.6, without its end. */
const LONGEST_LINE = 998;

/** The fast checks of DESK §4, the gravest findings first. */
export const checkEdition = (checked: Checked): Finding[] =>
  byWeight(
    CHECKS.flatMap(([name, check]) => {
      try {
        return check(checked);
      } catch (error) {
        return [couldNotCheck(name, error)];
      }
    }),
  );

const WEIGHT = { block: 0, hold: 1, warn: 2 };

/** The gravest first, then by the numbers of the checks. */
export const byWeight = (findings: Finding[]): Finding[] =>
  findings.toSorted((a, b) => WEIGHT[a.level] - WEIGHT[b.level] || a.check.localeCompare(b.check));

/** By the numbers of DESK §4; those that ask outside are in `look-outside.ts`. */
const CHECKS: [string, (checked: Checked) => Finding[]][] = [
  ['P01', checkSize],
  ['P03', checkIdentity],
  ['P05', checkLinks],
  ['P06', checkLeftovers],
  ['P06', checkNotes],
  ['P07', checkPictures],
  ['P09', checkSubject],
  ['P10', checkPreheader],
  ['P11', checkShape],
  ['P12', checkFreshness],
  ['P13', checkTold],
  ['P14', checkDrift],
  ['P15', checkMarkup],
  ['P15', checkContrast],
  ['P16', checkDirection],
  ['P17', checkText],
  ['P18', checkAudience],
  ['P20', checkCalendar],
  ['E4', checkComment],
];

/** Whether nothing found keeps the edition from going. */
export const isGreen = (findings: Finding[]): boolean => findings.every(({ level }) => level === 'warn');

/** P01: Gmail cuts what is longer, and with it the footer. The stories that weigh most are named. */
function checkSize({ model, plates }: Checked): Finding[] {
  return plates.flatMap((plate): Finding[] => {
    const { variant, html_bytes } = plate;
    const shape = shapeFindings(plate);
    if (html_bytes < WARN_BYTES) return shape;
    const level = html_bytes >= BLOCK_BYTES ? 'block' : html_bytes >= HOLD_BYTES ? 'hold' : 'warn';
    const limit = { block: BLOCK_BYTES, hold: HOLD_BYTES, warn: WARN_BYTES }[level];
    const wish = level === 'warn' ? `under ${limit} is better` : `under ${limit} expected`;
    const says = `the HTML of ${variant} has ${html_bytes} bytes for the reader with the longest names; ${wish}`;
    return [...shape, { check: 'P01', level, says: `${says}; the heaviest: ${heaviest(model, plate)}` }];
  });
}

/** Gmail takes so much style, and shows the footer only if it begins before it cuts. */
function shapeFindings({ variant, html }: Plate): Finding[] {
  const text = html.filter((piece) => typeof piece === 'string').join('');
  const style = [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].reduce(
    (sum, [, rules = '']) => sum + Buffer.byteLength(rules),
    0,
  );
  const footer = html.findLastIndex((piece) => typeof piece !== 'string' && piece.slot === 'unsubscribe_url');
  const before = html
    .slice(0, footer)
    .reduce((sum, piece) => sum + (typeof piece === 'string' ? Buffer.byteLength(piece) : 0), 0);
  const found = (says: string): Finding[] => [{ check: 'P01', level: 'block', says }];
  return [
    ...(style > STYLE_BYTES
      ? found(`the style of ${variant} has ${style} bytes; at most ${STYLE_BYTES} expected`)
      : []),
    ...(before >= HOLD_BYTES
      ? found(`the way out of ${variant} stands after byte ${before}, where Gmail may cut`)
      : []),
  ];
}

/** The stories that take most of a mail, with their bytes. */
function heaviest(model: EditionModel, plate: Plate): string {
  const sizes = itemSizes(plate, model);
  return itemsOf(model)
    .map(({ article_id, headline }) => ({ headline, bytes: sizes.get(article_id) ?? 0 }))
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
    .map(({ headline, bytes }) => `${headline} (${bytes} bytes)`)
    .join(', ');
}

/** P03: who sends this, why, and how to make it stop, in both parts. */
function checkIdentity({ model, plates }: Checked): Finding[] {
  const { name, postal_address } = model.publication;
  const wanted = {
    'the name of the publication': name,
    'the postal address': postal_address,
    'why the reader gets this': SAMPLE.why,
    'the link to unsubscribe': SAMPLE.unsubscribe_url,
    'the link to manage the subscription': SAMPLE.manage_url,
  };
  return plates.flatMap((plate) => {
    const { html, text } = fillPlate(plate, SAMPLE);
    const parts = { HTML: bareText(plainHtml(html)), text: bareText(text) };
    return Object.entries(parts).flatMap(([part, bare]) =>
      Object.entries(wanted)
        .filter(([, words]) => words.trim() === '' || !bare.includes(bareText(words)))
        .map(
          ([what]): Finding => ({
            check: 'P03',
            level: 'block',
            says: `${what} is missing in the ${part} of ${plate.variant}`,
          }),
        ),
    );
  });
}

/** P05, as far as it goes without asking the servers: where the links lead, also those through a redirect of ours. */
function checkLinks({ model, targets = model, profile }: Checked): Finding[] {
  return linksOf(targets).flatMap(({ url, place }): Finding[] => {
    const scheme = URL.canParse(url) ? new URL(url).protocol : '';
    if (!/^https?:$/.test(scheme))
      return [{ check: 'P05', level: 'block', says: `${place}: ${url} is no address of the web` }];
    if (scheme === 'http:' && profile === 'production')
      return [{ check: 'P05', level: 'warn', says: `${place}: ${url} is not https` }];
    return [];
  });
}

/** P17: the text part is an edition of its own. */
function checkText({ model, plates }: Checked): Finding[] {
  return plates.flatMap((plate) => {
    const { text } = fillPlate(plate, SAMPLE);
    const bare = bareText(text);
    const block = (says: string): Finding => ({
      check: 'P17',
      level: 'block',
      says: `${says} (${plate.variant})`,
    });
    const short =
      text.trim().length < LEAST_TEXT ? [block(`the text part has under ${LEAST_TEXT} characters`)] : [];
    const long = text.split('\n').find((line) => Buffer.byteLength(line) > LONGEST_LINE);
    const missing = itemsOf(model).filter(
      ({ headline, url }) => !bare.includes(bareText(headline)) || !bare.includes(bareText(addressOf(url))),
    );
    return [
      ...short,
      ...(long === undefined
        ? []
        : [
            {
              check: 'P17',
              level: 'warn' as const,
              says: `a line of the text part (${plate.variant}) has over ${LONGEST_LINE} bytes: ${long.slice(0, 40)}…`,
            },
          ]),
      ...missing.map(({ headline }) => block(`the text part lacks ${headline}, or its address`)),
    ];
  });
}

const addressOf = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);
