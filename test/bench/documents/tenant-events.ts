import { listOf, postOf, type Requests } from '../load/requests';

/** The tenants of a load. */
export const ACCOUNTS = 50;

const TYPES = 20;
const USERS_PER_ACCOUNT = 1_000;

/** As long as a UUID. */
export const EVENT_ID_LENGTH = 36;

/** What a tenant posts. */
export interface TenantEvent {
  readonly event_id: string;
  readonly account_id: string;
  readonly user_id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly metadata: object;
  readonly severity?: 'critical';
}

/** The n-th tenant. */
export function accountOf(index: number): string {
  return `tenant-${String(index % ACCOUNTS).padStart(2, '0')}`;
}

/** The n-th event of a run, about 270 bytes as JSON. Its id rises with n, as UUIDs of version 7 do. */
export function tenantEvent(run: string, index: number, account_id = accountOf(index)): TenantEvent {
  return {
    event_id: `${run}-${String(index).padStart(EVENT_ID_LENGTH - run.length - 1, '0')}`,
    account_id,
    user_id: `user-${(index * 7_919) % USERS_PER_ACCOUNT}`,
    type: `order.step_${index % TYPES}`,
    timestamp: new Date().toISOString(),
    metadata: { order: `order-${index}`, channel: 'web', amount: 129_900, currency: 'eur' },
  };
}

/** One event in each request, of all tenants in turns. */
export function singlePosts(run: string, count: number): Requests {
  return listOf(Array.from({ length: count }, (_, index) => postOfEvents(tenantEvent(run, index))));
}

/** Batches, each of one tenant's. */
export function batchPosts(run: string, batches: number, size: number): Requests {
  return listOf(Array.from({ length: batches }, (_, batch) => postOfEvents(tenantBatch(run, batch, size))));
}

/** The n-th batch of a run, all of one tenant's. */
export function tenantBatch(run: string, batch: number, size: number): TenantEvent[] {
  const account = accountOf(batch);
  return Array.from({ length: size }, (_, index) => tenantEvent(run, batch * size + index, account));
}

/** The request that brings an event, or a list of them. */
export function postOfEvents(events: object): Buffer {
  return postOf('/events', JSON.stringify(events), {});
}
