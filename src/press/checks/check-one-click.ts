import type { Signer } from '../../deliveries/mail/dkim.ts';
import { sampleMail } from '../../deliveries/mail/sample-mail.ts';
import type { Plate } from '../../messages/plate.ts';
import type { Publication } from '../../publications/publication.ts';
import type { Links } from '../../subscribers/link.ts';
import { type Finding, SAMPLE } from './finding.ts';

/** Posts a form to an address of ours, and tells the status of the answer. */
export type Post = (url: string, form: string) => Promise<number>;
/** What P02 is looked at with: our links, the keys that mails are signed with, and a way to ask our own pages. */
export type OneClick = { links: Links; signer: Signer | undefined; post: Post };

const ONE_CLICK = 'List-Unsubscribe=One-Click';
const FIELDS = ['list-unsubscribe', 'list-unsubscribe-post'];
const block = (says: string): Finding => ({ check: 'P02', level: 'block', says });

/**
 * P02: the mail can be left with one click (RFC 8058 §3.1): its header fields say so, are signed where we sign, and our own page
 * takes such a request, asked with the link of nobody. Throws where the page does not answer.
 */
export async function checkOneClick(
  plate: Plate,
  publication: Publication,
  { links, signer, post }: OneClick,
  at: Temporal.Instant,
): Promise<Finding[]> {
  const header = headerOf(sampleMail(plate, publication, { at, blanks: SAMPLE, signer }));
  const found = [...fieldFindings(header), ...signedFindings(header, signer !== undefined)];
  const url = links.url({ purpose: 'leave', subject: 0, publication: publication.id });
  const status = await post(url, ONE_CLICK);
  return status === 200
    ? found
    : [...found, block(`our page to leave answers ${status} to one click; 200 expected`)];
}

/** The fields of a header, unfolded: names in lower case, each with its values. */
function headerOf(raw: Buffer): Map<string, string[]> {
  const text = raw.subarray(0, raw.indexOf('\r\n\r\n')).toString('latin1');
  const lines = text.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const fields = lines.map(
    (line) =>
      [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const,
  );
  const grouped = Map.groupBy(fields, ([name]) => name);
  return new Map([...grouped].map(([name, list]) => [name, list.map(([, value]) => value)]));
}

function fieldFindings(header: Map<string, string[]>): Finding[] {
  const leave = header.get('list-unsubscribe') ?? [];
  const addresses = [...(leave[0] ?? '').matchAll(/<([^>]*)>/g)].map(([, address]) => address as string);
  const web = addresses.filter((address) => /^https:/i.test(address));
  const mail = addresses.filter((address) => /^mailto:/i.test(address));
  const isWhole =
    leave.length === 1 &&
    web.length === 1 &&
    mail.length <= 1 &&
    web.length + mail.length === addresses.length;
  return [
    ...(isWhole
      ? []
      : [
          block(
            `List-Unsubscribe is “${leave.join('; ')}”; one https address expected, and at most one mailto`,
          ),
        ]),
    ...(header.get('list-unsubscribe-post')?.join() === ONE_CLICK
      ? []
      : [block(`List-Unsubscribe-Post: ${ONE_CLICK} is missing`)]),
  ];
}

function signedFindings(header: Map<string, string[]>, isSigned: boolean): Finding[] {
  if (!isSigned) return [];
  const signatures = header.get('dkim-signature') ?? [];
  const covers = (signature: string) => {
    const names =
      /\bh=([^;]*)/
        .exec(signature)?.[1]
        ?.toLowerCase()
        .split(':')
        .map((name) => name.trim()) ?? [];
    return FIELDS.every((name) => names.includes(name));
  };
  return signatures.length > 0 && signatures.every(covers)
    ? []
    : [block('a signature of the mail does not cover List-Unsubscribe and List-Unsubscribe-Post')];
}
