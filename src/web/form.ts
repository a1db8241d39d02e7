import type { Page } from './site.ts';

/** The fields of a form as they were sent, in either encoding; of a field sent twice the last, and no files. */
export async function readForm(c: Page): Promise<Record<string, string>> {
  const fields = Object.entries(await c.req.parseBody());
  return Object.fromEntries(
    fields.filter((field): field is [string, string] => typeof field[1] === 'string'),
  );
}
