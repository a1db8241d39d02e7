import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LetterContent } from '../../src/messages/letters/letter.ts';
import { fillPlate, makePlate } from '../../src/messages/plate.ts';
import { sampleEdition } from '../support/edition-model.ts';
import { SAMPLE_LETTERS } from '../support/letters.ts';

// UPDATE_GOLDEN=1 writes what is rendered now, and fails, so that nothing passes by rewriting; read the diff.
const GOLDEN = join(import.meta.dirname, '../golden/email');
const REWRITE = process.env.UPDATE_GOLDEN === '1';

const EMAILS: Record<string, () => Promise<LetterContent>> = {
  edition: async () => {
    const { model, variant, blanks } = sampleEdition();
    return fillPlate(await makePlate(model, variant), blanks);
  },
  ...SAMPLE_LETTERS,
};

for (const [name, render] of Object.entries(EMAILS)) {
  test(`the ${name} e-mail of its sample is the golden one, in HTML and in text`, async () => {
    const { subject, html, text } = await render();
    // One tag a line, so that a change can be read.
    const files = {
      [`${name}.html`]: html.replaceAll('> <', '>\n<'),
      [`${name}.txt`]: `Subject: ${subject}\n\n${text}`,
    };
    if (REWRITE) rewrite(files);
    for (const [file, content] of Object.entries(files)) compare(file, content);
  });
}

function compare(file: string, content: string): void {
  const path = join(GOLDEN, file);
  assert.ok(existsSync(path), `${path} is missing; UPDATE_GOLDEN=1 writes it`);
  assert.equal(content, readFileSync(path, 'utf8'));
}

function rewrite(files: Record<string, string>): never {
  mkdirSync(GOLDEN, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(GOLDEN, file), content);
  assert.fail(
    `${Object.keys(files).join(' and ')} are written anew: read the diff, and test without UPDATE_GOLDEN`,
  );
}
