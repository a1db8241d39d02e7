import { dayLabel, shortDay } from '../words/date-label.ts';
import { webAddress } from '../words/web-address.ts';
import { type LetterContent, type LetterData, renderLetter } from './letter.ts';
import { type PastEdition, pastEditions } from './looking-back.ts';

/** `resume_on` is an ISO date: that day's edition comes again. `on_trial`: the trial stands still meanwhile. */
export type PausedData = LetterData & { resume_on: string; on_trial: boolean; pause_url: string };
/** What was missed, newest first, `more` of them not named; `next_edition_on` is an ISO date. */
export type ResumedData = LetterData & { missed: PastEdition[]; more: number; next_edition_on: string };

/** Tells that editions are paused, and until when (M12). */
export function pausedLetter(data: PausedData): Promise<LetterContent> {
  const { lang } = data.publication;
  return renderLetter('paused', data, {
    preheader: 'Nothing comes until then, and nothing is lost.',
    resume_label: dayLabel(data.resume_on, lang),
    resume_short: shortDay(data.resume_on, lang),
    on_trial: data.on_trial,
    pause_url: webAddress(data.pause_url, 'pause_url'),
  });
}

/** Welcomes a reader back from a pause and catches up on what they missed (M12). */
export function resumedLetter(data: ResumedData): Promise<LetterContent> {
  return renderLetter('resumed', data, {
    preheader: 'What you missed, in a minute.',
    missed: pastEditions(data.missed, data.publication),
    more: data.more > 0 ? data.more : null,
    next_edition_label: dayLabel(data.next_edition_on, data.publication.lang),
  });
}
