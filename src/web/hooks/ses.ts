import { verify } from 'node:crypto';
import { z } from 'zod';
import { forbidden, invalid, messageOf, unavailable } from '../../errors.ts';
import { openCertificates, requireSnsUrl } from './certificates.ts';
import type { HookSite, Receive } from './hook.ts';

const MESSAGE = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string().max(200),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  Subject: z.string().optional(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.base64(),
  SigningCertURL: z.string(),
});

type Message = z.output<typeof MESSAGE>;

/** What is signed, in this order, by type; a field that is not there is left out. */
const SIGNED: Record<'notification' | 'confirmation', (keyof Message)[]> = {
  notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  confirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

/**
 * The hook of Amazon SES, by way of one SNS topic (`SES_TOPIC_ARN`): messages of any other, or not signed by Amazon,
 * are refused; the subscription is confirmed where Amazon asks for it.
 */
export function openSes({ config, clock, fetch }: HookSite): Receive | undefined {
  const topic = config.SES_TOPIC_ARN;
  if (topic === undefined) return undefined;
  const publicKey = openCertificates(fetch);
  return async ({ body }) => {
    const message = read(body);
    if (message.TopicArn !== topic) throw forbidden(`${message.TopicArn} is not the topic of SES_TOPIC_ARN`);
    const isNotification = message.Type === 'Notification';
    const text = textOf(message, SIGNED[isNotification ? 'notification' : 'confirmation']);
    const algorithm = message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
    const key = await publicKey(message.SigningCertURL, clock.now());
    if (!verify(algorithm, Buffer.from(text), key, Buffer.from(message.Signature, 'base64')))
      throw forbidden(`message ${message.MessageId} is not signed by Amazon SNS`);
    if (isNotification)
      return { way: 'ses', form: 'notice', raw: Buffer.from(message.Message), key: message.MessageId };
    if (message.Type === 'SubscriptionConfirmation') await confirm(fetch, message.SubscribeURL ?? '');
    return undefined;
  };
}

function read(body: Buffer): Message {
  try {
    return MESSAGE.parse(JSON.parse(body.toString('utf8')));
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw invalid(`this is no message of Amazon SNS: ${what}`, error);
  }
}

const textOf = (message: Message, fields: (keyof Message)[]): string =>
  fields.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`])).join('');

async function confirm(fetch: HookSite['fetch'], url: string): Promise<void> {
  const { status } = await fetch(requireSnsUrl(url).href);
  if (status !== 200)
    throw unavailable(`Amazon SNS answered ${status} to the confirmation of the subscription`);
}
