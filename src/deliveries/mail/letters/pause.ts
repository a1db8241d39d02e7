import type { Db } from '../../../db/connect.ts';
import { listPublicEditions } from '../../../editions/archive.ts';
import { pausedLetter, resumedLetter } from '../../../messages/letters/pause.ts';
import { expectNextEditionFor } from '../../../trials/next-edition.ts';
import type { ResumedDetail } from '../../../trials/pausing/resume.ts';
import type { Writing } from './about.ts';
import { pastEdition } from './editions.ts';

/** So many of the missed editions are named on return. */
const NAMED = 10;
/** More than a pause can hold. */
const MOST_MISSED = 40;

/** The letters of a pause. */
export const PAUSE = {
  async paused(_: Db, { common, letter, trial }: Writing) {
    const on_trial = trial !== undefined && ['scheduled', 'running'].includes(trial.state);
    const resume_on = String(letter.detail.resume_on);
    return pausedLetter({ ...common, resume_on, on_trial, pause_url: `${common.manage_url}#pause` });
  },

  async resumed(db: Db, writing: Writing) {
    const { common, publication, subscriber, letter, at } = writing;
    const from = Temporal.Instant.from((letter.detail as ResumedDetail).paused_from);
    const latest = await listPublicEditions(db, publication.id, { limit: MOST_MISSED });
    const missed = latest.filter(
      ({ pressed_at }) =>
        pressed_at !== null &&
        Temporal.Instant.compare(pressed_at, from) > 0 &&
        Temporal.Instant.compare(pressed_at, letter.asked_at) <= 0,
    );
    return resumedLetter({
      ...common,
      missed: missed.slice(0, NAMED).map((edition) => pastEdition(edition, writing)),
      more: Math.max(0, missed.length - NAMED),
      next_edition_on: (await expectNextEditionFor(db, subscriber.id, publication, at)).toString(),
    });
  },
};
