import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings';
import { Database } from '../database/database';
import { schedulesFor } from '../monitors/storage/maintenance-window.entity';
import { MaintenanceWindowsRepository } from '../monitors/storage/maintenance-windows.repository';
import { shownState, type MonitorState } from '../monitors/model/state';
import { isInMaintenance, type MaintenanceSchedule } from '../monitors/model/maintenance';
import { serviceOf, type CheckResult, type MonitorDefinition } from '../monitors/model/monitor';
import { DEFAULT_ACCOUNT } from '../normalization/normalized-event';
import { StatusPoller } from '../statuspage/status-poller';
import {
  ENDED_EVENTS_OF,
  MONITORS_OF,
  OPEN_EVENTS_OF,
  type EndedEvent,
  type MonitorOfService,
} from './chosen-services-statements';
import { DAY_MS } from './day-history';
import type { SpeakingMonitor } from './monitor-facts';
import { HISTORY_MS, servicesAnswer } from './services-answer';
import { LAST_SEEN, type OpenEvent } from './services-statements';
import type { ServiceView } from './services-views';

/** So many of each are read, the worst or the newest. */
const MAX_OPEN_OF_EACH = 20;
const MAX_ENDED = 1_000;
const MAX_MONITORS = 300;

/** So late checks and calls may be. */
const LATE_MS = 5 * 60_000;

/** A monitor of a chosen service that is not paused. Instants in milliseconds since 1970 UTC. */
export interface ChosenMonitor {
  readonly id: string;
  readonly service: string;
  readonly definition: MonitorDefinition;
  readonly fact: SpeakingMonitor;
  readonly schedules: readonly MaintenanceSchedule[];
  readonly is_in_maintenance: boolean;
  readonly created_at: number;
}

/** What is known of the services that somebody has chosen. */
export interface ChosenServices {
  readonly now: number;
  /** Since when what has ended is known in full. */
  readonly history_since: number;
  /** By name; one of which nothing is known is missing. */
  readonly services: ReadonlyMap<string, ServiceView>;
  readonly monitors: readonly ChosenMonitor[];
  /** Whether those are all there are; else they are the worst. */
  readonly has_all_monitors: boolean;
  readonly open: readonly OpenEvent[];
  /** Newest first. */
  readonly ended: readonly EndedEvent[];
}

/**
 * Reads how some services of one account are: the same evidence as `ServicesReader`, but of these alone, so that none is
 * left out or looks better because of how much else is stored. Asks nobody.
 */
@Injectable()
export class ChosenServicesReader {
  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly poller: StatusPoller,
    private readonly windows: MaintenanceWindowsRepository,
  ) {}

  async read(account: string, chosen: readonly string[]): Promise<ChosenServices> {
    const manager = this.database.read;
    const now = await this.database.now();
    const names = JSON.stringify(chosen.map((service) => [service]));
    const isVendors = account === DEFAULT_ACCOUNT;
    // What is older has been removed.
    const from = now - Math.min(HISTORY_MS, this.settings.RETENTION_DAYS * DAY_MS);
    const [open, ended, rows, windows, pages, seen] = await Promise.all([
      OPEN_EVENTS_OF.run(manager, [account, names, MAX_OPEN_OF_EACH]),
      this.ended(account, names, from),
      MONITORS_OF.run(manager, [account, names, MAX_MONITORS]),
      this.windows.ofAccounts([account]),
      isVendors ? this.poller.health() : [],
      LAST_SEEN.run(manager, [account, names]),
    ]);
    const monitors = rows.flatMap((row) => monitorOf(row, now, (id) => schedulesFor(id, windows)));
    const history_since = Math.max(from, ended.completeSince);
    const { services } = servicesAnswer({
      now,
      history_since,
      open,
      past: ended.events,
      triggers: [],
      pages: pages.filter(({ page }) => chosen.includes(page)),
      // Maintenance is no outage, unless the outage was there before.
      monitors: monitors.filter((one) => !one.is_in_maintenance).map(({ fact }) => fact),
      last_seen: new Map(
        seen.flatMap(({ service, received_at }) => (received_at === null ? [] : [[service, received_at]])),
      ),
      dead_24h: 0,
    });
    return {
      now,
      history_since,
      services: new Map(services.map((view) => [view.service, view])),
      monitors,
      has_all_monitors: rows.length < MAX_MONITORS,
      open,
      ended: ended.events,
    };
  }

  private async ended(
    account: string,
    names: string,
    from: number,
  ): Promise<{ readonly events: readonly EndedEvent[]; readonly completeSince: number }> {
    const [incidents, statuses] = await this.database.longRead(async (reader) => [
      await ENDED_EVENTS_OF.run(reader, ['incident', account, from, names, MAX_ENDED]),
      await ENDED_EVENTS_OF.run(reader, ['status', account, from, names, MAX_ENDED]),
    ]);
    return {
      events: [...incidents, ...statuses].sort((one, other) => other.received_at - one.received_at),
      completeSince: Math.max(completeSince(incidents), completeSince(statuses)),
    };
  }
}

/** Since when the newest rows are all there were. */
function completeSince(rows: readonly EndedEvent[]): number {
  return rows.length < MAX_ENDED ? -Infinity : (rows.at(-1)?.received_at ?? -Infinity);
}

/** So long a check that found all well says so, in milliseconds: some of the next ones may be late. */
function freshForMs(definition: MonitorDefinition): number {
  if (definition.type === 'heartbeat') return (definition.period_s + definition.grace_s) * 1_000 + LATE_MS;
  return Math.max(LATE_MS, 3 * definition.interval_s * 1_000);
}

/** Nothing of a monitor that is paused: it says nothing. */
function monitorOf(
  row: MonitorOfService,
  now: number,
  schedulesOf: (id: string) => readonly MaintenanceSchedule[],
): ChosenMonitor[] {
  const definition = JSON.parse(row.definition) as MonitorDefinition;
  const stored = JSON.parse(row.state) as MonitorState;
  const shown = shownState(stored, definition);
  if (shown === 'paused') return [];
  const check = row.last_check === null ? null : (JSON.parse(row.last_check) as CheckResult | null);
  const checked_at = check?.started_at ?? null;
  const isFresh = checked_at !== null && now - checked_at <= freshForMs(definition);
  const schedules = schedulesOf(row.id);
  const service = serviceOf(definition);
  return [
    {
      id: row.id,
      service,
      definition,
      // What was down when it was last checked is not up because nobody checks.
      fact: { service, state: shown === 'up' && !isFresh ? 'unknown' : shown, checked_at },
      schedules,
      is_in_maintenance: stored.incident === null && isInMaintenance(schedules, now),
      created_at: Number(row.created_at),
    },
  ];
}
