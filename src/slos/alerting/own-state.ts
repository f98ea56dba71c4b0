import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { MINUTE_MS } from '../../events/summary/time-buckets';
import { QUEUES, type QueueName } from '../../redis/queue-names';
import { Queues } from '../../redis/queues';

/** More than that are not counted: each of them is one too many. */
const MAX_DEAD = 100;

/** Just more than what makes an alert. */
const MAX_PENDING = 10_001;

/** So many dead deliveries are looked at, newest first. */
const MAX_LOOKED_AT = 1_000;

/** A check that has been due for so long finds nobody to run it. */
const OVERDUE_MS = 2 * MINUTE_MS;

type Count = { readonly count: number | string };

/**
 * Dead, and nothing came after it at that destination that arrived or was found needless: a replay, a later state, or
 * the end of the event.
 */
const DEAD_DELIVERIES = new Statement<Count>(
  () => `
  SELECT count(*) AS count FROM (
    SELECT d.id FROM (
      SELECT id, account_id, event_id, destination FROM deliveries WHERE status = 'dead'
      ORDER BY id DESC LIMIT ${MAX_LOOKED_AT}) AS d
    WHERE NOT EXISTS (SELECT 1 FROM deliveries n WHERE n.account_id = d.account_id AND n.event_id = d.event_id
      AND n.destination = d.destination AND n.id > d.id AND n.status IN ('delivered', 'skipped'))
    LIMIT ${MAX_DEAD}) AS those`,
);

const DEAD_LETTERS = new Statement<Count>(
  () => `
  SELECT count(*) AS count FROM (SELECT 1 FROM dead_letters WHERE replayed_at IS NULL LIMIT ${MAX_DEAD}) AS those`,
);

const OVERDUE_CHECKS = new Statement<Count>(
  () => `
  SELECT count(*) AS count FROM (
    SELECT 1 FROM monitor_states WHERE next_at IS NOT NULL AND next_at < ? LIMIT ${MAX_DEAD}) AS those`,
);

/** What no rule holds back. Parameter: now. */
const PENDING_DELIVERIES = new Statement<Count>(
  () => `
  SELECT count(*) AS count FROM (SELECT 1 FROM deliveries
    WHERE status = 'pending' AND coalesce(held_until, 0) <= ? LIMIT ${MAX_PENDING}) AS those`,
);

/** What waits and what is dead, as far as alerts are about it. Counts stop where they no longer matter. */
@Injectable()
export class OwnState {
  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly queues: Queues,
  ) {}

  deadDeliveries(): Promise<number> {
    return this.count(DEAD_DELIVERIES);
  }

  deadLetters(): Promise<number> {
    return this.count(DEAD_LETTERS);
  }

  /** Checks that nobody runs although they have long been due. */
  deadChecks(now: number): Promise<number> {
    return this.count(OVERDUE_CHECKS, [now - OVERDUE_MS]);
  }

  pendingDeliveries(now: number): Promise<number> {
    return this.count(PENDING_DELIVERIES, [now]);
  }

  /** How much waits in each queue of Redis; null where that cannot be asked. Without Redis there are none. */
  async waiting(): Promise<(readonly [queue: QueueName, waiting: number | null])[]> {
    if (!this.settings.isScaled) return [];
    return Promise.all(QUEUES.map(async (queue) => [queue, await this.waitingIn(queue)] as const));
  }

  private async waitingIn(queue: QueueName): Promise<number | null> {
    if (!this.queues.areReachable) return null;
    try {
      return (await this.queues.depth(queue)).waiting;
    } catch {
      // Redis went away meanwhile: it is not known, which opens nothing and resolves nothing.
      return null;
    }
  }

  private async count(statement: Statement<Count>, parameters: readonly unknown[] = []): Promise<number> {
    const [row] = await statement.run(this.database.read, parameters);
    return Number(row?.count ?? 0);
  }
}
