import { plainText } from './sanitize.ts';

const LONGEST = 500;
/** A paragraph shorter than this is a dateline, a byline or a label. */
const SHORTEST_PARAGRAPH = 40;
/** What publishing systems add to every summary. */
const BOILERPLATE = [
  /\s*The post .{1,300} (?:first appeared|appeared first) on .{1,100}$/,
  /\s*(?:\(?(?:Continue reading|Read more|Keep reading|Click here to read)\b.{0,150})$/i,
];

/** The summary of a story: what the feed or page says, else its first paragraph; at most 500 characters, whole sentences where they fit. */
export function summarise(summary: string, body_html: string): string {
  return shorten(withoutBoilerplate(summary) || firstParagraph(body_html));
}

function withoutBoilerplate(text: string): string {
  if (text.length > 2 * LONGEST) return text; // its end is cut off anyway
  return BOILERPLATE.reduce((left, pattern) => left.replace(pattern, ''), text).trim();
}

function firstParagraph(body_html: string): string {
  const paragraphs = body_html.split(/<\/?(?:p|div|h[2-4]|li|blockquote|figcaption|figure)\b[^>]*>/);
  const texts = paragraphs.map(plainText);
  return texts.find((text) => text.length >= SHORTEST_PARAGRAPH) ?? texts.find((text) => text !== '') ?? '';
}

function shorten(text: string): string {
  if (text.length <= LONGEST) return text;
  const head = text.slice(0, LONGEST);
  const sentences = /^.*[.!?。！？؟۔]["”’»)]*(?=\s|$)/su.exec(head)?.[0] ?? '';
  if (sentences.length >= LONGEST / 3) return sentences;
  return `${head.slice(0, Math.max(head.lastIndexOf(' '), LONGEST / 2)).replace(/[\ud800-\udbff]?\s*$/, '')}…`;
}
