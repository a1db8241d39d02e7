import { decodeHTML } from 'entities';
import type { Header } from './header.ts';
import type { Message } from './mime.ts';
import { readProse } from './prose.ts';

/** Bounds on the words looked at: characters of all of them, and parts. */
const MOST = 60_000;
const MOST_PARTS = 5;

/** What a mail tells a person, up to the mail that came back, whose header is given where it follows as text. */
export function toldIn(mail: Message): { text: string; original: Header } {
  const plain = mail.parts.filter(({ type }) => type === 'text/plain').map(({ text }) => text);
  const pages = mail.parts.filter(({ type }) => type === 'text/html').map(({ text }) => withoutTags(text));
  const chosen = plain.some((text) => text.trim() !== '') ? plain : pages;
  const read = chosen.slice(0, MOST_PARTS).map((text) => readProse(text.slice(0, MOST)));
  const text = read.map(({ told }) => told).join('\n');
  return {
    text: text.slice(0, MOST),
    original: read.map(({ original }) => original).find((header) => header.length > 0) ?? [],
  };
}

const withoutTags = (html: string): string =>
  decodeHTML(
    html
      .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h\d)\b[^<>]{0,500}>/gi, '\n')
      .replace(/<(style|script)\b[^<>]{0,500}>[^<]{0,20000}<\/\1>/gi, ' ')
      .replace(/<[^<>]{0,2000}>/g, ' '),
  );
