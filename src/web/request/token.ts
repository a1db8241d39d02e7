import { notFound } from '../../errors.ts';
import type { LinkPurpose, LinkTarget } from '../../subscribers/link.ts';
import type { Page } from '../site.ts';

/**
 * What the link in hand was made for. Throws `not_found`, the same whatever is wrong: forged, cut short, made for
 * something else, or with a parameter given twice.
 */
export function linkTarget(c: Page, purpose: LinkPurpose): LinkTarget {
  const target = hasRepeated(c) ? undefined : c.var.site.links.read(purpose, c.req.param('token') ?? '');
  if (!target) throw notFound(`no link to ${purpose} that we made`);
  return target;
}

/** Whether a parameter is given twice, as nobody's mail program does. */
export function hasRepeated(c: Page): boolean {
  return Object.values(c.req.queries()).some((values) => values.length > 1);
}
