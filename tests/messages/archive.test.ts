import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { parseHTML } from 'linkedom';
import { archivePage } from '../../src/messages/archive.ts';
import { arabicEdition, fullestEdition, modelItem, sampleEdition } from '../support/edition-model.ts';

const { model } = sampleEdition();
const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: { 'no-trailing-whitespace': 'off' },
});

test('the archive page is one well-made article with a heading each for edition, sections and stories', async () => {
  for (const edition of [
    model,
    fullestEdition(),
    arabicEdition(),
    { ...model, lead: null, top: [], comment: null },
  ]) {
    const html = archivePage(edition);
    const { results } = await validator.validateString(html);
    assert.deepEqual(
      results.flatMap(({ messages }) => messages.map(({ message }) => message)),
      [],
    );
    const { document } = parseHTML(`<main>${html}</main>`);
    assert.equal(document.querySelectorAll('h1').length, 1);
    assert.equal(document.querySelectorAll('main > article.edition').length, 1);
    for (const { className } of document.querySelectorAll('[class]'))
      assert.ok(className.split(' ').every((name: string) => /^edition(-|$)/.test(name)));
  }
});

test('the archive page knows no reader: no strip, no address, nothing to unsubscribe from', () => {
  assert.doesNotMatch(archivePage(model), /Subscribe|Unsubscribe|SLOT|readers\.test/i);
});

test('what an article says is printed as typed and runs nothing', () => {
  const html = archivePage({ ...model, lead: modelItem({ headline: '<script>{{x}}</script>' }) });
  assert.ok(html.includes('&lt;script&gt;{{x}}&lt;/script&gt;'));
  assert.throws(() => archivePage({ ...model, lead: modelItem({ url: 'javascript:x' }) }), {
    kind: 'invalid',
  });
});
