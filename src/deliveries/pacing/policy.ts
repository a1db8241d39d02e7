import type { Verdict } from '../lanes/verdict.ts';

/**
 * The details of 5.7.x that speak of us whoever says them: our identity, our signature, our address on the net, our
 * name with the receiver. All others (5.7.1 above all) may be one server's own mood. Sources: RFC 3463 §3.8, RFC 4954
 * §6, RFC 7372 §3, RFC 7505 §4.2, the IANA registry of enhanced status codes; and where providers use a number in
 * their own way, Google's "SMTP errors and codes" and Microsoft's "Non-delivery reports in Exchange Online".
 */
const ABOUT_US: [from: number, to: number, meaning: string][] = [
  [7, 7, 'the message was changed on its way (RFC 3463)'],
  [8, 9, 'our sign-in is refused (RFC 4954)'],
  [10, 14, 'encryption, or another way of signing in, is required (RFC 4954, RFC 5248)'],
  [20, 22, 'no DKIM signature that passes or fits the author (RFC 7372)'],
  [23, 24, 'SPF does not pass (RFC 7372)'],
  [25, 25, 'our address has no valid reverse name (RFC 7372; Google)'],
  [26, 26, 'authentication does not pass (RFC 7372; Google)'],
  [27, 27, 'the sender’s domain takes no mail (RFC 7505), or SPF does not pass (Google)'],
  [28, 28, 'too much unwanted mail comes from us (IANA; Google)'],
  [29, 29, 'ARC does not pass (RFC 8617), or the connection was not encrypted (Google)'],
  [30, 30, 'DKIM does not pass (Google)'],
  [32, 32, 'the author’s domain fits neither SPF nor DKIM (Google)'],
  [40, 40, 'there is no DMARC policy (Google)'],
  [57, 57, 'our sign-in is required (Microsoft)'],
  [60, 60, 'we may not send as this sender (Microsoft)'],
  [501, 503, 'we are banned for spam (Microsoft)'],
  [506, 506, 'our name in EHLO is not right (Microsoft)'],
  [508, 509, 'our address sends too much (508), or DMARC does not pass (509, Microsoft)'],
  [511, 512, 'we are banned (511), or the message is malformed (512, Microsoft)'],
  [515, 515, 'the sending domain is not authenticated as required (Microsoft)'],
  [606, 649, 'our address is banned (Microsoft)'],
  [705, 705, 'our organisation sends too much (Microsoft)'],
  [708, 708, 'our address is not accepted (Microsoft)'],
  [750, 750, 'our domain is not registered (Microsoft)'],
];

/** Those with which a relay refuses our sign-in: another relay may take the message. */
const SIGN_IN = new Set([8, 9, 11, 12, 13, 57]);

const DETAIL = /^5\d\d[ -]5\.7\.(\d{1,3})\b/;
/** "Authentication required" (RFC 4954 §6), mostly with 5.7.0. */
const SIGN_IN_FIRST = /^530\b/;

/** What a refusal says of us, in words; undefined where it may be the one server's own affair, or is no refusal. */
export function saysOfUs(verdict: Verdict): string | undefined {
  const detail = detailOf(verdict);
  if (detail === undefined) return undefined;
  return ABOUT_US.find(([from, to]) => detail >= from && detail <= to)?.[2];
}

/** Whether a relay refused our sign-in: nothing was sent. */
export function isSignInRefused(verdict: Verdict): boolean {
  const detail = detailOf(verdict);
  return detail !== undefined && SIGN_IN.has(detail);
}

const detailOf = (verdict: Verdict): number | undefined => {
  if (verdict.kind === 'refused' && SIGN_IN_FIRST.test(verdict.reply)) return 57;
  const [, detail] = (verdict.kind === 'refused' && DETAIL.exec(verdict.reply)) || [];
  return detail === undefined ? undefined : Number(detail);
};
