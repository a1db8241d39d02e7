import { escapeMarkup } from '../messages/words/escape.ts';
import { routes } from '../routes.ts';
import { DOME_DAILY, PAGES } from './dome-daily.ts';
import {
  approvedComments,
  hoursBefore,
  imageOf,
  listStories,
  type Setting,
  type Story,
  type StoryImage,
  storyUrl,
} from './story.ts';

/**
 * The sample newsroom's feed as RSS 2.0, in the newsroom's own order (the lead first), every story dated within the
 * 22 hours before `at`. The same `at` gives the same feed.
 */
export function newsroomFeed({ publicUrl, at }: Setting): string {
  const { name, tagline, lang } = DOME_DAILY;
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel>
<title>${escapeMarkup(name)}</title>
<link>${escapeMarkup(`${publicUrl}${PAGES.home}`)}</link>
<atom:link href="${escapeMarkup(`${publicUrl}${routes.newsroomFeed}`)}" rel="self" type="application/rss+xml"/>
<description>${escapeMarkup(tagline)}</description>
<language>${lang}</language>
<lastBuildDate>${rfc822(hoursBefore(0, at))}</lastBuildDate>
<ttl>15</ttl>
${listStories()
  .map((story) => item(story, { publicUrl, at }))
  .join('\n')}
</channel>
</rss>
`;
}

function item(story: Story, { publicUrl, at }: Setting): string {
  const mark = story.wire ? '?utm_source=capitol-wire&utm_medium=feed' : '';
  const html = story.body.map((paragraph) => `<p>${escapeMarkup(paragraph)}</p>`).join('\n');
  return `<item>
<title>${escapeMarkup(story.headline)}</title>
<link>${escapeMarkup(storyUrl(story, publicUrl) + mark)}</link>
<guid isPermaLink="false">${escapeMarkup(`${DOME_DAILY.slug}/${story.slug}`)}</guid>
<pubDate>${rfc822(hoursBefore(story.hours_before_press, at))}</pubDate>
<dc:creator>${escapeMarkup(story.byline)}</dc:creator>
<category>${escapeMarkup(story.section)}</category>
<description>${escapeMarkup(escapeMarkup(story.summary))}</description>
<content:encoded>${escapeMarkup(html)}</content:encoded>
${story.image ? media(story.image, publicUrl) : ''}<slash:comments>${approvedComments(story).length}</slash:comments>
</item>`;
}

function media(image: StoryImage, publicUrl: string): string {
  const { url, width, height } = imageOf(image, publicUrl);
  return `<media:content url="${escapeMarkup(url)}" medium="image" type="image/png" width="${width}" height="${height}">
<media:title type="plain">${escapeMarkup(image.alt)}</media:title>
<media:description type="plain">${escapeMarkup(image.caption)}</media:description>
<media:credit role="photographer">${escapeMarkup(image.credit)}</media:credit>
<media:text type="plain">${escapeMarkup(image.alt)}</media:text>
</media:content>
`;
}

/** RSS dates are those of RFC 822 with a year of four digits. */
const rfc822 = (at: Temporal.Instant): string => new Date(at.epochMilliseconds).toUTCString();
