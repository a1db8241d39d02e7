import { invalid } from '../../errors.ts';

const TAG = /<(\/?)([a-z][\w:-]*)((?:[^<>"]|"[^"]*")*?)(\/?)>/gi;
const VOID = new Set(['br', 'hr', 'img', 'input', 'link', 'meta', 'wbr']);

/** Throws `invalid` where a tag of a template is left open or closes nothing: MJML would drop what follows it, in silence. */
export function requireWellFormed(markup: string, place: string): void {
  const open: string[] = [];
  for (const [, slash, name, , selfClosed] of markup.matchAll(TAG)) {
    if (selfClosed || VOID.has(name as string)) continue;
    if (!slash) open.push(name as string);
    else if (open.pop() !== name) throw invalid(`${place}: </${name}> closes no <${name}>`);
  }
  if (open.length > 0) throw invalid(`${place}: <${open.at(-1)}> is never closed`);
}
