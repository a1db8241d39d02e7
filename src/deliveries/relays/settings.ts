import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import { invalid, messageOf } from '../../errors.ts';
import { type Problem, parseJsonFile } from '../../json-file.ts';

const COUNT = z.int('expected a whole number, at least 1').min(1, 'expected at least 1');
const RATE = z.number('expected messages a second, over 0').positive('expected over 0');
const CONNECTIONS = COUNT.max(1000, 'expected at most 1000');

/** A plan for a new address: `first_day` messages on `from` (UTC), `growth` times as many each day, done at `until`. */
const WARM_UP = z.strictObject({
  from: z.iso.date('expected a date such as 2026-11-23').transform((date) => Temporal.PlainDate.from(date)),
  first_day: COUNT,
  growth: z
    .number('expected a factor from 1.01 to 10')
    .min(1.01, 'expected a factor of at least 1.01')
    .max(10, 'expected a factor of at most 10'),
  until: COUNT,
});

const RELAY = z.strictObject({
  name: z
    .string('expected a name')
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'expected small letters, digits and hyphens, at most 40'),
  // Its faults do not begin with "expected": the address may hold a password, and is not to be shown.
  url: z.url({
    protocol: /^smtps?$/,
    error: 'no mail server; expected smtp://user:password@host:587 or smtps://…:465',
  }),
  weight: z.number('expected a number over 0').positive('expected over 0').default(1),
  connections: CONNECTIONS.default(4),
  per_second: RATE.optional(),
  lane: z.enum(['auto', 'plain', 'fast'], 'expected auto, plain or fast').default('auto'),
  warm_up: WARM_UP.optional(),
  ca_file: z.string('expected the path of a PEM file').optional(),
});

const DOMAIN = z
  .string('expected a domain, *.domain, or *')
  .regex(/^(\*|(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*)$/, 'expected a domain in small letters, *.domain, or *');

const LIMIT = z
  .strictObject({
    /** Several: they share one limit, as domains with the same mail servers should. */
    domain: z.union([DOMAIN.transform((one) => [one]), z.array(DOMAIN).min(1)], {
      error: 'expected a domain in small letters, *.domain, *, or a list of them',
    }),
    connections: CONNECTIONS.optional(),
    per_second: RATE.optional(),
  })
  .refine(
    ({ connections, per_second }) => connections !== undefined || per_second !== undefined,
    'needs connections, per_second, or both',
  );

const PERCENT = z
  .number('expected a percentage')
  .positive('expected over 0')
  .max(100, 'expected at most 100');

const BREAKER = z.strictObject({
  /** So many refusals of one receiving domain in a row, and its readers rest. */
  domain_refusals: COUNT.default(3),
  domain_rest_minutes: COUNT.default(15),
  /** So many refusals, such a share of the last `of_last` answers, from so many domains, and the run pauses. */
  refusals: COUNT.default(5),
  refusals_percent: PERCENT.default(2),
  of_last: COUNT.max(100_000, 'expected at most 100000').default(500),
  from_domains: COUNT.default(3),
  /** So many complaints, and such a share of what was accepted, and the run pauses. */
  complaints: COUNT.default(5),
  complaints_percent: PERCENT.default(0.3),
});

const SETTINGS = z.strictObject({
  relays: z.array(RELAY, 'expected a list of relays').min(1, 'expected at least one relay'),
  domains: z.array(LIMIT).default([]),
  breaker: BREAKER.prefault({}),
});

export type WarmUp = z.output<typeof WARM_UP>;
/** A mail server that takes our mail. `ca`: the authority its certificate is checked against, where it is not a public one. */
export type Relay = z.output<typeof RELAY> & { ca?: string };
export type DomainLimit = z.output<typeof LIMIT>;
export type BreakerSettings = z.output<typeof BREAKER>;
export type SendingSettings = { relays: Relay[]; domains: DomainLimit[]; breaker: BreakerSettings };

/**
 * The relays and limits of `RELAYS_FILE`, or where there is none the one relay of `SMTP_URL` without limits. Throws
 * `invalid` naming every problem of the file at once.
 */
export function readSendingSettings(config: Pick<Config, 'RELAYS_FILE' | 'SMTP_URL'>): SendingSettings {
  const { RELAYS_FILE, SMTP_URL } = config;
  if (RELAYS_FILE) return parseSendingSettings(readText(RELAYS_FILE, 'RELAYS_FILE'), { place: RELAYS_FILE });
  return SETTINGS.parse({ relays: [{ name: 'relay', url: SMTP_URL }] });
}

/** As `readSendingSettings`, from the text of a file. Certificates that it names are read from the disk. */
export function parseSendingSettings(text: string, { place }: { place: string }): SendingSettings {
  const what = 'a file of relays';
  const settings = parseJsonFile(text, SETTINGS, { place, what, also: whatIsTwice });
  const relays = settings.relays.map((relay) =>
    relay.ca_file
      ? { ...relay, ca: readText(resolve(relay.ca_file), `ca_file of relay ${relay.name}`) }
      : relay,
  );
  return { ...settings, relays };
}

function readText(path: string, setting: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw invalid(`${setting}: cannot read ${path}: ${messageOf(error)}`, error);
  }
}

const NAMES = z.object({
  relays: z.array(z.object({ name: z.string().catch('') }).catch({ name: '' })).catch([]),
  domains: z
    .array(
      z
        .object({ domain: z.union([z.string().transform((one) => [one]), z.array(z.string())]).catch([]) })
        .catch({ domain: [] }),
    )
    .catch([]),
});

/** A relay is known by its name, and a domain has one limit. */
function whatIsTwice(file: unknown): Problem[] {
  const { relays, domains } = NAMES.catch({ relays: [], domains: [] }).parse(file);
  const named = relays.map(({ name }, place) => ({ value: name, path: ['relays', place, 'name'] }));
  const limited = domains.flatMap(({ domain }, place) =>
    domain.map((value) => ({ value, path: ['domains', place, 'domain'] })),
  );
  return [named, limited].flatMap((group) =>
    group
      .filter(({ value }, place) => value && group.findIndex((other) => other.value === value) < place)
      .map(({ value, path }) => ({ path, message: `${value} is named twice` })),
  );
}
