import type { Staff } from '../../accounts/staff/staff.ts';
import type { Db } from '../../db/connect.ts';
import { correctEdition } from '../../editions/corrections/correct.ts';
import {
  type Correction,
  listCorrections,
  listToTell,
  type Severity,
} from '../../editions/corrections/correction.ts';
import type { Edition } from '../../editions/edition.ts';
import { type EditionModel, itemsOf } from '../../editions/model.ts';
import { invalid } from '../../errors.ts';
import type { Publication } from '../../publications/publication.ts';
import { path, routes } from '../../routes.ts';
import { dayTime } from '../words.ts';

const SEVERITIES: { value: Severity; label: string }[] = [
  { value: 'typo', label: 'A slip: mended on the web' },
  { value: 'fact', label: 'A wrong fact: marked on the web, told in the next edition' },
  { value: 'harm', label: 'Harm done: a mail to all who got it, too' },
];
const SEVERITY_LABELS: Record<Severity, string> = { typo: 'Slip', fact: 'Wrong fact', harm: 'Harm done' };
const GONE = ['pressing', 'pressed', 'stopped'];

/** What the desk shows of corrections: those of an edition that has gone, with a form for another; or those that one to come tells. */
export async function correctionsOf(db: Db, edition: Edition, { zone }: Publication) {
  const hasGone = GONE.includes(edition.state) && edition.model !== null;
  if (!hasGone) return { correctable: null, corrections: [], to_tell: await toTell(db, edition) };
  const model = edition.model as EditionModel;
  const isOwn = edition.kind === 'regular' || edition.kind === 'weekly';
  return {
    correctable: isOwn
      ? {
          severities: SEVERITIES,
          items: itemsOf(model).map(({ article_id, headline }) => ({ value: article_id, label: headline })),
        }
      : null,
    corrections: (await listCorrections(db, [edition.id])).map((one) => correctionRow(one, zone)),
    to_tell: [],
  };
}

async function toTell(db: Db, edition: Edition) {
  if (edition.kind !== 'regular' || edition.state === 'skipped') return [];
  return (await listToTell(db, edition)).map(({ id, note }) => ({ id, note }));
}

const correctionRow = (one: Correction, zone: string) => ({
  severity: SEVERITY_LABELS[one.severity],
  note: one.note,
  by: one.actor,
  at: dayTime(one.at, zone),
  became: becameOf(one),
  mail_url: one.mailed_in === null ? null : path(routes.deskEdition, { id: one.mailed_in }),
});

function becameOf({ severity, told_in, dropped_by, drop_reason }: Correction): string {
  if (severity === 'typo') return 'mended on the web';
  if (drop_reason !== null) return `left out of the next edition by ${dropped_by}: ${drop_reason}`;
  return told_in === null ? 'to be told in the next edition' : 'told in a later edition';
}

/** Corrects an edition as a form says. Throws `invalid` for a severity that there is not. */
export function correctAsTyped(
  db: Db,
  editionId: number,
  form: Record<string, string>,
  { by, now }: { by: { staff_id: Staff['id']; name: string }; now: Temporal.Instant },
): Promise<Correction> {
  const { severity, article = '', wrong = '', right = '', note } = form;
  const known = SEVERITIES.find(({ value }) => value === severity);
  if (!known)
    throw invalid(`no severity "${severity}"; expected ${SEVERITIES.map(({ value }) => value).join(', ')}`);
  const article_id = article === '' ? null : Number(article);
  return correctEdition(db, editionId, { severity: known.value, article_id, wrong, right, note, by, now });
}
