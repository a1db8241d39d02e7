import type { Explanation, Reasoned } from '../../editions/explain.ts';
import { count } from '../words.ts';

/** Most absent stories shown; a busy day has hundreds. */
const ABSENT_SHOWN = 100;

/** Why each story is in or out, for the tables of the preview. */
export function reasonsOf({ items, absent }: Explanation) {
  return {
    has_reasons: items.length + absent.length > 0,
    items: items.map(rowOf),
    absent: absent.slice(0, ABSENT_SHOWN).map(rowOf),
    in_label: `In the edition: ${count(items.length, 'story', 'stories')}`,
    out_label: `Left out: ${count(absent.length, 'story', 'stories')}`,
    not_shown:
      absent.length > ABSENT_SHOWN ? count(absent.length - ABSENT_SHOWN, 'more story', 'more stories') : null,
  };
}

function rowOf({ headline, url, place, section, follow_up, reason, detail, score, score_parts }: Reasoned) {
  const parts = Object.entries(score_parts ?? {}).filter(([, value]) => value !== 0);
  return {
    headline,
    url,
    follow_up,
    where: place ? [place, section].filter(Boolean).join(', ') : reason.replaceAll('_', ' '),
    detail,
    score: score === null ? '–' : score.toFixed(1),
    parts: parts.map(([name, value]) => `${name.replaceAll('_', ' ')} ${value.toFixed(1)}`).join(' · '),
  };
}
