import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '../../database/database';
import { maintenanceWithin, type MaintenanceSchedule } from '../../monitors/model/maintenance';
import type { SpanState } from '../../monitors/model/span-changes';
import { clip, unite, type Span } from '../../monitors/model/spans';
import { schedulesFor } from '../../monitors/storage/maintenance-window.entity';
import { MaintenanceWindowsRepository } from '../../monitors/storage/maintenance-windows.repository';
import { MonitorEntity } from '../../monitors/storage/monitor.entity';
import type { MonitorSpanEntity } from '../../monitors/storage/monitor-span.entity';
import { MonitorSpansRepository } from '../../monitors/storage/monitor-spans.repository';
import { outside } from '../model/minute-spans';
import { WatchHistory } from '../model/watch-history';
import { MONITORS, pageSubject, WatchesRepository } from '../storage/watches.repository';
import { VendorEvents } from './vendor-events';

/** Monitors that are read together. */
const AT_ONCE = 500;

type Spans = Partial<Record<SpanState, readonly Span[]>>;

/**
 * The histories of what is watched, reckoned from what is stored about it anyway. Nobody looked before a monitor was made
 * or a page was first read: those minutes are unseen, and part of the whole, so that a budget is that of the whole window
 * from its first minute on.
 */
@Injectable()
export class TargetHistories {
  constructor(
    private readonly database: Database,
    private readonly spans: MonitorSpansRepository,
    private readonly windows: MaintenanceWindowsRepository,
    private readonly watches: WatchesRepository,
    private readonly vendors: VendorEvents,
  ) {}

  /** Of monitors, by id; of those that are gone there is none. */
  async ofMonitors(ids: readonly string[], within: Span): Promise<Map<string, WatchHistory>> {
    const histories = new Map<string, WatchHistory>();
    if (ids.length === 0) return histories;
    const unwatched = outside(await this.watches.of(MONITORS), within);
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      for (const [id, history] of await this.ofSome(ids.slice(from, from + AT_ONCE), within, unwatched)) {
        histories.set(id, history);
      }
    }
    return histories;
  }

  /** Of a vendor. What its page says of the time before it was first read is not held against it. */
  async ofVendor(vendor: string, within: Span): Promise<WatchHistory> {
    const [watched, outages] = await Promise.all([
      this.watches.of(pageSubject(vendor)),
      this.vendors.outages(vendor, within),
    ]);
    const known = { from_at: watched[0]?.from_at ?? within.until_at, until_at: within.until_at };
    return new WatchHistory({
      expected: [within],
      outages: outages.map((outage) => clip(outage, known)),
      unseen: outside(watched, within),
    });
  }

  private async ofSome(
    ids: readonly string[],
    within: Span,
    unwatched: readonly Span[],
  ): Promise<[string, WatchHistory][]> {
    const monitors = await this.database.read.find(MonitorEntity, {
      select: { id: true, account_id: true, created_at: true },
      where: { id: In([...ids]) },
    });
    const rows = Map.groupBy(
      await this.spans.within(ids, within.from_at, within.until_at),
      ({ monitor_id }) => monitor_id,
    );
    const windows = await this.windows.ofAccounts([...new Set(monitors.map(({ account_id }) => account_id))]);
    const maintenance = new Occurrences(within);
    return monitors.map(({ id, account_id, created_at }) => {
      const { down = [], unknown = [], paused = [] } = byState(rows.get(id) ?? [], within);
      const theirs = windows.filter((window) => window.account_id === account_id);
      const left = unite([...paused, ...maintenance.of(schedulesFor(id, theirs))]);
      const before = { from_at: within.from_at, until_at: Math.max(within.from_at, created_at) };
      const unseen = [before, ...unwatched, ...unknown];
      return [id, new WatchHistory({ expected: outside(left, within), outages: down, unseen })];
    });
  }
}

/** Most monitors of an account have the same schedules, and what those come to is reckoned day by day. */
class Occurrences {
  private readonly known = new Map<string, readonly Span[]>();

  constructor(private readonly within: Span) {}

  of(schedules: readonly MaintenanceSchedule[]): readonly Span[] {
    if (schedules.length === 0) return [];
    const key = JSON.stringify(schedules);
    const known = this.known.get(key) ?? maintenanceWithin(schedules, this.within);
    this.known.set(key, known);
    return known;
  }
}

function byState(rows: readonly MonitorSpanEntity[], within: Span): Spans {
  const grouped = Map.groupBy(rows, ({ state }) => state);
  return Object.fromEntries(
    [...grouped].map(([state, some]) => [
      state,
      some.map(({ from_at, until_at }) => ({ from_at, until_at: until_at ?? within.until_at })),
    ]),
  );
}
