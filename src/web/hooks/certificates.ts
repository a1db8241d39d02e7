import { type KeyObject, X509Certificate } from 'node:crypto';
import { isBefore } from '../../clock.ts';
import { forbidden, invalid, messageOf, unavailable } from '../../errors.ts';
import type { Fetch } from '../../feeds/fetch.ts';

/** Where Amazon SNS keeps what it signs with and confirms at. */
const SNS_HOST = /^sns\.[a-z0-9-]{1,32}\.amazonaws\.com(\.cn)?$/;
const MOST_KEPT = 16;

/** `text` as an address of Amazon SNS; throws `forbidden` for any other. */
export function requireSnsUrl(text: string): URL {
  const url = URL.parse(text);
  const isTheirs =
    url?.protocol === 'https:' && SNS_HOST.test(url.hostname) && url.port === '' && url.username === '';
  if (url && isTheirs) return url;
  throw forbidden(`${JSON.stringify(text)} is no address of Amazon SNS`);
}

/** The public key of the certificate that SNS names, fetched from Amazon alone and kept. Throws `forbidden` or `unavailable`. */
export function openCertificates(fetch: Fetch): (url: string, now: Temporal.Instant) => Promise<KeyObject> {
  const kept = new Map<string, X509Certificate>();
  return async (text, now) => {
    const url = requireSnsUrl(text);
    if (!url.pathname.endsWith('.pem')) throw forbidden(`${text} is no certificate`);
    const certificate = kept.get(url.href) ?? (await fetchCertificate(fetch, url));
    const [from, to] = [certificate.validFromDate, certificate.validToDate].map((date) =>
      date.toTemporalInstant(),
    );
    if (isBefore(now, from as Temporal.Instant) || isBefore(to as Temporal.Instant, now))
      throw forbidden(`the certificate at ${text} is not valid now`);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(url.href, certificate);
    return certificate.publicKey;
  };
}

async function fetchCertificate(fetch: Fetch, url: URL): Promise<X509Certificate> {
  const answer = await fetch(url.href, { max_bytes: 100_000 });
  requireSnsUrl(answer.url);
  if (answer.status !== 200)
    throw unavailable(`${url.href} answered ${answer.status} instead of a certificate`);
  try {
    return new X509Certificate(Buffer.from(answer.body));
  } catch (error) {
    throw invalid(`${url.href} holds no certificate: ${messageOf(error)}`, error);
  }
}
