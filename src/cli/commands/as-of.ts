import { invalid } from '../../errors.ts';
import type { TrialAsOf } from '../../trials/as-of/as-of.ts';
import { readAsOf } from '../../trials/as-of/read-as-of.ts';
import { type Command, JSON_OPTION, PUBLICATION_OPTION, print } from '../command.ts';
import { findPublication } from '../publication.ts';
import { findReader } from '../reader.ts';
import { withProgram } from '../with-program.ts';

export const asOf: Command = {
  about: "Prints a reader's trial as of any instant: as now known, and as was then believed.",
  usage: '<address> --effective 2026-11-23 [--known 2026-11-24T09:00] [--publication slug] [--json]',
  words: 1,
  options: {
    effective: { type: 'string', about: 'of when: an instant, a local time, or a date (its end)' },
    known: { type: 'string', about: 'as believed when; the same unless given' },
    ...PUBLICATION_OPTION,
    ...JSON_OPTION,
  },
  run: (args) =>
    withProgram(async ({ program: { db, clock, secret_keys } }) => {
      const publication = await findPublication(db, args);
      const reader = await findReader(db, args.words[0], secret_keys);
      const now = clock.now();
      const time = (name: 'effective' | 'known', otherwise: Temporal.Instant) =>
        parseTime(args.options[name], publication.zone, name) ?? otherwise;
      const effective = time('effective', now);
      const known = time('known', effective);
      const of = { subscriber_id: reader.id, publication_id: publication.id };
      const now_known = await readAsOf(db, of, { effective, known: now });
      const then_believed = await readAsOf(db, of, { effective, known });
      print(args, { address: reader.address, effective, known, now_known, then_believed }, () =>
        [
          `${reader.address}, ${publication.name}, as of ${effective}`,
          `as now known:${describe(now_known)}`,
          `as believed at ${known}:${describe(then_believed)}`,
        ].join('\n\n'),
      );
      return 0;
    }),
};

/** An instant, a local time or a date of the publication; of a date the last moment. Throws `invalid`. */
function parseTime(text: unknown, zone: string, option: string): Temporal.Instant | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    if (/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) && text.includes('T')) return Temporal.Instant.from(text);
    if (text.includes('T')) return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant();
    const next = Temporal.PlainDate.from(text).add({ days: 1 }).toZonedDateTime(zone);
    return next.toInstant().subtract({ milliseconds: 1 });
  } catch (cause) {
    throw invalid(
      `--${option} "${text}" is no time; expected such as 2026-11-23, 2026-11-23T09:00 or 2026-11-23T14:00Z`,
      cause,
    );
  }
}

function describe(trials: TrialAsOf[]): string {
  if (trials.length === 0) return '\n  no trial';
  return trials.map((trial) => `\n${lines(trial).join('\n')}`).join('\n');
}

function lines(trial: TrialAsOf): string[] {
  const { state, end_reason, consumed, allowance, right, holds, events } = trial;
  const grace = trial.grace_allowance > 0 ? `, grace ${trial.grace_used} of ${trial.grace_allowance}` : '';
  return [
    `  trial ${trial.trial_id}: ${state}${end_reason ? ` (${end_reason})` : ''}, ${consumed} of ${allowance} editions${grace}`,
    `  right to receive: ${right ?? 'none'}; held: ${holds.join(', ') || 'no'}`,
    `  last date ${trial.hard_stop_on ?? 'none'}, promised ${trial.promise_floor_on ?? 'none'}`,
    ...events.map(
      ({ effective_at, recorded_at, event, actor, reason, to_state }) =>
        `    ${effective_at}  ${event}${to_state ? ` -> ${to_state}` : ''}  by ${actor}${reason ? ` (${reason})` : ''}${
          effective_at.equals(recorded_at) ? '' : `  recorded ${recorded_at}`
        }`,
    ),
  ];
}
