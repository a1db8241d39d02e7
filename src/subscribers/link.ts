import { timingSafeEqual } from 'node:crypto';
import { hmacSha256 } from '../hmac.ts';
import { path, routes } from '../routes.ts';

/** What a link in a mail lets its holder do. The first letter is what stands in the token. */
export type LinkPurpose = 'confirm' | 'subscription' | 'leave' | 'more' | 'preview';
/** Whom a link is for: `subject` is a subscriber (confirm, more: a trial; preview: an edition). */
export type LinkTarget = { purpose: LinkPurpose; subject: number; publication: number };
/** Signs and reads links. */
export type Links = {
  token(target: LinkTarget): string;
  /** The target of a token of this purpose, or undefined where it is forged, cut short or made for something else. */
  read(purpose: LinkPurpose, token: string): LinkTarget | undefined;
  /** The full address of the page for a target. */
  url(target: LinkTarget): string;
};

const LETTERS: Record<LinkPurpose, string> = {
  confirm: 'c',
  subscription: 's',
  leave: 'l',
  more: 'm',
  preview: 'p',
};
const PAGES: Record<LinkPurpose, string> = {
  confirm: routes.confirm,
  subscription: routes.subscription,
  leave: routes.leave,
  more: routes.more,
  preview: routes.preview,
};
const SIGNATURE_BYTES = 16;
const TOKEN = /^([a-z])([0-9a-f]{4})-([0-9a-z]{1,11})-([0-9a-z]{1,11})-([\w-]{22})$/;

/**
 * Links signed with HMAC-SHA-256, cut to 128 bits, under the first of `keys`; all `keys` verify, so that a key can
 * be changed without breaking a link already mailed (the token names its key). They do not expire: RFC 8058 links
 * must work as long as the mail is kept. They stay short because some relays break long List-Unsubscribe lines.
 */
export function createLinks(keys: readonly string[], publicUrl: string): Links {
  const named = new Map(keys.map(hmacSha256).map((mac) => [keyName(mac), mac]));
  const [first] = named.keys();
  if (first === undefined) throw new Error('no key to sign links with');
  // each ends with its token
  const pages = Object.fromEntries(
    Object.entries(PAGES).map(([purpose, route]) => [purpose, publicUrl + path(route, { token: '' })]),
  ) as Record<LinkPurpose, string>;

  const sign = (keyId: string, letter: string, subject: string, publication: string): string => {
    const mac = (named.get(keyId) as Mac)(`presstime link ${letter} ${subject} ${publication}`);
    return Buffer.from(mac.slice(0, SIGNATURE_BYTES * 2), 'hex').toString('base64url');
  };

  const token = ({ purpose, subject, publication }: LinkTarget): string => {
    const [letter, for36, in36] = [LETTERS[purpose], subject.toString(36), publication.toString(36)];
    return `${letter}${first}-${for36}-${in36}-${sign(first, letter, for36, in36)}`;
  };

  const read = (purpose: LinkPurpose, text: string): LinkTarget | undefined => {
    const [, letter, keyId, subject, publication, signature] = TOKEN.exec(text) ?? [];
    if (!letter || !keyId || !subject || !publication || !signature) return undefined;
    if (letter !== LETTERS[purpose] || !named.has(keyId)) return undefined;
    const right = sign(keyId, letter, subject, publication);
    if (!timingSafeEqual(Buffer.from(right), Buffer.from(signature))) return undefined;
    return { purpose, subject: Number.parseInt(subject, 36), publication: Number.parseInt(publication, 36) };
  };

  const url = (target: LinkTarget): string => pages[target.purpose] + token(target);
  return { token, read, url };
}

type Mac = ReturnType<typeof hmacSha256>;

const keyName = (mac: Mac): string => mac('name').slice(0, 4);
