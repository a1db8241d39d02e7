import { words } from '../messages/words/bidi.ts';
import { escapeMarkup } from '../messages/words/escape.ts';
import { DOME_DAILY, PAGES } from './dome-daily.ts';
import {
  approvedComments,
  findStory,
  hoursBefore,
  imageOf,
  type Setting,
  type Story,
  type StoryComment,
  type StoryImage,
  storyUrl,
} from './story.ts';
import { structuredData } from './structured-data.ts';

/** The page of a story as a complete HTML document, or undefined where there is no such story. */
export function storyPage(slug: string, setting: Setting): string | undefined {
  const story = findStory(slug);
  if (!story) return undefined;
  return `<!DOCTYPE html>
<html lang="${DOME_DAILY.lang}" dir="${DOME_DAILY.dir}">
<head>
${head(story, setting)}
</head>
<body>
<a class="skip" href="#main">Skip to the story</a>
<header class="masthead">
  <p class="nameplate"><a href="${PAGES.home}">${escapeMarkup(DOME_DAILY.name)}</a></p>
  <p class="tagline">${escapeMarkup(DOME_DAILY.tagline)}</p>
</header>
<main id="main">
${article(story, setting)}
${comments(story, setting)}
</main>
<footer class="foot">
  <p>${escapeMarkup(DOME_DAILY.name)} is a sample newspaper. Its people, bills, states and ducks are invented.</p>
  <p><a href="${PAGES.home}">Front page</a> <a href="${PAGES.archive}">Past editions</a> <a href="mailto:${escapeMarkup(DOME_DAILY.corrections_address)}">Corrections</a></p>
</footer>
</body>
</html>
`;
}

function head(story: Story, setting: Setting): string {
  const { publicUrl, at } = setting;
  const url = storyUrl(story, publicUrl);
  const properties: Record<string, string> = {
    'og:type': 'article',
    'og:site_name': DOME_DAILY.name,
    'og:title': story.headline,
    'og:description': story.summary,
    'og:url': url,
    'article:section': story.section,
    'article:published_time': hoursBefore(story.hours_before_press, at).toString(),
    ...(story.image && {
      'og:image': imageOf(story.image, publicUrl).url,
      'og:image:alt': story.image.alt,
    }),
  };
  return `<meta charset="utf-8">
<title>${escapeMarkup(`${story.headline} · ${DOME_DAILY.name}`)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="author" content="${escapeMarkup(story.byline)}">
<meta name="description" content="${escapeMarkup(story.summary)}">
${Object.entries(properties)
  .map(([name, content]) => `<meta property="${name}" content="${escapeMarkup(content)}">`)
  .join('\n')}
<link rel="canonical" href="${escapeMarkup(url)}">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/site.css">
<script type="application/ld+json">${structuredData(story, setting)}</script>`;
}

function article(story: Story, { publicUrl, at }: Setting): string {
  const published = hoursBefore(story.hours_before_press, at);
  return `<article class="reading">
  <header>
    <p class="kicker">${escapeMarkup(story.section)}</p>
    <h1>${escapeMarkup(story.headline)}</h1>
    <p class="pitch">${escapeMarkup(story.summary)}</p>
    <p class="byline">By <span rel="author">${named(story.byline)}</span> · <time datetime="${published}">${escapeMarkup(moment(published))}</time></p>
  </header>
${story.image ? figure(story.image, publicUrl) : ''}${story.body.map((paragraph) => `  <p>${escapeMarkup(paragraph)}</p>`).join('\n')}
</article>`;
}

function figure(image: StoryImage, publicUrl: string): string {
  const { url, width, height } = imageOf(image, publicUrl);
  return `  <figure class="lead-picture">
    <img src="${escapeMarkup(url)}" alt="${escapeMarkup(image.alt)}" width="${width}" height="${height}">
    <figcaption><span class="caption">${escapeMarkup(image.caption)}</span> <span class="credit edition-credit">${escapeMarkup(image.credit)}</span></figcaption>
  </figure>
`;
}

function comments(story: Story, { at }: Setting): string {
  const shown = approvedComments(story);
  if (shown.length === 0) return '';
  return `<section class="reading edition-section" id="comments" aria-labelledby="comments-heading">
  <h2 class="edition-heading" id="comments-heading">${shown.length === 1 ? 'One comment' : `${shown.length} comments`}</h2>
${shown.map((one) => comment(one, at)).join('\n')}
</section>`;
}

function comment({ author_name, text, hours_before_press }: StoryComment, at: Temporal.Instant): string {
  const written = hoursBefore(hours_before_press, at);
  return `  <article class="edition-story" itemscope itemtype="https://schema.org/Comment">
    <p class="byline"><span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">${named(author_name)}</span></span> · <time itemprop="dateCreated" datetime="${written}">${escapeMarkup(moment(written))}</time></p>
    <p itemprop="text">${escapeMarkup(text)}</p>
  </article>`;
}

/** A name in whatever script, marked where it is not the page's. */
function named(name: string): string {
  return words(name, DOME_DAILY)
    .runs.map(({ text, dir, lang }) => {
      if (dir === null) return escapeMarkup(text);
      return `<span dir="${dir}"${lang ? ` lang="${lang}"` : ''}>${escapeMarkup(text)}</span>`;
    })
    .join('');
}

/** "November 23, 2026 at 4:15 AM EST". */
const moment = (at: Temporal.Instant): string =>
  at.toZonedDateTimeISO(DOME_DAILY.zone).toLocaleString('en-US', {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  });
