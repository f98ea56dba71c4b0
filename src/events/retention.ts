import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { EntityManager } from 'typeorm';
import { identitiesJson, type EventIdentity } from '../normalization/event-identity';
import { Settings } from '../config/settings';
import { Database } from '../database/database';
import { OutboxRepository } from '../outbox/outbox.repository';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** So many events go in one transaction, so that nobody waits long behind it. */
const BATCH_SIZE = 500;

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
  ) {}

  @Interval(HOUR_MS)
  async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      const removed = await this.removeOlderThan(Date.now() - this.settings.RETENTION_DAYS * DAY_MS);
      if (removed > 0) this.logger.log({ removed, days: this.settings.RETENTION_DAYS }, 'old events removed');
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
      const count = await this.database.write((tx) => this.removeBatch(tx, before));
      removed += count;
      if (count < BATCH_SIZE) return removed;
    }
  }

  /** Children first: a reader never meets a delivery without its event. */
  private async removeBatch(tx: EntityManager, before: number): Promise<number> {
    const events = await tx.query<(EventIdentity & { first_seq: number })[]>(
      `SELECT e.account_id, e.event_id, e.first_seq FROM events e
        WHERE e.received_at < ? AND (SELECT r.recorded_at FROM event_revisions r WHERE r.seq = e.last_seq) < ?
          AND NOT (e.resolved_at IS NULL AND e.kind NOT IN ('payment', 'activity'))
          AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.account_id = e.account_id
            AND d.event_id = e.event_id AND (d.status = 'pending' OR d.finished_at >= ?))
        ORDER BY e.received_at LIMIT ?`,
      [before, before, before, BATCH_SIZE],
    );
    await this.outbox.remove(tx, events);
    const firsts = JSON.stringify(events.map(({ first_seq }) => first_seq));
    await tx.query('DELETE FROM event_revisions WHERE seq IN (SELECT value FROM json_each(?))', [firsts]);
    const identities = identitiesJson(events);
    const theirs = '(account_id, event_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))';
    await tx.query(`DELETE FROM event_revisions WHERE revision > 1 AND ${theirs}`, [identities]);
    await tx.query(`DELETE FROM events WHERE ${theirs}`, [identities]);
    return events.length;
  }
}
