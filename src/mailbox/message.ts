import type { ParsedMail } from 'mailparser';
import { linkedom } from '../parsers.ts';

/** A message taken apart for its page. */
export type Message = {
  subject: string;
  from: string;
  to: string;
  /** As the sender wrote it, unsafe; null where there is no HTML part. */
  html: string | null;
  text: string | null;
  headers: { name: string; value: string }[];
  links: { text: string; url: string }[];
};

/** Takes raw bytes apart. */
export async function parseMessage(raw: Uint8Array): Promise<Message> {
  const mail = await parse(Buffer.from(raw));
  const html = mail.html || null;
  return {
    subject: mail.subject ?? '',
    from: mail.from?.text ?? '',
    to: [mail.to ?? []]
      .flat()
      .map(({ text }) => text)
      .join(', '),
    html,
    text: mail.text ?? null,
    headers: mail.headerLines.map(({ line }) => splitHeader(line)),
    links: html === null ? [] : linksOf(html),
  };
}

/** The subject of a message, from its headers alone. */
export async function subjectOf(raw: Uint8Array): Promise<string> {
  const bytes = Buffer.from(raw);
  const end = bytes.indexOf('\r\n\r\n');
  const { subject } = await parse(end < 0 ? bytes : bytes.subarray(0, end + 4));
  return subject ?? '';
}

/** Loaded when the first message is looked at, as no command but a running mailbox needs it. */
async function parse(raw: Buffer): Promise<ParsedMail> {
  const { simpleParser } = await import('mailparser');
  return simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true });
}

function splitHeader(line: string): { name: string; value: string } {
  const colon = line.indexOf(':');
  return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
}

/** Every http(s) link of an HTML part, in order, each address once. */
export function linksOf(html: string): Message['links'] {
  const { document } = linkedom().parseHTML(html);
  const found = new Map<string, string>();
  for (const anchor of document.querySelectorAll('a[href]')) {
    const url = anchor.getAttribute('href') as string;
    const text = (anchor.textContent ?? '').replace(/\s+/g, ' ').trim();
    const label = text || anchor.querySelector('img')?.getAttribute('alt') || url;
    if (/^https?:\/\//i.test(url) && !found.has(url)) found.set(url, label);
  }
  return [...found].map(([url, text]) => ({ url, text }));
}
