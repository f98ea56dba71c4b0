import { Injectable } from '@nestjs/common';
import { BoundedMap } from '../accounts/bounded-map';
import { Settings } from '../config/settings';
import { maintenanceWithin } from '../monitors/model/maintenance';
import { addCounts, uptimeOf, type UptimeWindow } from '../monitors/model/uptime';
import { UptimeTotals, type TotalsByWindow } from '../monitors/uptime/uptime-totals';
import {
  ChosenServicesReader,
  type ChosenMonitor,
  type ChosenServices,
} from '../services/chosen-services-reader';
import { DAY_MS } from '../services/day-history';
import { worstOf } from '../services/service-state';
import type { PublicPageEntity } from './public-page.entity';
import { publicIncidents } from './public-incidents';
import { publicStateOf } from './public-state';
import type { PlannedMaintenance, PublicService, PublicStatus } from './public-status';

/** So far ahead maintenance is told. */
const PLANNED_MS = 7 * DAY_MS;
const MAX_PLANNED = 20;

/** Uptime goes through very many roll-ups and changes little: it is counted this often. */
const UPTIME_FRESH_MS = 60_000;

/** So many pages' uptimes are remembered. */
const MAX_REMEMBERED = 100;

interface Counted {
  readonly monitors: string;
  readonly at: number;
  readonly totals: ReadonlyMap<string, TotalsByWindow>;
}

/** Reads what a page tells: of its own services alone, and under their public names. */
@Injectable()
export class PublicStatusReader {
  private readonly counted = new BoundedMap<string, Counted>(MAX_REMEMBERED);

  constructor(
    private readonly settings: Settings,
    private readonly services: ChosenServicesReader,
    private readonly uptimes: UptimeTotals,
  ) {}

  async read(page: PublicPageEntity): Promise<PublicStatus> {
    const { slug, title } = page;
    const known = await this.services.read(
      page.account_id,
      page.services.map(({ service }) => service),
    );
    const totals = await this.totalsOf(page.account_id, known);
    const monitors_by = Map.groupBy(known.monitors, ({ service }) => service);
    const services = page.services.map(({ id, name, service }): PublicService => {
      const monitors = monitors_by.get(service) ?? [];
      const view = known.services.get(service);
      const judged = publicStateOf({
        view,
        is_in_maintenance: monitors.some(({ is_in_maintenance }) => is_in_maintenance),
        now: known.now,
        pageFreshForMs: this.settings.SOURCE_STALE_MS,
      });
      const created = monitors.map(({ created_at }) => created_at);
      return {
        id,
        name,
        ...judged,
        uptime_percent: uptimeOfAll(monitors, known.has_all_monitors ? totals : new Map()),
        measured_since: created.length === 0 ? null : Math.min(...created),
        days: view?.days ?? [],
      };
    });
    return {
      slug,
      title,
      state: worstOf(services.map(({ state }) => state)),
      at: known.now,
      is_stale: false,
      history_since: known.history_since,
      services,
      ...publicIncidents(page, known),
      planned: plannedOf(page, known),
    };
  }

  private async totalsOf(
    account: string,
    { monitors, now }: ChosenServices,
  ): Promise<ReadonlyMap<string, TotalsByWindow>> {
    const ids = monitors.map(({ id }) => id);
    const known = this.counted.get(account);
    const names = ids.toSorted().join();
    if (known?.monitors === names && now < known.at + UPTIME_FRESH_MS && now >= known.at) return known.totals;
    const totals = await this.uptimes.of(ids, now);
    this.counted.set(account, { monitors: names, at: now, totals });
    return totals;
  }
}

/** Of all checks of a service together. */
function uptimeOfAll(
  monitors: readonly ChosenMonitor[],
  totals: ReadonlyMap<string, TotalsByWindow>,
): Record<UptimeWindow, number | null> {
  const counts = monitors.flatMap(({ id }) => totals.get(id) ?? []);
  const percentOf = (window: UptimeWindow): number | null =>
    uptimeOf(addCounts(counts.map((one) => one[window])), 0).uptime_percent;
  return { '24h': percentOf('24h'), '7d': percentOf('7d'), '30d': percentOf('30d'), '90d': percentOf('90d') };
}

/** Maintenance of the shown services' monitors; what comes at the same time is told once. */
function plannedOf(page: PublicPageEntity, { monitors, now }: ChosenServices): PlannedMaintenance[] {
  const within = { from_at: now, until_at: now + PLANNED_MS };
  const found = page.services.flatMap(({ id, name, service }) => {
    const schedules = monitors
      .filter((monitor) => monitor.service === service)
      .flatMap((monitor) => monitor.schedules);
    return maintenanceWithin([...new Set(schedules)], within).map((span) => ({ id, name, ...span }));
  });
  return [...Map.groupBy(found, ({ from_at, until_at }) => `${from_at}/${until_at}`).values()]
    .map((same) => ({
      service_ids: same.map(({ id }) => id),
      service_names: same.map(({ name }) => name),
      starts_at: same[0]!.from_at,
      ends_at: same[0]!.until_at,
    }))
    .sort((one, other) => one.starts_at - other.starts_at)
    .slice(0, MAX_PLANNED);
}
