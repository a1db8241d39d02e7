import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caniemail, rawData } from 'caniemail';
import { fillPlate, makePlate } from '../../src/messages/plate.ts';
import { SAMPLE } from '../../src/press/checks/finding.ts';
import { arabicEdition, fullestEdition, sampleEdition } from '../support/edition-model.ts';

// E1 of the checks: what stands in the mail comes from our templates alone, so it is judged once for each version of them.

const KNOWN_BY = 0.9;
/** What fewer mail programs know, and what a reader has without it. */
const DONE_WITHOUT: Record<string, string> = {
  '<body> element': 'its ground is set again on the first div',
  '<style> element': 'what everybody needs stands in attributes; the rules are for the dark and for phones',
  '@media': 'the same',
  'Attribute selector': 'the dark of Outlook alone',
  'Chaining selectors': 'the dark alone',
  'Child combinator': 'the dark alone',
  'Class selector': 'the dark and phones alone',
  'Descendant combinator': 'the dark and phones alone',
  'ID selector': "MJML's own, for old Outlook",
  'Type selector': "MJML's own resets",
  'color-scheme CSS property': 'the program then makes its own dark, or none',
  'color-scheme meta tag': 'the same',
  'aria-label attribute': 'the title says the same',
  'role attribute': 'a table is then read out as one; its order is right',
  'overflow-wrap': 'a very long word may widen the page',
  'word-break': "MJML's own; the same",
  'height property': "MJML's own height:auto of pictures, beside their width",
  opacity: 'the preheader is hidden by display:none as well',
  outline: "MJML's own reset of pictures",
  'target attribute': "MJML's own; a mail program opens links elsewhere by itself",
};

/** Programs of which all features in use were tried; of others it has no answer, and throws. */
function programs(html: string): Map<string, string[]> {
  const names = new Set(
    rawData.data.flatMap(({ stats }) =>
      Object.entries(stats).flatMap(([family, platforms]) =>
        Object.keys(platforms).map((platform) => `${family}.${platform}`),
      ),
    ),
  );
  const unknown = new Map<string, string[]>();
  for (const name of names) {
    try {
      const { issues } = caniemail({ clients: [name as 'gmail.ios'], html });
      unknown.set(
        name,
        [...issues.errors.values()].flat().map(({ title }) => title),
      );
    } catch (error) {
      assert.match(String(error), /^RangeError: Feature .* not found on/);
    }
  }
  return unknown;
}

test('what fewer than nine of ten mail programs know is used only where the mail does without it', async () => {
  const used = new Set<string>();
  for (const model of [sampleEdition().model, fullestEdition(), arabicEdition()]) {
    const { html } = fillPlate(await makePlate(model, 'strip-top'), SAMPLE);
    const unknown = programs(html);
    assert.ok(unknown.size >= 25, `only ${unknown.size} programs are known`);
    for (const title of new Set([...unknown.values()].flat())) {
      const by = [...unknown.values()].filter((titles) => !titles.includes(title)).length;
      if (by / unknown.size < KNOWN_BY) used.add(title);
    }
  }
  assert.deepEqual([...used].sort(), Object.keys(DONE_WITHOUT).sort());
});
