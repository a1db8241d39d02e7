import { type EditionModel, itemsOf } from '../../../editions/model.ts';
import type { Finding } from '../finding.ts';
import { linksOf } from '../links-of.ts';
import type { Answer } from './answer.ts';
import type { Asked } from './ask.ts';

const KINDS = ['image/jpeg', 'image/png', 'image/gif'];
const PICTURE_BYTES = 200_000;
const PICTURES_BYTES = 1_000_000;

/** Every address of an edition that is to be asked. */
export function addressesOf(model: EditionModel): Asked[] {
  const pictures = new Set(picturesOf(model).map(({ url }) => url));
  return linksOf(model)
    .filter(({ url }) => URL.canParse(url))
    .map(({ url }) => ({ url, picture: pictures.has(url) }));
}

/** P05: where the links lead; what is wrong on the newsroom's own site blocks, elsewhere it holds or warns. */
export function checkAnswers(model: EditionModel, answers: ReadonlyMap<string, Answer>): Finding[] {
  const own = URL.parse(model.publication.site_url)?.hostname;
  const pictures = new Set(picturesOf(model).map(({ url }) => url));
  return linksOf(model).flatMap(({ url, place, article_id }): Finding[] => {
    if (pictures.has(url)) return [];
    const answer = answers.get(url);
    const at = article_id === undefined ? {} : { at: { article_id } };
    if (!answer)
      return [
        {
          check: 'P05',
          level: 'warn',
          says: `could not check: ${url} (${place}) was not asked in time`,
          ...at,
        },
      ];
    const level = levelOf(answer, URL.parse(url)?.hostname === own);
    return level ? [{ check: 'P05', level, says: `${place}: ${url} ${saidBy(answer)}`, ...at }] : [];
  });
}

const FILTERED = [401, 403, 405, 429];

function levelOf({ status, trouble }: Answer, isOwn: boolean): Finding['level'] | undefined {
  if (status !== null && status < 400) return undefined;
  if (trouble === 'private') return 'block';
  const isTimely = trouble === 'timeout';
  // a filter against robots must not stop every edition without anybody able to let it pass
  const isFiltered = status !== null && FILTERED.includes(status);
  if (isOwn) return isTimely || isFiltered ? 'hold' : 'block';
  const isGone = status === 404 || status === 410 || trouble === 'dns' || trouble === 'tls';
  return isGone ? 'hold' : 'warn';
}

const TROUBLES: Record<NonNullable<Answer['trouble']>, string> = {
  dns: 'has a name that is not known',
  tls: 'shows a certificate that is not valid',
  timeout: 'did not answer within five seconds',
  private: 'is no public address',
  unreachable: 'cannot be reached',
};
const saidBy = ({ status, trouble }: Answer): string =>
  trouble === null ? `answers ${status}` : TROUBLES[trouble];

/** P08: whether pictures are there, of a kind that every mail program shows, and no heavier than a reader should wait for. */
export function checkPictureAnswers(model: EditionModel, answers: ReadonlyMap<string, Answer>): Finding[] {
  const pictures = picturesOf(model);
  const total = pictures.reduce((sum, { url }) => sum + (answers.get(url)?.size_bytes ?? 0), 0);
  const heavy: Finding[] =
    total > PICTURES_BYTES
      ? [
          {
            check: 'P08',
            level: 'warn',
            says: `the pictures have ${total} bytes; at most ${PICTURES_BYTES} are better`,
          },
        ]
      : [];
  return [
    ...pictures.flatMap(({ url, headline, article_id }): Finding[] => {
      const found = (level: Finding['level'], says: string): Finding[] => [
        {
          check: 'P08',
          level,
          says: `the picture of ${headline} ${says}`,
          at: { article_id, field: 'picture_url' },
        },
      ];
      const answer = answers.get(url);
      if (!answer) return found('warn', 'could not be checked: it was not asked in time');
      if (answer.status !== 200) return found('hold', saidBy(answer));
      const { type, size_bytes } = answer;
      if (type !== null && !KINDS.includes(type))
        return found('warn', `is ${type}; ${KINDS.join(', ')} expected`);
      return size_bytes !== null && size_bytes > PICTURE_BYTES
        ? found('warn', `has ${size_bytes} bytes; at most ${PICTURE_BYTES} are better`)
        : [];
    }),
    ...heavy,
  ];
}

const picturesOf = (model: EditionModel) =>
  itemsOf(model).flatMap(({ image, headline, article_id }) =>
    image ? [{ url: image.url, headline, article_id }] : [],
  );
