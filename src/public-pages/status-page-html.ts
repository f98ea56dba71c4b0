import type { PublicStatus } from './public-status';
import { escaped } from './public-text';
import { bannerOf } from './public-words';
import { banner, endedSection, openSection, plannedSection, servicesSection } from './status-page-parts';
import { STYLE } from './status-page-style';

/** A public page as a document of its own, which needs no script and loads nothing. */
export function statusPageHtml(status: PublicStatus, { isPreview = false } = {}): string {
  const { slug, title } = status;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">${isPreview ? '\n<meta name="robots" content="noindex">' : ''}
<title>${escaped(`${bannerOf(status)} · ${title}`)}</title>
<link rel="alternate" type="application/rss+xml" title="${escaped(title)}" href="/status/${slug}/feed.rss">
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header><h1><bdi>${escaped(title)}</bdi></h1></header>
<main>
${isPreview ? '<p class="notice">This is a preview: only who has this link sees it, for an hour.</p>' : ''}
${banner(status)}
${openSection(status)}
${plannedSection(status)}
${servicesSection(status)}
${endedSection(status)}
</main>
<footer class="quiet">
<p><a href="/status/${slug}/feed.rss">RSS feed</a> · <a href="/status/${slug}/status.json">JSON</a></p>
<p>All times are UTC. Uptime is what part of our checks found the service working, cut and never rounded up; planned maintenance is left out.</p>
</footer>
</body>
</html>
`;
}
