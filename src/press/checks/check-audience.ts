import type { Checked, Finding } from './finding.ts';

/** An audience this far from the usual one is looked at by a person, where the usual one is no handful. */
const USUAL = { within: 0.2, editions: 5, least: 100 };

/** P18: who will get it. Nobody at all is no fault: the edition is skipped then. */
export function checkAudience({ facts, profile }: Checked): Finding[] {
  if (!facts) return [];
  const { send, twice, usual } = facts.audience;
  if (twice > 0) return [{ check: 'P18', level: 'block', says: `${twice} addresses would get it twice` }];
  const median = usual.toSorted((a, b) => a - b)[Math.floor(usual.length / 2)] ?? 0;
  const isUsual = Math.abs(send - median) <= median * USUAL.within;
  if (usual.length < USUAL.editions || median < USUAL.least || isUsual || send === 0) return [];
  return [
    {
      check: 'P18',
      level: profile === 'production' ? 'hold' : 'warn',
      says: `${send} readers would get it; the median of the last five editions is ${median}`,
    },
  ];
}

/** P20: the edition is of today, and something is published today; a correction waits for no day. */
export function checkCalendar({ model, facts, by_hand = false }: Checked): Finding[] {
  if (!facts || model.layout === 'correction') return [];
  const level = by_hand ? 'warn' : 'block';
  return [
    ...(facts.date === facts.today
      ? []
      : [
          {
            check: 'P20',
            level,
            says: `the edition is of ${facts.date}, and today is ${facts.today}`,
          } as const,
        ]),
    ...(facts.dark === undefined
      ? []
      : [{ check: 'P20', level, says: `nothing is published on ${facts.date}: ${facts.dark}` } as const]),
  ];
}
