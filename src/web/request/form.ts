import { invalid, PresstimeError } from '../../errors.ts';
import type { Page } from '../site.ts';
import { sentence } from '../words.ts';

/** The fields of a form as they were sent, in either encoding; of a field sent twice the last, and no files. Throws `invalid`. */
export async function readForm(c: Page): Promise<Record<string, string>> {
  const fields = Object.entries(await c.req.parseBody().catch(unreadable));
  return Object.fromEntries(
    fields.filter((field): field is [string, string] => typeof field[1] === 'string'),
  );
}

/** Every value of a field that may be sent several times, as ticked boxes are. Throws `invalid`. */
export async function readValues(c: Page, field: string): Promise<string[]> {
  const { [field]: sent = [] } = await c.req.parseBody({ all: true }).catch(unreadable);
  return [sent].flat().filter((value): value is string => typeof value === 'string');
}

/** What is wrong with a field, as a sentence; null where `read` takes it. */
export function complaint(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (!(error instanceof PresstimeError) || error.kind !== 'invalid') throw error;
    return `${sentence(error.message)}.`;
  }
}

/** What could not be done, as a sentence to be said on the page; null where it was. What is not found or not theirs has a page of its own. */
export async function troubleOf(act: () => Promise<unknown>): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (!(error instanceof PresstimeError) || error.kind === 'not_found' || error.kind === 'forbidden')
      throw error;
    return `${sentence(error.message)}.`;
  }
}

function unreadable(cause: unknown): never {
  throw invalid('the form could not be read; expected an ordinary web form', cause);
}
