import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Database } from '../database/database';
import { WAITING_TOO_LONG_MS } from '../delivery/waiting-alarm';
import { OutboxRepository } from '../outbox/outbox.repository';
import { CircuitBreakers } from '../reliability/circuit-breakers';
import { StatusPoller } from '../statuspage/status-poller';
import { isoOrNull } from '../normalization/instant';
import { Draining } from './draining';

/** A probe's write is shared by all probes within this time, so that asking often costs nothing. */
const PROBE_EVERY_MS = 1_000;

/** So long a probe waits for the database. */
const PROBE_TIMEOUT_MS = 2_000;

type Indicator = ReturnType<HealthIndicatorService['check']>;

/** What readiness looks at. None of it asks anything outside of this process and its database. */
@Injectable()
export class Readiness {
  private probe: { readonly at: number; readonly result: Promise<string | null> } | undefined;

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly database: Database,
    private readonly draining: Draining,
    private readonly outbox: OutboxRepository,
    private readonly breakers: CircuitBreakers,
    private readonly poller: StatusPoller,
  ) {}

  /** Whether this process can do its work, and what it did has reached people. */
  async isWell(): Promise<boolean> {
    if (this.draining.isDraining || (await this.probeDatabase()) !== null) return false;
    const oldestPendingAt = await this.outbox.oldestPendingAt();
    return oldestPendingAt === null || Date.now() - oldestPendingAt < WAITING_TOO_LONG_MS;
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
    return fault === null ? indicator.up() : indicator.down(fault);
  }

  /** Since when the oldest deliveries wait. Waiting long degrades, and does not make unready. */
  deliveries(): Promise<HealthIndicatorResult> {
    return this.look('deliveries', async (indicator) => {
      const now = Date.now();
      const oldestPendingAt = await this.outbox.oldestPendingAt();
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

  /** Where the database cannot even be read, readiness says so instead of failing itself. */
  private async look(
    name: string,
    work: (indicator: Indicator) => Promise<HealthIndicatorResult>,
  ): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(name);
    try {
      return await work(indicator);
    } catch (error) {
      return indicator.down((error as Error).message);
    }
  }

  private probeDatabase(): Promise<string | null> {
    const now = Date.now();
    if (this.probe === undefined || now - this.probe.at >= PROBE_EVERY_MS) {
      this.probe = { at: now, result: this.write() };
    }
    return this.probe.result;
  }

  /** Null where the write went through, else what stands in its way. */
  private async write(): Promise<string | null> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`no write within ${PROBE_TIMEOUT_MS} ms`), PROBE_TIMEOUT_MS);
    });
    const write = async (): Promise<string | null> => {
      if (await this.database.hasPendingMigrations()) return 'migrations are missing';
      await this.database.write((tx) => tx.query(`UPDATE readiness_probe SET probed_at = ?`, [Date.now()]));
      return null;
    };
    try {
      return await Promise.race([write(), timeout]);
    } catch (error) {
      return (error as Error).message;
    } finally {
      clearTimeout(timer);
    }
  }
}
