import assert from 'node:assert/strict';
import { parseHTML } from 'linkedom';
import { graphemeCount } from '../../src/editions/wording.ts';
import { wordOverlap } from './overlap.ts';
import { htmlFaults } from './valid-html.ts';
import { visibleText } from './visible-text.ts';

/** Traces of an engine that did not fill in what it should have. */
const LEFTOVERS =
  /\{\{|\}\}|\{%|%\}|\*\||\|\*|\[\[|\]\]|\bundefined\b|\bnull\b|\bNaN\b|\[object|lorem ipsum|example\.com|localhost|SLOT[0-9a-f]{8}/i;

type Message = { subject: string; html: string; text: string };

/** Asserts on a message what MAIL M19 to M22 and the checks P03, P06, P10, P15 and P17 ask of any message of ours. */
export async function judgeMail(
  { subject, html, text }: Message,
  identity: { name: string; postal: string; why: string; to_newsroom?: boolean },
) {
  const faults = await htmlFaults(html);
  assert.deepEqual(
    faults.map(({ says }) => says),
    [],
  );

  const { document } = parseHTML(html);
  const root = document.documentElement;
  assert.match(root.getAttribute('lang') ?? '', /^[a-z]{2}/);
  assert.match(root.getAttribute('dir') ?? '', /^(ltr|rtl)$/);
  const title = document.querySelector('title')?.textContent ?? '';
  assert.ok(title !== '' && graphemeCount(title) <= 70, `a title of 70 characters at most: ${title}`);
  assert.equal(document.querySelectorAll('h1').length, 1, 'one h1');
  assert.ok(document.querySelector('[role=article]')?.getAttribute('aria-label'), 'a title for who listens');
  for (const table of document.querySelectorAll('table'))
    assert.equal(table.getAttribute('role'), 'presentation');
  for (const image of document.querySelectorAll('img'))
    assert.ok(image.getAttribute('alt')?.trim(), 'an alt text');
  for (const element of document.querySelectorAll('[href], [src]')) {
    const address = element.getAttribute('href') ?? element.getAttribute('src') ?? '';
    assert.match(address, /^https:\/\//, `every link is https, not ${address}`);
  }
  assert.doesNotMatch(html, /<(script|form|iframe)\b|<[^>]*\son\w+\s*=|javascript:|data:/i);

  for (const part of [subject, html, text]) assert.doesNotMatch(part, LEFTOVERS);
  for (const part of [visibleText(html).replace(/\s+/g, ' '), text.replace(/\s+/g, ' ')]) {
    const way_out = identity.to_newsroom ? [] : ['Unsubscribe'];
    for (const said of [identity.name, identity.postal, identity.why, ...way_out])
      assert.ok(part.includes(said), `both parts say ${said}`);
  }
  assert.ok(text.length >= 200, 'a text part of substance');
  assert.ok(text.split('\n').every((line) => Buffer.byteLength(line) < 998));
  const overlap = wordOverlap(text, html);
  assert.ok(overlap >= 0.8, `the parts share ${overlap} of their words`);
}
