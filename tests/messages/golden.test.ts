import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  confirmLetter,
  type LetterContent,
  trialEndedLetter,
  trialEndingLetter,
  welcomeLetter,
} from '../../src/messages/letters.ts';
import { fillPlate, makePlate } from '../../src/messages/plate.ts';
import { sampleEdition } from '../support/edition-model.ts';
import { sampleLetter } from '../support/letter-data.ts';

// UPDATE_GOLDEN=1 writes what is rendered now; read the diff before you commit it.
const GOLDEN = join(import.meta.dirname, '../golden/email');
const REWRITE = process.env.UPDATE_GOLDEN === '1';

const EMAILS: Record<string, () => Promise<LetterContent>> = {
  edition: async () => {
    const { model, variant, blanks } = sampleEdition();
    return fillPlate(await makePlate(model, variant), blanks);
  },
  confirm: () => confirmLetter(sampleLetter('confirm')),
  welcome: () => welcomeLetter(sampleLetter('welcome')),
  'trial-ending': () => trialEndingLetter(sampleLetter('trial-ending')),
  'trial-ended': () => trialEndedLetter(sampleLetter('trial-ended')),
};

for (const [name, render] of Object.entries(EMAILS)) {
  test(`the ${name} e-mail of its sample is the golden one, in HTML and in text`, async () => {
    const { subject, html, text } = await render();
    // One tag a line, so that a change can be read.
    compare(`${name}.html`, html.replaceAll('> <', '>\n<'));
    compare(`${name}.txt`, `Subject: ${subject}\n\n${text}`);
  });
}

function compare(file: string, content: string): void {
  const path = join(GOLDEN, file);
  if (REWRITE) {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(path, content);
  }
  assert.ok(existsSync(path), `${path} is missing; UPDATE_GOLDEN=1 writes it`);
  assert.equal(content, readFileSync(path, 'utf8'));
}
