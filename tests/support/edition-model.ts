import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EditionModel, ModelImage, ModelItem } from '../../src/editions/model.ts';
import type { PlateVariant, ReaderBlanks } from '../../src/messages/plate.ts';

const SAMPLE = join(import.meta.dirname, '../../templates/email/edition/sample.json');

/** The edition of the templates' sample, fresh at each call, with the blanks of Ann, on trial. */
export function sampleEdition(): { model: EditionModel; variant: PlateVariant; blanks: ReaderBlanks } {
  return JSON.parse(readFileSync(SAMPLE, 'utf8'));
}

/** An item with the words given, and plain ones elsewhere. */
export function modelItem(over: Partial<ModelItem> = {}): ModelItem {
  return {
    article_id: 1,
    headline: 'A headline',
    byline: 'Marian Holloway',
    summary: 'What happened, in a sentence.',
    url: 'https://dome.test/2026/11/23/a-headline',
    lang: null,
    section: 'Congress',
    follow_up: false,
    prior_url: null,
    related: null,
    image: null,
    ...over,
  };
}

/** A picture as the newsroom gives it. */
export function modelImage(over: Partial<ModelImage> = {}): ModelImage {
  return {
    url: 'https://dome.test/pictures/alder.jpg',
    alt: 'A senator before microphones',
    caption: 'Sen. Ruth Alder on Monday night.',
    credit: 'Photo by Iris Vane',
    width: 1200,
    height: 676,
    ...over,
  };
}

/** The fullest edition that the rules allow: twenty items of the longest words, four pictures, links of 90 characters. */
export function fullestEdition(): EditionModel {
  const { model } = sampleEdition();
  const words = (count: number) =>
    Array.from({ length: count }, (_, i) => LONG_WORDS[i % LONG_WORDS.length]).join(' ');
  const item = (place: number, over: Partial<ModelItem>) =>
    modelItem({
      article_id: place,
      headline: words(40).slice(0, 90),
      byline: 'Bartholomew Featherstonehaugh-Cholmondeley and Wilhelmina Vandenberghe',
      url: `https://dome.test/2026/11/23/${'administration-responsibilities-'.repeat(2)}?id=${place}&utm_source=daily`,
      ...over,
    });
  return {
    ...model,
    lead: item(1, { image: modelImage(), summary: words(60) }),
    top: [2, 3, 4, 5, 6].map((place) =>
      item(place, {
        summary: words(35),
        follow_up: true,
        prior_url: 'https://news.dome.test/dome-daily/editions/2026-11-20',
        related: { headline: words(10), url: 'https://dome.test/2026/11/20/related' },
        image: place < 5 ? modelImage() : null,
      }),
    ),
    sections: ['Congress', 'White House', 'Campaigns', 'Policy'].map((name, nth) => ({
      name,
      items: [7, 8, 9].map((place) => item(place + 3 * nth, { summary: words(35) })),
    })),
    briefs: [item(19, { summary: '' }), item(20, { summary: '' })],
  };
}

const LONG_WORDS =
  'administration responsibilities constitutional appropriations notwithstanding deliberations'.split(' ');

/** An edition of a newsletter in Arabic, with English words in it. */
export function arabicEdition(): EditionModel {
  const { model } = sampleEdition();
  return {
    ...model,
    publication: {
      ...model.publication,
      name: 'يوميات القبة',
      tagline: 'أخبار التل كل صباح',
      lang: 'ar',
      dir: 'rtl',
    },
    subject: 'تأجيل التصويت إلى الخميس',
    preheader: 'رئيسة جديدة للجنة القواعد، ومال لجسر هارو',
    editors_line: 'صباح الخير. تأجل التصويت إلى الخميس.',
    lead: modelItem({
      headline: 'تأجيل التصويت على الميزانية',
      byline: 'Marian Holloway',
      summary: 'اتفق الشيوخ مساء الاثنين على تأجيل مشروع Farm Aid 2026 ثلاثة أيام.',
      section: 'الكونغرس',
      image: modelImage({ caption: 'السيناتورة ألدر', credit: 'Photo by Iris Vane' }),
    }),
    top: [
      modelItem({
        headline: 'مطرقة جديدة للجنة',
        byline: 'أحمد علي',
        summary: 'وعود بليال أقصر.',
        section: 'الكونغرس',
        image: modelImage(),
      }),
    ],
    sections: [],
    briefs: [modelItem({ headline: 'تجديد دعم العبّارات', byline: null, summary: '', section: 'سياسة' })],
    comment: null,
  };
}
