import { itemsOf, type ModelImage } from '../../editions/model.ts';
import type { Checked, Finding } from './finding.ts';

const ALT = { least: 5, most: 150 };
/** Widths at which a picture stands in the mail; on sharp screens twice as many points are seen. */
const SHOWN_WIDE = { lead: 600, thumb: 140 };
const ASPECT = { least: 1.3, most: 2.2 };

/** P07 and P08: what stands for a picture where it is not seen, whose it is, and whether it is fit to be shown. */
export function checkPictures({ model }: Checked): Finding[] {
  return itemsOf(model).flatMap(({ image, headline, article_id }) => {
    if (!image) return [];
    const wide = model.lead?.article_id === article_id ? SHOWN_WIDE.lead : SHOWN_WIDE.thumb;
    return [
      ...altFindings(image, headline).map((one) => ({ ...one, at: { article_id, field: 'image_alt' } })),
      ...factFindings(image, headline, wide).map((one) => ({
        ...one,
        at: { article_id, field: 'image_caption' },
      })),
    ];
  });
}

function altFindings({ alt, caption }: ModelImage, headline: string): Finding[] {
  const found = (level: Finding['level'], says: string): Finding[] => [{ check: 'P07', level, says }];
  if (alt === '') return found('warn', `the picture of ${headline} has no words for those who do not see it`);
  if (/\.(jpe?g|png|gif|webp|avif)$/i.test(alt))
    return found('hold', `the picture of ${headline} is described by the name of a file: ${alt}`);
  if (/^(an? )?(image|picture|photo(graph)?) of\b/i.test(alt))
    return found(
      'warn',
      `the description of the picture of ${headline} begins with “${alt.split(' ', 3).join(' ')}”`,
    );
  if (alt === headline || alt === caption)
    return found('warn', `the picture of ${headline} is described by words that stand beside it`);
  if (alt.length < ALT.least || alt.length > ALT.most)
    return found(
      'warn',
      `the description of the picture of ${headline} has ${alt.length} characters; ${ALT.least} to ${ALT.most} expected`,
    );
  return [];
}

function factFindings({ url, credit, width, height }: ModelImage, headline: string, wide: number): Finding[] {
  const warn = (says: string): Finding => ({ check: 'P08', level: 'warn', says });
  const path = URL.parse(url)?.pathname ?? '';
  return [
    ...(credit ? [] : [warn(`the picture of ${headline} has no credit`)]),
    ...(/\.(webp|svg|avif)$/i.test(path)
      ? [warn(`the picture of ${headline} is of a kind that some mail programs do not show`)]
      : []),
    ...(width && width < wide * 2
      ? [warn(`the picture of ${headline} is ${width} points wide; ${wide * 2} are sharp`)]
      : []),
    ...(width && height && (width / height < ASPECT.least || width / height > ASPECT.most)
      ? [
          warn(
            `the picture of ${headline} is ${width} by ${height}; ${ASPECT.least} to ${ASPECT.most} times as wide as high is better`,
          ),
        ]
      : []),
  ];
}
