import { DOME_DAILY } from './dome-daily.ts';
import {
  approvedComments,
  hoursBefore,
  imageOf,
  type Setting,
  type Story,
  type StoryComment,
  type StoryImage,
  storyUrl,
} from './story.ts';

/** What a story's page says to machines: a schema.org NewsArticle as JSON-LD that can stand in a script element. */
export function structuredData(story: Story, { publicUrl, at }: Setting): string {
  const published = hoursBefore(story.hours_before_press, at).toString();
  const shown = approvedComments(story);
  const data = {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    mainEntityOfPage: storyUrl(story, publicUrl),
    url: storyUrl(story, publicUrl),
    headline: story.headline,
    description: story.summary,
    articleSection: story.section,
    inLanguage: DOME_DAILY.lang,
    datePublished: published,
    dateModified: published,
    author: { '@type': story.wire ? 'Organization' : 'Person', name: story.byline },
    publisher: { '@type': 'NewsMediaOrganization', name: DOME_DAILY.name, url: publicUrl },
    isAccessibleForFree: true,
    ...(story.image && { image: imageObject(story.image, publicUrl) }),
    commentCount: shown.length,
    comment: shown.map((comment) => commentObject(comment, at)),
  };
  return JSON.stringify(data).replaceAll('<', '\\u003c'); // no words of ours may close the script element
}

const imageObject = (image: StoryImage, publicUrl: string) => ({
  '@type': 'ImageObject',
  ...imageOf(image, publicUrl),
  caption: image.caption,
  creditText: image.credit,
});

const commentObject = ({ author_name, text, hours_before_press }: StoryComment, at: Temporal.Instant) => ({
  '@type': 'Comment',
  author: { '@type': 'Person', name: author_name },
  text,
  dateCreated: hoursBefore(hours_before_press, at).toString(),
});
