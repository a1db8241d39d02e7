import type { EditionModel } from '../../editions/model.ts';
import { fillPlate } from '../../messages/plate.ts';
import { bareText, plainHtml } from './bare-text.ts';
import { checkLeftovers } from './check-leftovers.ts';
import { type Checked, type Finding, SAMPLE } from './finding.ts';

const BLOCK_BYTES = 102_000;
const HOLD_BYTES = 95_000;
const WARN_BYTES = 80_000;
const LEAST_TEXT = 200;

/** The fast checks of DESK §4, the gravest findings first. */
export function checkEdition(checked: Checked): Finding[] {
  const weight = { block: 0, hold: 1, warn: 2 };
  const checks = [checkSize, checkIdentity, checkLinks, checkLeftovers, checkSubject, checkShape, checkText];
  return checks
    .flatMap((check) => check(checked))
    .sort((a, b) => weight[a.level] - weight[b.level] || a.check.localeCompare(b.check));
}

/** Whether nothing found keeps the edition from going. */
export const isGreen = (findings: Finding[]): boolean => findings.every(({ level }) => level === 'warn');

/** P01: Gmail cuts what is longer, and with it the footer. */
function checkSize({ plates }: Checked): Finding[] {
  return plates.flatMap(({ variant, html_bytes }): Finding[] => {
    const says = `the HTML of ${variant} has ${html_bytes} bytes for the reader with the longest names`;
    if (html_bytes >= BLOCK_BYTES)
      return [{ check: 'P01', level: 'block', says: `${says}; under ${BLOCK_BYTES} expected` }];
    if (html_bytes >= HOLD_BYTES)
      return [{ check: 'P01', level: 'hold', says: `${says}; under ${HOLD_BYTES} expected` }];
    if (html_bytes >= WARN_BYTES)
      return [{ check: 'P01', level: 'warn', says: `${says}; under ${WARN_BYTES} is better` }];
    return [];
  });
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

/** P09: what an inbox shows first. */
function checkSubject({ model: { subject } }: Checked): Finding[] {
  const block = (says: string): Finding[] => [{ check: 'P09', level: 'block', says }];
  if (subject.trim() === '') return block('the subject is empty');
  if (/\p{Cc}/u.test(subject)) return block('the subject has control characters');
  if (/[\u202D\u202E]/.test(subject)) return block('the subject overrides the direction of its letters');
  if (/^\s*(re|fwd?)\s*:/i.test(subject)) return block(`the subject passes for an answer: ${subject}`);
  return [];
}

/** P11 and P13: there is a lead, and no story stands twice. */
function checkShape({ model }: Checked): Finding[] {
  const items = itemsOf(model);
  if (items.length === 0) return [{ check: 'P11', level: 'block', says: 'the edition has no stories' }];
  const noLead: Finding[] = model.lead
    ? []
    : [{ check: 'P11', level: 'block', says: 'the edition has no lead' }];
  const twice = items.filter(({ url }, place) => items.findIndex((other) => other.url === url) < place);
  return [
    ...noLead,
    ...twice.map(
      ({ headline }): Finding => ({ check: 'P13', level: 'block', says: `${headline} stands twice` }),
    ),
  ];
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
    const missing = itemsOf(model).filter(
      ({ headline, url }) => !bare.includes(bareText(headline)) || !bare.includes(bareText(addressOf(url))),
    );
    return [
      ...short,
      ...missing.map(({ headline }) => block(`the text part lacks ${headline}, or its address`)),
    ];
  });
}

const itemsOf = ({ lead, top, sections, briefs }: EditionModel) => [
  ...(lead ? [lead] : []),
  ...top,
  ...sections.flatMap(({ items }) => items),
  ...briefs,
];

function linksOf(model: EditionModel): { url: string; place: string }[] {
  const { site_url, privacy_url } = model.publication;
  return [
    { url: site_url, place: 'the site of the publication' },
    ...(privacy_url ? [{ url: privacy_url, place: 'the privacy page' }] : []),
    ...(model.comment ? [{ url: model.comment.url, place: 'the comment' }] : []),
    ...itemsOf(model).flatMap(({ url, image, related, prior_url, headline }) =>
      [url, image?.url, related?.url, prior_url].flatMap((one) =>
        one ? [{ url: one, place: headline }] : [],
      ),
    ),
  ];
}

const addressOf = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);
