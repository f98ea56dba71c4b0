import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { EntityManager } from 'typeorm';
import { identitiesJson, identityOf, type EventIdentity } from '../normalization/event-identity';
import { AccountsRepository } from '../accounts/accounts.repository';
import { Settings } from '../config/settings';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import { OutboxRepository } from '../outbox/outbox.repository';
import { Leadership } from '../roles/leadership';
import { RollupRetention } from './summary/rollup-retention';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** So many events go in one transaction, so that nobody waits long behind it. */
const BATCH_SIZE = 500;

const OLD = new Statement<EventIdentity & { first_seq: number }>(
  ({ name }) => `
  SELECT e.account_id, e.event_id, e.first_seq FROM events e
  WHERE e.received_at < ? AND (SELECT r.recorded_at FROM event_revisions r WHERE r.seq = e.last_seq) < ?
    AND NOT (e.resolved_at IS NULL AND e.kind NOT IN ('payment', 'activity'))
    AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.account_id = e.account_id
      AND d.event_id = e.event_id AND (d.status = 'pending' OR d.finished_at >= ?))
  ORDER BY e.received_at LIMIT ? ${name === 'postgres' ? 'FOR UPDATE OF e SKIP LOCKED' : ''}`,
);

const REMOVE_FIRST_REVISIONS = new Statement(
  ({ rows }) => `
  DELETE FROM event_revisions WHERE seq IN (SELECT CAST(j.value ->> 0 AS bigint) FROM ${rows('j')})`,
);

const THEIRS = (rows: string): string =>
  `(account_id, event_id) IN (SELECT j.value ->> 0, j.value ->> 1 FROM ${rows})`;

const REMOVE_LATER_REVISIONS = new Statement(
  ({ rows }) => `DELETE FROM event_revisions WHERE revision > 1 AND ${THEIRS(rows('j'))}`,
);

const REMOVE_EVENTS = new Statement(({ rows }) => `DELETE FROM events WHERE ${THEIRS(rows('j'))}`);

/**
 * Removes what has not changed for RETENTION_DAYS, with its time line and deliveries. Incidents and states that
 * are not over, and whatever has a pending delivery or one that ended since, stay however old they are.
 */
@Injectable()
export class Retention {
  private readonly logger = new Logger('Retention');
  private isRunning = false;

  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly outbox: OutboxRepository,
    private readonly leadership: Leadership,
    private readonly accounts: AccountsRepository,
    private readonly rollups: RollupRetention,
  ) {}

  @Interval(HOUR_MS)
  async run(): Promise<void> {
    if (this.isRunning || !this.leadership.isLeader) return;
    this.isRunning = true;
    try {
      const days = this.settings.RETENTION_DAYS;
      const before = Date.now() - days * DAY_MS;
      const removed = await this.removeOlderThan(before);
      if (removed > 0) this.logger.log({ removed, days }, 'old events removed');
      const accounts = await this.accounts.removeDeleted(before);
      if (accounts > 0) this.logger.log({ removed: accounts, days }, 'deleted accounts removed');
      await this.rollups.removeOld(Date.now(), days);
    } catch (error) {
      this.logger.error({ err: error }, 'old events could not be removed; the next hour tries again');
    } finally {
      this.isRunning = false;
    }
  }

  /** Removes events whose newest state was stored before an instant, a batch at a time; answers how many. */
  async removeOlderThan(before: number): Promise<number> {
    let removed = 0;
    for (;;) {
      const batch = await this.database.write((tx) => this.removeBatch(tx, before));
      removed += batch.removed;
      if (batch.found < BATCH_SIZE) return removed;
    }
  }

  /** Children first: a reader never meets a delivery without its event. */
  private async removeBatch(tx: EntityManager, before: number): Promise<{ found: number; removed: number }> {
    const found = await OLD.run(tx, [before, before, before, BATCH_SIZE]);
    // Another process may have replayed a delivery between the look and the lock.
    const waiting = await this.outbox.havingPending(tx, found);
    const events = found.filter((event) => !waiting.has(identityOf(event)));
    await this.outbox.remove(tx, events);
    await REMOVE_FIRST_REVISIONS.run(tx, [JSON.stringify(events.map(({ first_seq }) => [first_seq]))]);
    await REMOVE_LATER_REVISIONS.run(tx, [identitiesJson(events)]);
    await REMOVE_EVENTS.run(tx, [identitiesJson(events)]);
    return { found: found.length, removed: events.length };
  }
}
