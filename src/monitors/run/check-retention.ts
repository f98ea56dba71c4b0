import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { SYSTEM } from '../../accounts/actor';
import { Settings } from '../../config/settings';
import { Database } from '../../database/database';
import { Statement } from '../../database/statement';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import { Leadership } from '../../roles/leadership';
import { IncidentsRepository } from '../storage/incidents.repository';
import { MonitorSpansRepository } from '../storage/monitor-spans.repository';
import { MonitorsRepository } from '../storage/monitors.repository';

/** How long single checks and minutes are kept. Uptime is counted by hours and days. */
const CHECKS_KEPT_MS = 7 * DAY_MS;
const MINUTES_KEPT_MS = 14 * DAY_MS;

/** The longest window of uptime, and a day of which it takes only a part. */
const HOURS_KEPT_AT_LEAST_MS = 91 * DAY_MS;

/** What one transaction removes is about this much, so that nobody waits long behind it. */
const MONITORS_AT_ONCE = 50;
const ROWS_AT_ONCE = 2_000;

/** The next monitors that have roll-ups, one look into the index for each, and whether they are still there. */
const WITH_ROLLUPS = new Statement<{ id: string | null; is_there: unknown }>(
  () => `
  WITH RECURSIVE counted (id, place) AS (
    SELECT (SELECT min(monitor_id) FROM check_rollups WHERE monitor_id > ?), 1
    UNION ALL
    SELECT (SELECT min(monitor_id) FROM check_rollups WHERE monitor_id > counted.id), place + 1
    FROM counted WHERE counted.id IS NOT NULL AND place < ?
  )
  SELECT id, EXISTS (SELECT 1 FROM monitors WHERE monitors.id = counted.id) AS is_there
  FROM counted WHERE id IS NOT NULL`,
);

/** Parameters: rows of monitor and instant; how many at most. */
const REMOVE_CHECKS = new Statement<{ monitor_id: string }>(
  ({ rows, lookUp }) => `
  DELETE FROM checks WHERE (monitor_id, slot_at) IN (
    SELECT c.monitor_id, c.slot_at FROM ${rows('j')}
    ${lookUp('checks', 'c', 'c.monitor_id = j.value ->> 0 AND c.slot_at < CAST(j.value ->> 1 AS bigint)')}
    LIMIT ?)
  RETURNING monitor_id`,
);

/** Parameters: rows of monitor, span and instant; how many at most. */
const REMOVE_ROLLUPS = new Statement<{ monitor_id: string }>(
  ({ rows, lookUp }) => `
  DELETE FROM check_rollups WHERE (monitor_id, span_ms, bucket_at) IN (
    SELECT r.monitor_id, r.span_ms, r.bucket_at FROM ${rows('j')}
    ${lookUp(
      'check_rollups',
      'r',
      `r.monitor_id = j.value ->> 0 AND r.span_ms = CAST(j.value ->> 1 AS bigint)
        AND r.bucket_at < CAST(j.value ->> 2 AS bigint)`,
    )}
    LIMIT ?)
  RETURNING monitor_id`,
);

/** Monitors of accounts that are deleted. */
const ORPHANS = new Statement<{ id: string }>(
  () => `
  SELECT m.id FROM monitors m JOIN accounts a ON a.id = m.account_id
  WHERE a.deleted_at IS NOT NULL ORDER BY m.id LIMIT 100`,
);

/**
 * Removes what is too old: single checks after 7 days, minutes after 14, hours, days and incidents after RETENTION_DAYS,
 * and never before uptime can do without. Of a deleted monitor everything goes. The monitors of a deleted account are
 * deleted.
 */
@Injectable()
export class CheckRetention {
  private readonly logger = new Logger('Retention');
  private isRunning = false;

  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly leadership: Leadership,
    private readonly monitors: MonitorsRepository,
    private readonly incidents: IncidentsRepository,
    private readonly spans: MonitorSpansRepository,
  ) {}

  @Interval(HOUR_MS)
  async run(): Promise<void> {
    if (this.isRunning || !this.leadership.isLeader) return;
    this.isRunning = true;
    try {
      await this.removeOld(await this.database.now());
    } catch (error) {
      this.logger.error({ err: error }, 'old checks could not be removed; the next hour tries again');
    } finally {
      this.isRunning = false;
    }
  }

  @Interval(MINUTE_MS)
  async endWithAccounts(): Promise<void> {
    if (!this.leadership.isLeader) return;
    try {
      for (const { id } of await ORPHANS.run(this.database.read)) await this.monitors.remove(SYSTEM, { id });
    } catch (error) {
      this.logger.warn({ err: error }, 'the monitors of deleted accounts could not be deleted; trying again');
    }
  }

  /** Removes what is too old at `now`, a batch at a time. */
  async removeOld(now: number): Promise<void> {
    const keptMs = Math.max(this.settings.RETENTION_DAYS * DAY_MS, HOURS_KEPT_AT_LEAST_MS);
    while ((await this.incidents.removeOld(now - keptMs, ROWS_AT_ONCE)) === ROWS_AT_ONCE);
    while ((await this.spans.removeOld(now - keptMs, ROWS_AT_ONCE)) === ROWS_AT_ONCE);
    let after = '';
    for (;;) {
      const counted = await WITH_ROLLUPS.run(this.database.read, [after, MONITORS_AT_ONCE]);
      const last = counted.at(-1)?.id;
      if (last === undefined || last === null) return;
      const age = (is_there: unknown, ms: number): number => (is_there ? now - ms : Number.MAX_SAFE_INTEGER);
      const checks = counted.map(({ id, is_there }) => [id, age(is_there, CHECKS_KEPT_MS)]);
      const rollups = counted.flatMap(({ id, is_there }) => [
        [id, MINUTE_MS, age(is_there, MINUTES_KEPT_MS)],
        [id, HOUR_MS, age(is_there, keptMs)],
        [id, DAY_MS, age(is_there, keptMs)],
      ]);
      await this.removeAll(REMOVE_CHECKS, checks);
      await this.removeAll(REMOVE_ROLLUPS, rollups);
      after = last;
    }
  }

  private async removeAll(
    statement: Statement<{ monitor_id: string }>,
    rows: readonly unknown[],
  ): Promise<void> {
    const parameters = [JSON.stringify(rows), ROWS_AT_ONCE];
    let removed = ROWS_AT_ONCE;
    while (removed === ROWS_AT_ONCE) {
      removed = (await this.database.write((tx) => statement.run(tx, parameters))).length;
    }
  }
}
