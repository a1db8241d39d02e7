import type { Checked, Finding } from './finding.ts';

/** E4: the reader's comment is still one that the newsroom has approved. */
export function checkComment({ model, facts }: Checked): Finding[] {
  if (!facts || !model.comment || facts.comment_approved) return [];
  const says = `the comment of ${model.comment.author_name} is not approved any more`;
  return [{ check: 'E4', level: 'hold', says, at: { field: 'comment' } }];
}
