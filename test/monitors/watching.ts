import { SYSTEM } from '../../src/accounts/actor';
import type { Environment } from '../../src/config/settings';
import { readDefinition } from '../../src/monitors/model/definition';
import type { MonitorDefinition } from '../../src/monitors/model/monitor';
import type { CheckEntity } from '../../src/monitors/storage/check.entity';
import { ChecksRepository } from '../../src/monitors/storage/checks.repository';
import type { MonitorEntity } from '../../src/monitors/storage/monitor.entity';
import { MonitorsRepository } from '../../src/monitors/storage/monitors.repository';
import { eventually } from '../harness/eventually';
import type { FakeDestination } from '../harness/fake-destination';
import { startService, type RunningService } from '../harness/service';
import type { ShownEvent } from '../harness/service-client';

/** Settings of a service that may check local servers, and is quick to judge them. */
export const WATCHING: Environment = { ALLOW_PRIVATE_TARGETS: 'true', BREAKER_FAILURES: '1000' };

/** What of a monitor is made for tests: checked each second, and judged by the first check. */
export const QUICK = {
  name: 'API',
  interval_s: 1,
  retry_s: 1,
  // A busy machine may keep a target from answering for long.
  timeout_ms: 900,
  failure_threshold: 1,
  success_threshold: 1,
} as const;

/** A service that pages the given destination and may check local servers. */
export function startWatching(
  { url }: Pick<FakeDestination, 'url'>,
  environment: Environment = {},
): Promise<RunningService> {
  return startService({ ...WATCHING, PAGERDUTY_EVENTS_URL: url, ...environment });
}

/** A definition as its owner would write it. */
export function definitionOf(fields: Readonly<Record<string, unknown>>): MonitorDefinition {
  const reading = readDefinition(fields);
  if ('faults' in reading) throw new Error(`no monitor: ${JSON.stringify(reading.faults)}`);
  return reading.definition;
}

export function monitorsOf({ app }: Pick<RunningService, 'app'>): MonitorsRepository {
  return app.get(MonitorsRepository, { strict: false });
}

/** Makes a monitor that is quick, with the given changes. */
export async function watch(
  service: Pick<RunningService, 'app'>,
  fields: Readonly<Record<string, unknown>>,
): Promise<MonitorEntity> {
  const definition = definitionOf(fields['type'] === 'heartbeat' ? fields : { ...QUICK, ...fields });
  const monitor = { account_id: 'default', origin: 'api', origin_key: null, definition } as const;
  return (await monitorsOf(service).create(SYSTEM, monitor))!;
}

/** Stored checks of a monitor, oldest first. */
export async function checksOf(
  { app }: Pick<RunningService, 'app'>,
  { id }: Pick<MonitorEntity, 'id'>,
): Promise<CheckEntity[]> {
  const checks = await app.get(ChecksRepository, { strict: false }).list(id, { limit: 1_000 });
  return checks.toReversed();
}

/** Waits until the newest check of a monitor is one that was asked for. */
export function checked(
  service: Pick<RunningService, 'app'>,
  monitor: Pick<MonitorEntity, 'id'>,
  isWanted: (check: CheckEntity) => boolean,
): Promise<CheckEntity> {
  return eventually(async () => {
    const newest = (await checksOf(service, monitor)).at(-1);
    if (newest === undefined || !isWanted(newest)) throw new Error(`only ${JSON.stringify(newest)}`);
    return newest;
  });
}

/** The incidents of a monitor, oldest first. */
export async function incidentsOf(
  { client }: Pick<RunningService, 'client'>,
  { id }: Pick<MonitorEntity, 'id'>,
): Promise<readonly ShownEvent[]> {
  const events = await client.events('?source=monitor&kind=incident&limit=500');
  return events.filter(({ event_id }) => event_id.startsWith(`monitor:${id}:`)).toReversed();
}

/** Waits until a monitor has so many incidents, and the newest is over, or not. */
export function incidents(
  service: Pick<RunningService, 'client'>,
  monitor: Pick<MonitorEntity, 'id'>,
  count: number,
  newest: 'open' | 'over',
): Promise<readonly ShownEvent[]> {
  return eventually(async () => {
    const found = await incidentsOf(service, monitor);
    const isOpen = found.at(-1)?.resolved_at === null;
    if (found.length !== count || isOpen !== (newest === 'open'))
      throw new Error(`wanted ${count}, the newest ${newest}, not ${JSON.stringify(found)}`);
    return found;
  });
}

/** What a destination heard of an event, in order. */
export function calls({ calls: all }: FakeDestination, eventId: string): string[] {
  return all.filter((call) => call.endsWith(`/${eventId}`)).map((call) => call.split(' ')[0]!);
}
