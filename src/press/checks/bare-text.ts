const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** `text` without white space, controls and formatting characters: what is left of it whatever lines it is broken into. */
export function bareText(text: string): string {
  return text.replace(/(?:[\s\p{Cc}\p{Cf}]|\u034F)+/gu, '');
}

/** Markup with its references resolved, tags and all: to look for words and addresses in it. */
export function plainHtml(html: string): string {
  const withoutTags = html
    .replace(/<(?:style|title)\b[\s\S]*?<\/(?:style|title)>/gi, ' ')
    .replace(/<[^>]*>/g, ' ');
  const addresses = [...html.matchAll(/\b(?:href|src)=(?:"([^"]*)"|'([^']*)')/gi)].map(([, a, b]) => a ?? b);
  return [withoutTags, ...addresses].join('\n').replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, reference);
}

function reference(whole: string, name: string): string {
  if (!name.startsWith('#')) return NAMED[name.toLowerCase()] ?? whole;
  const hex = /^#x/i.test(name);
  return String.fromCodePoint(Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10));
}
