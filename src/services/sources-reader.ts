import { Injectable } from '@nestjs/common';
import { CronTime } from 'cron';
import { Settings } from '../config/settings';
import { Database } from '../database/database';
import { StripeRefusals } from '../ingest/stripe-refusals';
import { StripeSecrets } from '../ingest/stripe-secrets';
import { isoOrNull } from '../normalization/instant';
import { DEFAULT_ACCOUNT } from '../normalization/normalized-event';
import { StatusPoller } from '../statuspage/status-poller';
import { readMonitors, type MonitorFact } from './monitor-facts';
import { LAST_OF_SOURCE } from './services-statements';
import type { MonitorSourceView, PageSourceView, SourcesView, StripeSourceView } from './sources-views';

/** Reads how signals come in. */
@Injectable()
export class SourcesReader {
  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly poller: StatusPoller,
    private readonly secrets: StripeSecrets,
    private readonly refusals: StripeRefusals,
  ) {}

  async read(accountId: string): Promise<SourcesView> {
    const [pages, stripe, monitors] = await Promise.all([
      // The events of status pages are the default account's.
      accountId === DEFAULT_ACCOUNT ? this.pages() : [],
      this.stripe(accountId),
      readMonitors(this.database.read, accountId),
    ]);
    return { pages, stripe, monitors: monitorsView(monitors) };
  }

  private async pages(): Promise<PageSourceView[]> {
    const now = await this.database.now();
    const nextPollAt = nextAfter(this.settings.STATUS_POLL_CRON, now);
    const details = await this.poller.details();
    return details.map(({ is_scheduled, retry_at, ...page }) => ({
      ...page,
      is_readable: page.last_success_at !== null && page.failing_since === null,
      next_poll_at: is_scheduled ? latest(nextPollAt, retry_at) : null,
    }));
  }

  private async stripe(accountId: string): Promise<StripeSourceView> {
    const isDefault = accountId === DEFAULT_ACCOUNT;
    const [[newest], isConfigured] = await Promise.all([
      LAST_OF_SOURCE.run(this.database.read, ['stripe', accountId]),
      isDefault ? this.secrets.all.length > 0 : this.secrets.areThereFor(accountId),
    ]);
    const { count, at, code } = this.refusals.of(accountId);
    return {
      is_configured: isConfigured,
      last_event_at: isoOrNull(newest?.received_at ?? null),
      refused: count,
      last_refused_at: isoOrNull(at),
      last_refused_code: code,
    };
  }
}

function monitorsView(monitors: readonly MonitorFact[]): MonitorSourceView {
  const count = (state: MonitorFact['state']): number => monitors.filter((one) => one.state === state).length;
  const newest = monitors.reduce<number | null>(
    (latest, { checked_at }) => (checked_at !== null && checked_at > (latest ?? 0) ? checked_at : latest),
    null,
  );
  return {
    down: count('down'),
    degraded: count('degraded'),
    unknown: count('unknown'),
    up: count('up'),
    paused: count('paused'),
    last_check_at: isoOrNull(newest),
  };
}

/** The next instant of a cron expression in UTC, as ISO-8601. */
function nextAfter(cron: string, now: number): string {
  const next = new CronTime(cron, 'UTC').getNextDateFrom(new Date(now), 'UTC');
  return next.toUTC().toISO() ?? '';
}

function latest(one: string, other: string | null): string {
  return other !== null && other > one ? other : one;
}
