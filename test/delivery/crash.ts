import type { Environment } from '../../src/config/settings';
import { startChildService } from '../harness/child-service';
import type { FakeDestination } from '../harness/fake-destination';
import { queryPostgres } from '../harness/postgres-session';
import { payoutFailed, ServiceClient } from '../harness/service-client';
import { Gate } from './gate';
import { NO_BREAKER, received } from './paging-service';

/** Kills a process that is waiting for the destination's answer to `evt_1`; what it leaves behind is in the store. */
export async function crash(destination: FakeDestination, store: Environment): Promise<void> {
  destination.next(new Gate().behaviour);
  const child = await startChildService({
    ...NO_BREAKER,
    DELIVERY_TIMEOUT_MS: '10000',
    NODE_ENV: 'test',
    PAGERDUTY_EVENTS_URL: destination.url,
    ...store,
  });
  await new ServiceClient(child.url).stripe(payoutFailed('evt_1'));
  await received(destination, 1);
  await child.end('SIGKILL');
}

/**
 * Makes it later: on PostgreSQL, where others may still be at work, leases end by their time alone. In the embedded
 * profile nobody else can be, and the next start ends them.
 */
export async function endLeases({ DATABASE_URL }: Environment): Promise<void> {
  if (DATABASE_URL?.startsWith('sqlite:') === true) return;
  await queryPostgres(
    String(DATABASE_URL),
    `UPDATE deliveries SET due_at = 0, lease_until = 0 WHERE status = 'pending' AND lease_until IS NOT NULL`,
  );
}
