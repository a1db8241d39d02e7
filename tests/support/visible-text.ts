import { parseHTML } from 'linkedom';

const INLINE = new Set(['A', 'B', 'I', 'EM', 'STRONG', 'SPAN', 'TIME']);

/** What a reader sees of an HTML part or of a fragment of a page: no styles, nothing hidden, a space where a block begins or ends. */
export function visibleText(html: string): string {
  const whole = html.includes('<body') ? html : `<!doctype html><html><body>${html}</body></html>`;
  return textOf(parseHTML(whole).document.body);
}

function textOf(node: Node): string {
  if (node.nodeType === 3) return node.textContent ?? '';
  if (node.nodeType !== 1) return '';
  const element = node as Element;
  if (element.tagName === 'STYLE' || /display:\s*none/.test(element.getAttribute('style') ?? '')) return '';
  const text = [...element.childNodes].map(textOf).join('');
  return INLINE.has(element.tagName) ? text : ` ${text} `;
}
