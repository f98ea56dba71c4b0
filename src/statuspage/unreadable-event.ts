import { iso } from '../normalization/instant';
import { DEFAULT_ACCOUNT, type NormalizedEvent } from '../normalization/normalized-event';
import type { Page } from './pages';

/** The type of events about a source itself. */
export const SOURCE_UNREADABLE = 'source_unreadable';

/** The event of a page that has been unreadable for too long. Its text is fixed, whatever the newest failure is. */
export function unreadableEvent(page: Page, failingSince: number): NormalizedEvent {
  const since = iso(failingSince);
  return {
    account_id: DEFAULT_ACCOUNT,
    event_id: `${page.source}:unreadable:${since}`,
    source: page.source,
    kind: 'status',
    severity: 'warning',
    service: page.name,
    type: SOURCE_UNREADABLE,
    user_id: null,
    summary: `The status page of ${page.name} cannot be read`,
    description:
      'Signalbox cannot tell what is broken there, or what has recovered. GET /readyz names the newest failure.',
    started_at: failingSince,
    resolved_at: null,
    updated_at: failingSince,
    raw: JSON.stringify({ page: page.name, source: page.source, url: page.url, failing_since: since }),
  };
}

/** The same event once the page was read again. */
export function readableAgain(event: NormalizedEvent, now: number): NormalizedEvent {
  return { ...event, resolved_at: now, updated_at: now };
}
