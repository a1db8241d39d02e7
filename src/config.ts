import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadEnvFile } from 'node:process';
import { z } from 'zod';
import { invalid } from './errors.ts';

const secret = () => z.string().min(32, 'expected at least 32 random characters').optional();

/** One value or two, after a comma: an RSA key for everybody, an Ed25519 key for those who can. */
const ONE_OR_TWO = z
  .string()
  .transform((values) => values.split(',').map((value) => value.trim()))
  .refine(
    (values) => values.length <= 2 && values.every(Boolean) && new Set(values).size === values.length,
    'expected one value, or two different ones with a comma between them',
  );

/** What production needs, and what else may be set; every problem is reported at once. */
const FIELDS = z.object({
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'expected postgres://user:password@host/database',
  }),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'expected smtp://user:password@host:587 or smtps://…:465' })
    .optional(),
  RELAYS_FILE: z
    .string()
    .transform((path) => resolve(path))
    .optional(),
  ALARM_URL: z
    .url({ protocol: /^https?$/, error: 'expected the address that calls of alarm are posted to' })
    .optional(),
  LANE: z.enum(['auto', 'plain', 'fast']).default('auto'),
  PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error: 'expected the address readers reach us at, such as https://news.example.org',
    })
    .transform((url) => url.replace(/\/+$/, ''))
    .refine(isSecure, 'expected https: everywhere but on loopback'),
  SECRET_KEY: z
    .string({ error: 'expected at least 32 random characters; older keys may follow after commas' })
    .transform((keys) => keys.split(',').map((key) => key.trim()))
    .refine((keys) => keys.every((key) => key.length >= 32), 'expected at least 32 characters in each key'),
  DKIM_DOMAIN: z.string().optional(),
  DKIM_SELECTOR: ONE_OR_TWO.optional(),
  DKIM_KEY_FILE: ONE_OR_TWO.optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number({ error: 'expected a port number' }).int().min(0).max(65535).default(3000),
  MAILBOX_PORT: z.coerce.number({ error: 'expected a port number' }).int().min(0).max(65535).default(2525),
  BOUNCE_HOST: z.string().default('127.0.0.1'),
  BOUNCE_PORT: z.coerce.number({ error: 'expected a port number' }).int().min(0).max(65535).optional(),
  IMAP_URL: z.url({ protocol: /^imaps?$/, error: 'expected imaps://user:password@host/folder' }).optional(),
  HOOK_SECRET: secret(),
  SES_TOPIC_ARN: z
    .string()
    .regex(/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w.-]+$/, 'expected arn:aws:sns:region:account:topic')
    .optional(),
  POSTMARK_HOOK_SECRET: secret(),
  MAILGUN_SIGNING_KEY: z.string().optional(),
  SENDGRID_PUBLIC_KEY: z
    .base64({ error: 'expected the verification key that SendGrid shows, in base64' })
    .optional(),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(
      /^(sk|rk)_(test|live)_\w+$/,
      'expected a secret or restricted key of Stripe: sk_live_… or rk_live_…',
    )
    .optional(),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_\S+$/, 'expected the signing secret of the endpoint: whsec_…')
    .optional(),
  STRIPE_TEST_MODE: z.stringbool({ error: 'expected true or false' }).default(false),
  STRIPE_API_URL: z
    .url({
      protocol: /^http$/,
      hostname: /^(127\.0\.0\.1|localhost)$/,
      error: 'expected http on loopback, for tests alone',
    })
    .optional(),
  SPAM_COMMAND: z.string().optional(),
  PATH: z.string().default(''),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DATA_DIR: z
    .string()
    .default('.presstime')
    .transform((path) => resolve(path)),
  ALLOW_LOOPBACK_FEEDS: z.stringbool({ error: 'expected true or false' }).default(false),
  ALLOW_FILE_FEEDS: z.stringbool({ error: 'expected true or false' }).default(false),
  TRUST_PROXY: z.stringbool({ error: 'expected true or false' }).default(false),
});

const DKIM = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY_FILE'] as const;

/** All or none of them, and a selector for each key. */
const WHOLE_DKIM = (config: z.output<typeof FIELDS>, context: z.RefinementCtx): void => {
  const missing = DKIM.filter((name) => config[name] === undefined);
  if (missing.length < DKIM.length)
    for (const name of missing)
      context.addIssue({ code: 'custom', path: [name], message: 'expected with the other DKIM_ settings' });
  const [selectors = [], files = []] = [config.DKIM_SELECTOR, config.DKIM_KEY_FILE];
  if (missing.length === 0 && selectors.length !== files.length)
    context.addIssue({
      code: 'custom',
      path: ['DKIM_SELECTOR'],
      message: `expected as many as DKIM_KEY_FILE has, ${files.length}, in the same order`,
    });
};

/** Both keys or none, and of the mode that is said: a test's payment must never give a right in production. */
const WHOLE_STRIPE = (config: z.output<typeof FIELDS>, context: z.RefinementCtx): void => {
  const { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: secret, STRIPE_TEST_MODE: is_test } = config;
  const problem = (name: string, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  if (key === undefined && secret !== undefined)
    problem('STRIPE_SECRET_KEY', 'expected with STRIPE_WEBHOOK_SECRET');
  if (key !== undefined && secret === undefined)
    problem('STRIPE_WEBHOOK_SECRET', 'expected with STRIPE_SECRET_KEY');
  if (key !== undefined && key.includes('_test_') !== is_test)
    problem(
      'STRIPE_TEST_MODE',
      `expected ${!is_test}, since STRIPE_SECRET_KEY is a key of the ${is_test ? 'live' : 'test'} mode`,
    );
};

/** Asked of every configuration, also of one with other problems: all are to be named at once. */
const A_WAY_OUT = {
  path: ['SMTP_URL'],
  error: 'expected smtp://user:password@host:587 or smtps://…:465, or a RELAYS_FILE',
  when: () => true,
};

/** Settings as read and checked. `SECRET_KEY` is a list: the first signs, all verify. */
export type Config = z.output<typeof FIELDS>;

/** Settings given by the program itself where the environment is silent: for `presstime start`. */
export type Defaults = { [name in keyof Config]?: string };

const NEEDED = ['DATABASE_URL', 'SMTP_URL', 'RELAYS_FILE', 'PUBLIC_URL', 'SECRET_KEY'];

/** Whether the environment, or a `.env` file, sets any of what production needs; else the program runs locally. */
export function isConfigured(): boolean {
  loadEnvironment();
  return NEEDED.some((name) => present(process.env)[name] !== undefined);
}

/**
 * Reads the settings from the environment, and from a `.env` file beside it where there is one.
 * Throws `invalid` naming every missing or malformed one, with what was expected.
 */
export function readConfig(defaults: Defaults = {}): Config {
  loadEnvironment();
  return parseConfig({ ...defaults, ...present(process.env) });
}

/** As `readConfig`, from the given names and values alone. */
export function parseConfig(values: Record<string, string | undefined>): Config {
  const given = present(values);
  const result = FIELDS.superRefine(WHOLE_DKIM)
    .superRefine(WHOLE_STRIPE)
    .refine(() => given.SMTP_URL !== undefined || given.RELAYS_FILE !== undefined, A_WAY_OUT)
    .safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return `  ${name}: ${given[name] === undefined ? 'missing; ' : ''}${issue.message}`;
  });
  throw invalid(
    `the configuration has ${problems.length} problem${problems.length > 1 ? 's' : ''}\n${problems.join('\n')}`,
  );
}

/** What the environment sets already, the file does not change. */
function loadEnvironment(): void {
  if (existsSync('.env')) loadEnvFile('.env');
}

/** An empty value is a missing one. */
const present = (values: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );

/** Whether nobody on the way reads along: https, or loopback. Throws for what is no URL. */
export function isSecure(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
