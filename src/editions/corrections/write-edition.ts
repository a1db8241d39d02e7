import type { Db } from '../../db/connect.ts';
import { localDate } from '../../publications/calendar.ts';
import { requirePublication } from '../../publications/publication.ts';
import type { Editor } from '../desk/edit.ts';
import { contentNow } from '../desk/keep-revision.ts';
import { type Edition, insertEdition } from '../edition.ts';
import { insertItems } from '../item.ts';
import type { EditionModel } from '../model.ts';
import { itemsOf } from '../model.ts';
import { insertComposedRevision } from '../revision.ts';
import { preheaderFrom, subjectFrom } from '../wording.ts';
import { correctModel } from './correct-model.ts';
import type { Correction } from './correction.ts';

type Wrong = {
  edition: Edition;
  model: EditionModel;
  correction: Correction;
  by: Editor;
  now: Temporal.Instant;
};

/** So long the mail waits for an approver before the staff are called; it goes as soon as one has approved. */
const WAITS = { minutes: 30 };
const STALE = { hours: 24 };

/** Drafts the mail that corrects an edition: its note, and the story as it is right, if it was one. */
export async function writeCorrectionEdition(trx: Db, wrong: Wrong): Promise<Edition> {
  const { edition, model, correction, now } = wrong;
  const publication = await requirePublication(trx, edition.publication_id);
  const edition_on = localDate(publication, now);
  const story = storyOf(wrong, publication.zone);
  const press_at = now.add(WAITS);
  const { kind } = edition as { kind: 'regular' | 'weekly' };
  const written = await insertEdition(trx, {
    ...{
      publication_id: publication.id,
      edition_on,
      kind: 'correction',
      layout: 'correction',
      state: 'draft',
    },
    seq: await nextSeq(trx, publication.id, edition_on),
    corrects: JSON.stringify({
      ...{ edition_id: edition.id, edition_on: edition.edition_on.toString(), kind },
      pressing: edition.pressing,
    }),
    subject: subjectFrom(`Correction: ${story?.headline ?? model.subject}`),
    preheader: preheaderFrom([correction.note]),
    editors_line: correction.note,
    ...{ cutoff_at: now, press_at, stale_at: press_at.add(STALE), composed_at: now },
  });
  if (story)
    await insertItems(trx, [
      {
        ...{
          edition_id: written.id,
          article_id: story.article_id,
          place: 'lead',
          section_id: null,
          position: 0,
        },
        ...{ headline: story.headline, summary: story.summary, show_image: false },
        base_rev: await revOf(trx, story.article_id),
      },
    ]);
  await insertComposedRevision(trx, written.id, await contentNow(trx, written.id), { now });
  await trx
    .updateTable('corrections')
    .set({ mailed_in: written.id })
    .where('id', '=', correction.id)
    .execute();
  return written;
}

/** The story as it is right. */
const storyOf = ({ model, correction }: Wrong, zone: string) =>
  itemsOf(correctModel(model, [correction], zone)).find(
    ({ article_id }) => article_id === correction.article_id,
  );

async function nextSeq(trx: Db, publicationId: number, edition_on: Temporal.PlainDate): Promise<number> {
  const { last } = await trx
    .selectFrom('editions')
    .select(({ fn }) => fn.max('seq').as('last'))
    .where('publication_id', '=', publicationId)
    .where('edition_on', '=', edition_on)
    .where('kind', '=', 'correction')
    .executeTakeFirstOrThrow();
  return (last ?? 0) + 1;
}

async function revOf(trx: Db, articleId: number): Promise<number> {
  const { rev } = await trx
    .selectFrom('articles')
    .select('rev')
    .where('id', '=', articleId)
    .executeTakeFirstOrThrow();
  return rev;
}
