import { seeded } from './seeded.ts';

/** A made-up reader. `arrives_at`: when they ask for a trial; undefined for one who pays from the start. */
export type RehearsedReader = {
  address: string;
  first_name: string;
  arrives_at: Temporal.Instant | undefined;
};

const NAMES = [
  'Ann',
  'Bob',
  'Zoë',
  'José',
  'Łukasz',
  "D'Arcy",
  'عائشہ',
  'محمد',
  '李雷',
  'Ngozi',
  'Søren',
  'Mary Jo',
];
/** Any fixed number does: the same readers must come each time. */
const SEED = 20230301;

/**
 * `count` readers, the same each time: every other one pays, and the rest ask for a trial at some moment between
 * `from` and the last third of the time to `to`, so that some of the trials end within it.
 */
export function planReaders(count: number, from: Temporal.Instant, to: Temporal.Instant): RehearsedReader[] {
  const random = seeded(SEED);
  const span = from.until(to).total('minutes') * (2 / 3);
  return Array.from({ length: count }, (_, at) => ({
    address: `reader-${String(at + 1).padStart(4, '0')}@readers.test`,
    first_name: NAMES[Math.floor(random() * NAMES.length)] as string,
    arrives_at: at % 2 ? from.add({ minutes: Math.floor(random() * span) }) : undefined,
  }));
}
