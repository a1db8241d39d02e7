import type { Signer } from '../../deliveries/mail/dkim.ts';
import { checkPublishedKeys, type ResolveTxt } from '../../deliveries/mail/published-keys.ts';
import { messageOf } from '../../errors.ts';
import type { Finding } from './finding.ts';

/** What receivers look at before they believe who sent a mail: DNS, and the keys it is signed with; none where the relay signs. */
export type Authentication = { resolveTxt: ResolveTxt; signer: Signer | undefined };

const NO_RECORD = ['ENOTFOUND', 'ENODATA'];
const found = (level: Finding['level'], says: string): Finding => ({ check: 'P04', level, says });

/** Nothing is said to be good that nobody has looked at. */
const UNSIGNED = found('warn', 'mails are not signed here; whether the relay signs them was not looked at');

/**
 * P04: the sender's domain says who may send for it (SPF, RFC 7208; DMARC, RFC 7489), and publishes the keys that mails are
 * signed with. What DNS does not answer could not be checked, and holds: it is never taken for good.
 */
export async function checkAuthentication(
  from_address: string,
  { resolveTxt, signer }: Authentication,
): Promise<Finding[]> {
  const domain = from_address.split('@').at(-1) as string;
  const answers = await Promise.all([
    checkSpf(domain, resolveTxt),
    checkDmarc(domain, resolveTxt),
    signer ? checkSigned(domain, signer, resolveTxt) : [UNSIGNED],
  ]);
  return answers.flat();
}

async function checkSpf(domain: string, resolveTxt: ResolveTxt): Promise<Finding[]> {
  const records = await ask(domain, resolveTxt);
  if ('could_not' in records) return [records.could_not];
  return records.texts.some((text) => /^v=spf1\b/i.test(text))
    ? []
    : [found('block', `${domain} has no SPF record: receivers cannot tell who may send for it`)];
}

async function checkDmarc(domain: string, resolveTxt: ResolveTxt): Promise<Finding[]> {
  for (const at of withParents(domain)) {
    const records = await ask(`_dmarc.${at}`, resolveTxt);
    if ('could_not' in records) return [records.could_not];
    const record = records.texts.find((text) => /^v=DMARC1\b/i.test(text));
    if (!record) continue;
    return /;\s*p\s*=\s*none\b/i.test(record)
      ? [found('warn', `the DMARC policy of ${at} is none: others may send in its name`)]
      : [];
  }
  return [found('block', `${domain} has no DMARC record`)];
}

async function checkSigned(domain: string, signer: Signer, resolveTxt: ResolveTxt): Promise<Finding[]> {
  const isAligned =
    domain === signer.domain || domain.endsWith(`.${signer.domain}`) || signer.domain.endsWith(`.${domain}`);
  const states = await checkPublishedKeys(signer, resolveTxt);
  return [
    ...(isAligned ? [] : [found('block', `mails are signed for ${signer.domain}, and come from ${domain}`)]),
    ...states.flatMap(({ state, detail }) => {
      if (state === 'published') return [];
      return state === 'unknown' ? [couldNot(detail)] : [found('block', detail)];
    }),
  ];
}

const couldNot = (why: string): Finding => found('hold', `could not check: ${why}`);

async function ask(
  name: string,
  resolveTxt: ResolveTxt,
): Promise<{ texts: string[] } | { could_not: Finding }> {
  try {
    return { texts: (await resolveTxt(name)).map((pieces) => pieces.join('')) };
  } catch (error) {
    if (NO_RECORD.includes((error as NodeJS.ErrnoException).code ?? '')) return { texts: [] };
    return { could_not: couldNot(`DNS does not answer for ${name}: ${messageOf(error)}`) };
  }
}

/** The domain, and those above it that may speak for it: a DMARC record of an organisation stands for all below. */
function withParents(domain: string): string[] {
  const labels = domain.split('.');
  return labels.slice(0, -1).map((_, from) => labels.slice(from).join('.'));
}
