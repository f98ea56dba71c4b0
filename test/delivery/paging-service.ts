import type { Environment } from '../../src/config/settings';
import { Database } from '../../src/database/database';
import { Statement } from '../../src/database/statement';
import type { NormalizedEvent } from '../../src/normalization/normalized-event';
import type { RecordedEvent } from '../../src/recording/recorded';
import { Recorder } from '../../src/recording/recorder';
import { eventually } from '../harness/eventually';
import type { FakeDestination } from '../harness/fake-destination';
import { startService, type LogLine, type RunningService } from '../harness/service';
import type { ShownDelivery } from '../harness/service-client';

/** Opens no breaker, so that a test sees every attempt. */
export const NO_BREAKER: Environment = { BREAKER_FAILURES: '1000' };

/** A service that pages the given destination. */
export function startPaging(
  { url }: Pick<FakeDestination, 'url'>,
  environment: Environment = {},
): Promise<RunningService> {
  return startService({ PAGERDUTY_EVENTS_URL: url, ...environment });
}

/** Stops a service and starts it again on its data, with changed settings. */
export async function restart(service: RunningService, changes: Environment = {}): Promise<RunningService> {
  await service.stop();
  return startService({ ...service.environment, ...changes });
}

/** An incident's state, which pages; each one is newer than those made before it. */
export function incident(event_id: string, changes: Partial<NormalizedEvent> = {}): NormalizedEvent {
  return {
    account_id: 'default',
    event_id,
    source: 'acme_status',
    kind: 'incident',
    severity: 'critical',
    service: 'acme',
    type: 'incident',
    user_id: null,
    summary: 'Payments fail',
    description: null,
    started_at: STARTED_AT,
    resolved_at: null,
    updated_at: (newest += 1_000),
    raw: '{"id":"inc"}',
    ...changes,
  };
}

const STARTED_AT = Date.UTC(2031, 4, 6);
let newest = STARTED_AT;

/** The state in which the incident is over. */
export function over(event_id: string, changes: Partial<NormalizedEvent> = {}): NormalizedEvent {
  return incident(event_id, { resolved_at: newest + 500, ...changes });
}

/** Hands events to the service's front door, as its sources do. */
export function record(
  service: RunningService,
  ...events: NormalizedEvent[]
): Promise<readonly RecordedEvent[]> {
  return service.app.get(Recorder).record(events, { requestId: 'from-a-test' });
}

/** The deliveries of an event once none of them is pending any more, oldest first. */
export async function settled(service: RunningService, eventId: string): Promise<ShownDelivery[]> {
  return eventually(async () => {
    const { deliveries } = await service.client.event(eventId);
    if (deliveries.length === 0 || deliveries.some(({ status }) => status === 'pending')) {
      throw new Error(`not settled: ${JSON.stringify(deliveries)}`);
    }
    return deliveries;
  });
}

/** Waits until the list of all that was ever sent has this many entries. */
export function received(destination: FakeDestination, count: number): Promise<void> {
  return eventually(() => {
    if (destination.received.length < count) throw new Error(`only ${destination.calls.join(', ')}`);
  });
}

/** Deliveries in short, in order: `trigger delivered`, `resolve skipped (trigger_dead)`. */
export function inShort(deliveries: readonly ShownDelivery[]): string[] {
  return deliveries.map(({ action, status, reason }) => {
    return `${action} ${status}${reason === null ? '' : ` (${reason})`}`;
  });
}

/** The log's lines about one delivery. */
export function linesAbout(service: RunningService, { id }: Pick<ShownDelivery, 'id'>): LogLine[] {
  return service.log.filter((line) => line['delivery_id'] === id);
}

/** Writes to the database past everything that has rules. Parameters are written `?`. */
export async function change(
  { app }: Pick<RunningService, 'app'>,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<void> {
  await app.get(Database).write((tx) => new Statement(() => statement).run(tx, parameters));
}
