import { postOfEvents, tenantBatch } from '../documents/tenant-events';
import { makeLoad } from '../load/load';
import { announce } from './local-server';

/** What a whale is told. */
export interface WhaleOrders {
  readonly ports: readonly number[];
  readonly account: string;
  readonly connections: number;
  /** Events in each request. */
  readonly batchSize: number;
  readonly seconds: number;
}

/** What a whale has done. */
export interface WhaleCatch {
  readonly durationMs: number;
  /** How many of its requests were answered how. */
  readonly statuses: readonly (readonly [number, number])[];
}

/** More than can be sent. */
const REQUESTS = 2_000_000;

/**
 * One account that posts as fast as it is answered, from a process of its own. Its events have no ids, so that the
 * same bytes are new events each time. Tells what it has done as its second message; the first is that it has begun.
 */
async function main(): Promise<void> {
  const orders = JSON.parse(process.argv[2] ?? '') as WhaleOrders;
  const events = tenantBatch('whale', 0, orders.batchSize).map((event) => {
    return { ...event, event_id: undefined, account_id: orders.account };
  });
  const bytes = postOfEvents(events);
  const swimming = makeLoad({
    ports: orders.ports,
    connections: orders.connections,
    requests: { count: REQUESTS, at: () => bytes },
    stopAfterMs: orders.seconds * 1_000,
  });
  announce(0);
  const { durationMs, statuses } = await swimming;
  process.send?.({ durationMs, statuses: [...statuses] } satisfies WhaleCatch);
}

void main();
