/** A mail may hold anything, so it is shown as a document that can run nothing and reach nothing but its pictures. */
export const MAIL_POLICY =
  "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Sends every link to a tab of its own; where the frame may open none, no link leads anywhere. */
export const OPEN_BESIDE = '<base target="_blank">';

/** `html` with `tags` first in its head; before everything where it has none. */
export function withinHead(html: string, tags: string): string {
  const head = /<head(?=[\s>])[^>]*>/i.exec(html);
  if (!head) return tags + html;
  const at = head.index + head[0].length;
  return html.slice(0, at) + tags + html.slice(at);
}
