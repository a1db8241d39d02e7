import type { Reason } from './returned.ts';

/**
 * Marks that large providers put into their answers and explain on their postmaster pages. A mark says more than the
 * sentence around it, which is often the same for all.
 */
const MARKS: [RegExp, Reason][] = [
  // Cox and Spectrum (Charter), which share a mail platform.
  [/AUP#(?:CX)?(?:CNCT|MJ|THRT)|AUP#(?:In|Out)-13\d\d|\bCXMJ\b|\bCXTHRT\b/i, 'rate_limited'],
  [/AUP#(?:CDRBL|CXBL|IPBL|BLSV|VRFRBL|POL)|\bIPBL\d/i, 'blocked'],
  [/AUP#(?:CX)?(?:SNDR|CXSMX)|\bCXSNDR\b/i, 'sender_refused'],
  [/AUP#(?:CX)?DNS|\bCXDNS\b/i, 'reverse_dns'],
  // Orange and La Poste.
  [/\b(?:OFR|LPN)_?\d{0,3}_?(?:102|103)\b/i, 'blocked'],
  [/\b(?:OFR|LPN)_?\d{0,3}_?104\b/i, 'rate_limited'],
  [/\b(?:OFR|LPN)_?\d{0,3}_?416\b/i, 'mailbox_unknown'],
  [/\b(?:OFR|LPN)_?\d{0,3}_?417\b/i, 'mailbox_full'],
  // Yahoo and AOL.
  [/\[(?:TSS0\d|TS0[1-4])\]|\bRTR:(?:BB|BG|BL|DU|GE|RF|RW)|\bDYN:T\d|\bHVU:B\d/i, 'reputation'],
  [/\[BL2[123]\]|\[IPTS04\]/i, 'blocked'],
  // Exchange, which names the part of it that refused.
  [/RESOLVER\.ADR\.(?:Ex)?Recip(?:ient)?NotFound|RESOLVER\.FWD\.NotFound/i, 'mailbox_unknown'],
  [/SMTPSEND\.DNS\.NonExistentDomain|InfoDomainNonexistent/i, 'domain_unknown'],
  [/SMTPSEND\.DNS\.MxLoopback|ROUTING\.\w*Loop/i, 'network'],
  [/RESOLVER\.ADR\.(?:BadPrimary|InvalidSmtp|Ambiguous)/i, 'system_trouble'],
  [/RESOLVER\.(?:ADR|RST)\.Recip(?:ient)?Limit/i, 'rate_limited'],
  [/RESOLVER\.RST\.(?:AuthRequired|NotAuthorized)/i, 'security'],
  [/RESOLVER\.RST\.\w*SizeLimit|ROUTING\.SizeLimit/i, 'too_large'],
  [/QUEUE\.Expired/i, 'expired'],
  // Exchange Online, which knows its recipients; Outlook.com.
  [/5\.4\.1 (?:<[^>]*>: )?Recipient address rejected: Access denied/i, 'mailbox_unknown'],
  [/\b(?:SC|DY)-00[1-8]\b|\bS3(?:140|150)\b/, 'blocked'],
  [/\b(?:OU-00[12]|RP-00[123])\b/, 'rate_limited'],
  // Comcast, GoDaddy, Apple.
  [/\bBL\d{6}\b|\bIB10[3-8]\b/, 'blocked'],
  [/\bRL\d{6}\b/, 'rate_limited'],
  [/\[HM0[78]\]|\[CS01\]/, 'policy'],
  // A link to a list of blocked hosts, often without a word.
  [
    /\b(?:spamhaus|spamcop|sorbs|barracudacentral|abuseat|uceprotect|mailspike|psbl\.surriel|invaluement)\.(?:org|net|com)\b/i,
    'blocked',
  ],
  // Facebook.
  [/\bRCP-P[134]\b|\bRCP-P2\b/, 'filtered'],
  [/\bPOL-P[1-7]\b|\bDNS-P3\b/, 'policy'],
  [/\bINT-T\d\b/, 'system_trouble'],
];

/** The reason that a provider's own mark states; undefined where there is none. */
export function reasonOfMark(text: string): Reason | undefined {
  return MARKS.find(([mark]) => mark.test(text))?.[1];
}
