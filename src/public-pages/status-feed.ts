import { iso } from '../normalization/instant';
import { escaped } from './public-text';
import { durationText, instantText, LEVEL_WORDS } from './public-words';
import type { PublicIncident, PublicStatus } from './public-status';

/** So many items a feed has at most. */
const MAX_ITEMS = 100;

/** A feed, and when it last changed, in milliseconds since 1970 UTC; null where it never had an item. */
export interface Feed {
  readonly text: string;
  readonly changed_at: number | null;
}

interface Item {
  readonly guid: string;
  readonly title: string;
  readonly description: string;
  readonly at: number;
  readonly anchor: string;
}

/**
 * The history of a page as RSS 2.0 (https://www.rssboard.org/rss-specification): an item when something begins and one
 * when it is over, each under a name of its own for good, so that readers tell of both and of none twice.
 *
 * @param address where the page is, without a slash at its end
 */
export function statusFeed({ title, open, ended }: PublicStatus, address: string): Feed {
  const items = [...open, ...ended]
    .flatMap(itemsOf)
    .sort((one, other) => other.at - one.at || (one.guid < other.guid ? 1 : -1))
    .slice(0, MAX_ITEMS);
  const changed_at = items[0]?.at ?? null;
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>${escaped(title)}</title>
<link>${escaped(address)}</link>
<description>${escaped(`Incidents and maintenance of ${title}, the last 90 days`)}</description>
<language>en</language>
<ttl>1</ttl>
<atom:link href="${escaped(address)}/feed.rss" rel="self" type="application/rss+xml"/>
${changed_at === null ? '' : `<lastBuildDate>${rfc822(changed_at)}</lastBuildDate>\n`}${items
    .map((item) => itemText(item, address))
    .join('')}</channel>
</rss>
`;
  return { text, changed_at };
}

function itemsOf(incident: PublicIncident): Item[] {
  const { id, service_name, level, started_at, ended_at, summary } = incident;
  const what = `${service_name}: ${LEVEL_WORDS[level].toLowerCase()}`;
  const said = summary === null ? '' : ` ${summary}`;
  const began: Item = {
    guid: id,
    title: what,
    description: `Since ${instantText(started_at)}.${said}`,
    at: started_at,
    anchor: id,
  };
  if (ended_at === null) return [began];
  const over: Item = {
    // An incident that is opened again ends anew.
    guid: `${id}-${iso(ended_at)}`,
    title: `Over: ${what}`,
    description: `From ${instantText(started_at)} to ${instantText(ended_at)}, ${durationText(ended_at - started_at)}.${said}`,
    at: ended_at,
    anchor: id,
  };
  return [began, over];
}

function itemText({ guid, title, description, at, anchor }: Item, address: string): string {
  return `<item>
<title>${escaped(title)}</title>
<link>${escaped(`${address}#i-${anchor}`)}</link>
<guid isPermaLink="false">${escaped(guid)}</guid>
<pubDate>${rfc822(at)}</pubDate>
<description>${escaped(description)}</description>
</item>
`;
}

/** RFC 822 as RSS wants it, with a year of four digits. */
function rfc822(at: number): string {
  return new Date(at).toUTCString();
}
