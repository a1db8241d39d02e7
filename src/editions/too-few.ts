import type { Publication } from '../publications/publication.ts';

/** Why an edition of so many stories is not worth sending, or undefined where it is; one without any never is. */
export function tooFewStories(
  stories: number,
  { min_items }: Pick<Publication, 'min_items'>,
): string | undefined {
  const least = Math.max(1, min_items);
  return stories < least ? `too few stories: ${stories} of at least ${least}` : undefined;
}
