import { styleText } from 'node:util';
import type { Program } from '../program.ts';
import { path, routes } from '../routes.ts';
import type { FirstEdition } from './first-edition.ts';

/** What a newcomer reads once everything runs: where to look, and what became of today's edition. */
export function welcome(
  { public_url, links }: Program,
  { publication, edition }: FirstEdition,
  desk_url: string,
): string {
  const bold = (text: string) => styleText('bold', text);
  const preview = links.url({ purpose: 'preview', subject: edition.id, publication: publication.id });
  return `
${bold(`Presstime: ${publication.name}`)}
${describe(edition)}

  mailbox   ${public_url}${routes.mailbox}
  sign up   ${public_url}${path(routes.publication, { slug: publication.slug })}
  preview   ${preview}
  desk      ${desk_url}
            (signs you in as its editor, once and within a quarter of an hour)

Nothing leaves this machine: all mail goes to the mailbox above. Ctrl-C stops everything.
`;
}

function describe(edition: FirstEdition['edition']): string {
  const of = `The edition of ${edition.edition_on}`;
  if (edition.state === 'skipped')
    return `${of} was skipped: ${edition.reason}. The sample newsroom wrote for one day; "presstime import <page>" adds a story.`;
  if (edition.state === 'held') return `${of} is held: ${edition.reason}.`;
  return `${of} is in the mailbox: "${edition.subject}"`;
}
