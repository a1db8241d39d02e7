import { invalid } from '../../errors.ts';
import type { Page } from '../site.ts';

/** The fields of a form as they were sent, in either encoding; of a field sent twice the last, and no files. Throws `invalid`. */
export async function readForm(c: Page): Promise<Record<string, string>> {
  const fields = Object.entries(await c.req.parseBody().catch(unreadable));
  return Object.fromEntries(
    fields.filter((field): field is [string, string] => typeof field[1] === 'string'),
  );
}

function unreadable(cause: unknown): never {
  throw invalid('the form could not be read; expected an ordinary web form', cause);
}
