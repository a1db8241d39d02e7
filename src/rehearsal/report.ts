/** What a rehearsal says of one local date. */
export type RehearsedDay = {
  date: string;
  status: 'pressed' | 'skipped';
  /** Why nothing went, or null. */
  reason: string | null;
  /** Local time with its offset, e.g. 2023-03-12T06:00:00-04:00, or null. */
  pressed_at: string | null;
  /** Candidates that were looked at. */
  seen: number;
  items: {
    title: string;
    url: string;
    section: string;
    place: 'lead' | 'top' | 'section' | 'brief';
    follow_up: boolean;
  }[];
  /** How many candidates were left out, by reason. */
  left_out: Record<string, number>;
  subject: string | null;
  preheader: string | null;
  /** UTF-8 bytes of the HTML part for the largest reader. */
  html_bytes: number;
  audience: number;
  accepted: number;
  failed: number;
  skipped: number;
  unknown: number;
  trials: { started: number; ended: number };
  seconds: number;
};

/** What a rehearsal reports: `seconds` on the real clock, `peak_mb` of this process. */
export type Rehearsal = { days: RehearsedDay[]; seconds: number; peak_mb: number };

/** A rehearsal in words, one line a day. */
export function describeRehearsal({ days, seconds, peak_mb }: Rehearsal): string {
  const lines = days.map(describeDay);
  const pressed = days.filter(({ status }) => status === 'pressed').length;
  return [
    ...lines,
    '',
    `${pressed} of ${days.length} days pressed, in ${seconds.toFixed(1)} s and ${peak_mb} MB`,
  ].join('\n');
}

/** One day in one line. */
export function describeDay(day: RehearsedDay): string {
  if (day.status === 'skipped') return `${day.date}  skipped: ${day.reason}`;
  const readers = `${day.accepted} of ${day.audience} readers accepted`;
  const trials = `trials +${day.trials.started} -${day.trials.ended}`;
  return `${day.date}  ${day.pressed_at?.slice(11, 16)}  ${day.items.length} of ${day.seen} articles, ${day.html_bytes} bytes, ${readers}, ${trials}: ${day.subject}`;
}
