import type { EditionModel, ModelItem } from '../../editions/model.ts';
import { itemsOf } from '../../editions/model.ts';
import { wordCount } from '../../editions/wording.ts';
import type { StoryFact } from './facts.ts';
import type { Checked, Finding } from './finding.ts';

/** More words of a headline and summary than this have changed: a person should look. */
const DRIFT_WORDS = 3;

/** P11 and P13: there is a lead, and no story stands twice. */
export function checkShape({ model }: Checked): Finding[] {
  const items = itemsOf(model);
  if (items.length === 0) return [{ check: 'P11', level: 'block', says: 'the edition has no stories' }];
  const noLead: Finding[] = model.lead
    ? []
    : [{ check: 'P11', level: 'block', says: 'the edition has no lead' }];
  const twice = items.filter(({ url }, place) => items.findIndex((other) => other.url === url) < place);
  return [
    ...noLead,
    ...twice.map(
      ({ headline, article_id }): Finding => ({
        check: 'P13',
        level: 'block',
        says: `${headline} stands twice`,
        at: { article_id },
      }),
    ),
  ];
}

/** P12: what is no longer published, or not yet, may not be told. */
export function checkFreshness({ model, facts }: Checked): Finding[] {
  return eachStory(model, facts, ({ headline, article_id }, story) => {
    const at = { article_id };
    if (story.withdrawn) return { check: 'P12', level: 'block', says: `${headline} has been withdrawn`, at };
    if (story.embargoed)
      return { check: 'P12', level: 'block', says: `${headline} is under embargo at press time`, at };
    return undefined;
  });
}

/** P14: a story that was changed after it was taken in; one that was corrected holds the edition. */
export function checkDrift({ model, facts }: Checked): Finding[] {
  return eachStory(model, facts, ({ headline, summary, article_id }, story) => {
    if (!story.changed) return undefined;
    const at = { article_id, field: 'headline' };
    const isNewly = (word: RegExp) =>
      word.test(`${story.headline} ${story.summary}`) && !word.test(`${headline} ${summary}`);
    if (isNewly(/\b(correction|corrected|clarification|retract)/i))
      return {
        check: 'P14',
        level: 'hold',
        says: `${headline} has been corrected since it was taken in`,
        at,
      };
    const now = new Set(wordsOf(story.headline));
    const gone = wordsOf(headline).filter((word) => !now.has(word)).length;
    return gone + Math.max(0, wordCount(story.headline) - wordCount(headline)) > DRIFT_WORDS
      ? { check: 'P14', level: 'warn', says: `${headline} says now: ${story.headline}`, at }
      : undefined;
  });
}

function eachStory(
  model: EditionModel,
  facts: Checked['facts'],
  judge: (item: ModelItem, story: StoryFact) => Finding | undefined,
): Finding[] {
  return itemsOf(model).flatMap((item) => {
    const story = facts?.stories.get(item.article_id);
    return (story && judge(item, story)) ?? [];
  });
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
