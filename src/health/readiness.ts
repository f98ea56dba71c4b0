import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Settings } from '../config/settings';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import { WAITING_TOO_LONG_MS } from '../delivery/waiting-alarm';
import { CheckRunner } from '../monitors/run/check-runner';
import { CheckSchedule } from '../monitors/run/check-schedule';
import { OutboxRepository } from '../outbox/outbox.repository';
import { RedisConnection } from '../redis/redis-connection';
import { CircuitBreakers } from '../reliability/circuit-breakers';
import { within } from '../reliability/within';
import { Leadership } from '../roles/leadership';
import { StatusPoller } from '../statuspage/status-poller';
import { isoOrNull } from '../normalization/instant';
import { Draining } from './draining';

/** A probe's write is shared by all probes within this time, so that asking often costs nothing. */
const PROBE_EVERY_MS = 1_000;

/** So long a probe waits for the database; those who probe do not wait long either. */
const PROBE_TIMEOUT_MS = 2_000;

const PROBE = new Statement(() => 'UPDATE readiness_probe SET probed_at = ?');

type Indicator = ReturnType<HealthIndicatorService['check']>;

/** What readiness looks at. None of it asks anything outside of this process, its database and its Redis. */
@Injectable()
export class Readiness {
  private probe:
    { readonly at: number; isOver: boolean; readonly result: Promise<string | null> } | undefined;

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly database: Database,
    private readonly draining: Draining,
    private readonly outbox: OutboxRepository,
    private readonly breakers: CircuitBreakers,
    private readonly poller: StatusPoller,
    private readonly settings: Settings,
    private readonly redis: RedisConnection,
    private readonly leadership: Leadership,
    private readonly checks: CheckRunner,
    private readonly schedule: CheckSchedule,
  ) {}

  /** Whether this process can do its work, and what it did has reached people. */
  async isWell(): Promise<boolean> {
    if (this.draining.isDraining || (await this.probeDatabase()) !== null) return false;
    const now = await this.database.now();
    const oldestPendingAt = await this.outbox.oldestPendingAt(now);
    return oldestPendingAt === null || now - oldestPendingAt < WAITING_TOO_LONG_MS;
  }

  /** Down from SIGTERM on, so that nobody new is sent here. */
  accepting(): HealthIndicatorResult {
    const indicator = this.indicators.check('accepting');
    return this.draining.isDraining ? indicator.down('the process is stopping') : indicator.up();
  }

  /** Whether the database takes a write, and has the schema that this version needs. */
  async databaseWritable(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('database');
    const fault = await this.probeDatabase();
    return fault === null ? indicator.up() : this.withoutDatabase(indicator, fault);
  }

  /** Whether Redis takes jobs. Without it a worker has nothing to do; everybody else has other ways. */
  queues(): HealthIndicatorResult {
    const indicator = this.indicators.check('queues');
    if (!this.settings.isScaled || this.redis.isUsable) return indicator.up();
    const isOnlyWorker = this.settings.ROLES.every((role) => role === 'worker');
    const message = 'Redis is away';
    return isOnlyWorker ? indicator.down(message) : indicator.degraded({ message });
  }

  /** What this process does. */
  roles(): HealthIndicatorResult {
    const details = { roles: [...this.settings.ROLES], is_leader: this.leadership.isLeader };
    return this.indicators.check('roles').up(details);
  }

  /** Since when the oldest deliveries wait. Waiting long degrades, and does not make unready. */
  deliveries(): Promise<HealthIndicatorResult> {
    return this.look('deliveries', async (indicator) => {
      const now = await this.database.now();
      const oldestPendingAt = await this.outbox.oldestPendingAt(now);
      const details = {
        oldest_due_at: isoOrNull(await this.outbox.oldestDueAt(now)),
        oldest_pending_since: isoOrNull(oldestPendingAt),
      };
      const isWaiting = oldestPendingAt !== null && now - oldestPendingAt >= WAITING_TOO_LONG_MS;
      return isWaiting ? indicator.degraded(details) : indicator.up(details);
    });
  }

  /** States of the circuit breakers; an open one degrades and does not make unready. */
  circuitBreakers(): HealthIndicatorResult {
    const breakers = this.breakers.snapshot();
    const indicator = this.indicators.check('breakers');
    return breakers.every(({ state }) => state === 'closed')
      ? indicator.up({ breakers })
      : indicator.degraded({ breakers });
  }

  /** How the polled pages are doing; an unreadable one degrades and does not make unready. */
  sources(): Promise<HealthIndicatorResult> {
    return this.look('sources', async (indicator) => {
      const pages = await this.poller.health();
      const isWell = pages.every(({ failing_since }) => failing_since === null);
      return isWell ? indicator.up({ pages }) : indicator.degraded({ pages });
    });
  }

  /** This process's checks of monitors. Decisions that are held degrade; a leader that finds no due monitors is unready. */
  monitors(): HealthIndicatorResult {
    const indicator = this.indicators.check('monitors');
    if (this.schedule.isStuck) return indicator.down('due monitors are not looked for');
    const { held_since, ...load } = this.checks.load;
    const details = { ...load, held_since: isoOrNull(held_since) };
    return held_since === null ? indicator.up(details) : indicator.degraded(details);
  }

  /** Where the database cannot be asked, readiness says so instead of failing itself. */
  private async look(
    name: string,
    work: (indicator: Indicator) => Promise<HealthIndicatorResult>,
  ): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(name);
    const fault = await this.probeDatabase();
    if (fault !== null) return this.withoutDatabase(indicator, fault);
    try {
      return await within(PROBE_TIMEOUT_MS, work(indicator));
    } catch (error) {
      return this.withoutDatabase(indicator, (error as Error).message);
    }
  }

  /** A process that takes tenants' events into Redis does its work while the database is away. */
  private withoutDatabase(indicator: Indicator, message: string): HealthIndicatorResult {
    const isQueueing =
      this.settings.hasRole('api') && this.settings.ingestMode === 'queued' && this.redis.isUsable;
    return isQueueing ? indicator.degraded({ message }) : indicator.down(message);
  }

  private async probeDatabase(): Promise<string | null> {
    const now = Date.now();
    // One that hangs keeps a connection busy: there is never a second one beside it.
    if (this.probe === undefined || (this.probe.isOver && now - this.probe.at >= PROBE_EVERY_MS)) {
      const probe = { at: now, isOver: false, result: this.write() };
      void probe.result.finally(() => (probe.isOver = true));
      this.probe = probe;
    }
    try {
      return await within(PROBE_TIMEOUT_MS, this.probe.result);
    } catch {
      return `no write within ${PROBE_TIMEOUT_MS} ms`;
    }
  }

  /** Null where the write went through, else what stands in its way. */
  private async write(): Promise<string | null> {
    try {
      if (await this.database.hasPendingMigrations()) return 'migrations are missing';
      await this.database.write((tx, now) => PROBE.run(tx, [now]));
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }
}
