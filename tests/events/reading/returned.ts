import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readReturned } from '../../../src/events/reading/read.ts';
import type { Returned } from '../../../src/events/reading/returned.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/returned');

/** The bytes of a mail of `tests/fixtures/returned`. */
export const returnedMail = (name: string): Buffer => readFileSync(join(FOLDER, `${name}.eml`));

/** One of those mails, read. */
export const readMail = (name: string): Promise<Returned> => readReturned(returnedMail(name));
