import type { Difference, Piece } from '../../editions/desk/diff.ts';
import type { StoryChange } from '../../editions/desk/story-changes.ts';

/** Words side by side, for a page: what went is struck out, what came stands out. */
const toPieces = (pieces: Piece[]) =>
  pieces.map(({ text, is }) => ({ text, gone: is === 'gone', new: is === 'new' }));

/** What is otherwise, for a page. */
export const toDifferences = (differences: Difference[]) =>
  differences.map(({ pieces, ...difference }) => ({ ...difference, pieces: toPieces(pieces) }));

/** How a story changed, for a page; null where it did not. */
export const toStoryChange = (change: StoryChange | undefined) =>
  change && (change.headline ?? change.summary)
    ? {
        headline: change.headline && toPieces(change.headline),
        summary: change.summary && toPieces(change.summary),
      }
    : null;
