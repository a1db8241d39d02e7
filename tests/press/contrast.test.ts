import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlate, type Plate } from '../../src/messages/plate.ts';
import { checkContrast } from '../../src/press/checks/check-contrast.ts';
import { colourIn, contrastOf } from '../../src/press/checks/seeing/colour.ts';
import { shownText } from '../../src/press/checks/seeing/shown-text.ts';
import { arabicEdition, sampleEdition } from '../support/edition-model.ts';

const { model } = sampleEdition();
const plate = await makePlate(model, 'strip-top');
const said = (change: (html: string) => string, of: Plate = plate) => {
  const html = of.html.map((segment) => (typeof segment === 'string' ? change(segment) : segment));
  return checkContrast({ model, plates: [{ ...of, html }], profile: 'production' }).map(
    ({ check, level, says }) => `${check} ${level} ${says}`,
  );
};
const ratio = (one: string, other: string) => Number(contrastOf(colourIn(one)!, colourIn(other)!).toFixed(2));
const colours = (html: string) => {
  const { light, dark } = shownText(html);
  return [light, dark].map((shown) =>
    shown.map(({ words, colour, ground }) => [words, colour, ground].join(' ')),
  );
};

test('contrast is that of WCAG', () => {
  assert.equal(ratio('#000', 'white'), 21);
  assert.equal(ratio('#777777', '#ffffff'), 4.48);
  assert.equal(ratio('#767676', '#ffffff'), 4.54);
  assert.equal(ratio('#ff0000', '#FFF'), 4);
  assert.equal(colourIn('rgb(1 2 3)'), undefined);
});

test('our own mail is read in the light and in the dark, in either direction', async () => {
  assert.deepEqual(
    said((html) => html),
    [],
  );
  assert.deepEqual(
    said((html) => html, await makePlate(arabicEdition(), 'strip-top')),
    [],
  );
});

test('words that are too faint hold, once for each pair of colours, and are cited', () => {
  const found = said((html) => html.replaceAll('color:#595959', 'color:#8a8a8a'));
  assert.ok(found.length > 0);
  for (const one of found)
    assert.match(
      one,
      /^P15 hold “.+” stands in #8a8a8a on #[0-9a-f]{6}, a contrast of \d\.\d; 4\.5 expected$/,
    );
  assert.equal(new Set(found.map((one) => /in (#.*?),/.exec(one)?.[1])).size, found.length);
});

test('the dark is looked at for itself', () => {
  const found = said((html) => html.replace('color: #8fbfff !important', 'color: #33415c !important'));
  assert.match(
    String(found),
    /^P15 hold “[^”]+” stands in the dark in #33415c on #18191c, a contrast of 1\.\d; 4\.5 expected/,
  );
});

test('large words need less, small ones are better larger', () => {
  const of = (style: string) =>
    said(() => `<html><body><p style="${style}">Harbor</p></body></html>`).join('\n');
  assert.match(of('color:#777777;font-size:16px'), /4\.5 expected/);
  assert.doesNotMatch(of('color:#777777;font-size:24px'), /expected/);
  assert.doesNotMatch(of('color:#777777;font:bold 19px/1.2 Georgia,serif'), /expected/);
  assert.match(of('color:#999999;font-size:24px'), /3 expected/);
  assert.match(
    of('color:#000000;font-size:13px'),
    /^P15 warn “Harbor” stands in 13 px; 14 or more is better/,
  );
});

test('words stand on the nearest ground, and rules, attributes and importance are weighed as a browser does', () => {
  const html = `<html><head><style>
    p { color: #111 } .soft p { color: #222 !important } /* p { color: #999 } */
    @media (prefers-color-scheme: dark) { .page { background: #000 !important } .page p { color: #eee !important } }
    @media (max-width: 480px) { p { color: #333 !important } }
    [data-ogsc] p { color: #444 !important }
    </style></head><body style="background:#fff"><div class="page" style="background-color:#fafafa">
    <p>one</p><p style="color:#666">two</p><div class="soft"><p style="color:#666">three</p></div>
    <div style="display:none">never</div></div></body></html>`;
  const grey = (part: number) => [part, part, part].join();
  const [paper, black] = [grey(0xfa), grey(0)];
  assert.deepEqual(colours(html), [
    [`one ${grey(0x11)} ${paper}`, `two ${grey(0x66)} ${paper}`, `three ${grey(0x22)} ${paper}`],
    [`one ${grey(0xee)} ${black}`, `two ${grey(0xee)} ${black}`, `three ${grey(0xee)} ${black}`],
  ]);
});
