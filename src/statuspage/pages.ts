import type { Settings } from '../config/settings';
import type { StatusPage } from '../normalization/statuspage-item';

/** A status page to poll. */
export interface Page extends StatusPage {
  /** Its `summary.json`; null where the fixture of that name stands in for it. */
  readonly url: string | null;
}

/** Which pages a poll reads: those on the network, or those of fixtures too. */
export type PollScope = 'all' | 'with_url';

/** The pages that the settings name. In production a page without a URL is not polled at all. */
export function pagesOf(settings: Settings): readonly Page[] {
  const pages = [
    { name: 'spreedly', url: settings.SPREEDLY_STATUS_SUMMARY_URL ?? null },
    { name: 'braze', url: settings.BRAZE_STATUS_SUMMARY_URL ?? null },
    ...settings.STATUS_PAGES,
  ];
  return pages
    .filter(({ url }) => url !== null || !settings.isProduction)
    .map(({ name, url }) => ({ name, url, source: `${name}_status` }));
}
