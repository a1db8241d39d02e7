import type { Rules } from '../mail-rules.ts';
import type { RawMail } from '../raw-mail.ts';

const SIGNED = [
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'reply-to',
  'list-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'feedback-id',
];

/** M8, M9, M11 as far as they show without checking the signature itself: `verifyMail` does that. */
export function checkSignatures({ fields }: RawMail, { signed = false, domain }: Rules): string[] {
  const signatures = fields.filter(({ name }) => name === 'dkim-signature');
  if (!signed) return [];
  if (signatures.length === 0) return ['M9 not signed'];
  const present = SIGNED.filter((name) => fields.some((field) => field.name === name));
  return signatures.flatMap(({ value }) => {
    const tags = readTags(value);
    const names = (tags.h ?? '').toLowerCase().split(':');
    const d = tags.d ?? '';
    return [
      ...present.filter((name) => !names.includes(name)).map((name) => `M8 ${name} is not signed`),
      ...(['rsa-sha256', 'ed25519-sha256'].includes(tags.a ?? '') ? [] : [`M9 the algorithm is ${tags.a}`]),
      ...(tags.l === undefined ? [] : ['M11 an l= tag']),
      ...(domain === d || domain.endsWith(`.${d}`)
        ? []
        : [`M11 signed for ${d || 'nobody'}, not for ${domain}`]),
    ];
  });
}

const readTags = (value: string): Record<string, string | undefined> =>
  Object.fromEntries(
    value
      .split(';')
      .map((tag) => tag.replace(/\s+/g, ''))
      .filter((tag) => tag.includes('='))
      .map((tag) => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]),
  );
