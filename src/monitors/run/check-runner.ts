import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Settings } from '../../config/settings';
import { StorageUnavailableError } from '../../database/storage-error';
import { DecisionHold } from '../check/decision-hold';
import { HttpChecks } from '../check/http-checks';
import { cadenceOf } from '../model/due';
import type { CheckResult, HttpMonitorDefinition } from '../model/monitor';
import { dueSlot, lagMs, nextSlot } from '../model/slots';
import { isConfirming } from '../model/state';
import type { CheckEntity } from '../storage/check.entity';
import { ChecksRepository } from '../storage/checks.repository';
import { reached } from '../storage/steps';
import { WatchedMonitors, type WatchedMonitor } from '../storage/watched-monitors';
import { CheckLag, type LagSummary } from './check-lag';
import { CheckLine } from './check-line';
import { CheckMetrics } from './check-metrics';
import { DatabaseClock } from './database-clock';
import { HoldEvents } from './hold-events';
import { LearnedLimits } from './learned-limits';
import { ResultKeeper, type Keeping } from './result-keeper';

/** Of all checks that run at once, so many may be at one host. */
const HOST_PART = 10;

/**
 * What became of a check. `not_due`: nothing was to be done. `stopped`: the process ends, and another one goes on.
 * `dropped`: the database is away, so that its result is not known to anybody, and it is due as before.
 */
export type CheckEnd = Keeping | 'not_due' | 'stopped' | 'dropped';

/** What this process's checks are doing, for people. */
export interface CheckLoad {
  readonly running: number;
  readonly waiting: number;
  readonly lag: LagSummary | null;
  /** Since when decisions are held; null where they are not. */
  readonly held_since: number | null;
}

/**
 * Runs one check from its turn to the database: wait in line, ask, weigh, judge and store. A turn lasts no longer than
 * the asking. What the process has in hand when it stops is given up, and due as before.
 */
@Injectable()
export class CheckRunner implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Monitors');
  private readonly line: CheckLine;
  private readonly lag = new CheckLag();
  private readonly stopping = new AbortController();
  private readonly underWay = new Set<Promise<unknown>>();
  private isStorageAway = false;

  constructor(
    settings: Settings,
    private readonly monitors: WatchedMonitors,
    private readonly checks: HttpChecks,
    private readonly hold: DecisionHold,
    private readonly holdEvents: HoldEvents,
    private readonly limits: LearnedLimits,
    private readonly keeper: ResultKeeper,
    private readonly stored: ChecksRepository,
    private readonly clock: DatabaseClock,
    private readonly metrics: CheckMetrics,
  ) {
    const { CHECK_CONCURRENCY } = settings;
    this.line = new CheckLine(CHECK_CONCURRENCY, Math.max(1, Math.ceil(CHECK_CONCURRENCY / HOST_PART)));
  }

  get load(): CheckLoad {
    return { ...this.line.load, lag: this.lag.summary(), held_since: this.hold.since };
  }

  /** Whether results wait for a database that is away. */
  get isHeldUp(): boolean {
    return this.isStorageAway;
  }

  /** Runs the check that is due, if one is. Never throws for what the target or the database does. */
  runDue(watched: WatchedMonitor): Promise<CheckEnd> {
    return this.track(this.runNext(watched, null));
  }

  /** The same for a monitor of which only the id is known. */
  runDueOf(monitorId: string): Promise<CheckEnd> {
    return this.track(this.read(monitorId, null));
  }

  /**
   * Runs a check now, whatever is due. Its slot is the instant at which somebody wanted it.
   *
   * @returns the check as it was stored; null where it was not: the monitor is paused, no monitor of a URL, or was
   *   changed meanwhile, or this process stops
   * @throws StorageUnavailableError
   */
  async checkNow(monitorId: string): Promise<CheckEntity | null> {
    const slot_at = this.clock.now();
    const end = await this.track(this.read(monitorId, slot_at));
    if (end === 'dropped') throw new StorageUnavailableError('the check could not be kept');
    return end === 'stored' || end === 'repeated' ? this.stored.find(monitorId, slot_at) : null;
  }

  /** Begins no more checks, and gives up those that ask. Those that are being stored go on. */
  stop(): void {
    this.stopping.abort(new Error('the process stops'));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop();
    await Promise.allSettled(this.underWay);
  }

  private async track(work: Promise<CheckEnd>): Promise<CheckEnd> {
    this.underWay.add(work);
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof StorageUnavailableError)) throw error;
      this.tellOfStorage(error);
      return 'dropped';
    } finally {
      this.underWay.delete(work);
    }
  }

  private async read(monitorId: string, wantedAt: number | null): Promise<CheckEnd> {
    return this.runNext(await this.monitors.find(monitorId), wantedAt);
  }

  private async runNext(watched: WatchedMonitor | null, wantedAt: number | null): Promise<CheckEnd> {
    if (watched === null) return 'not_due';
    const { monitor, known } = watched;
    const { definition } = monitor;
    const { next_at } = known;
    if (definition.type !== 'http' || next_at === null) return 'not_due';
    if (wantedAt === null && next_at > this.clock.now()) return 'not_due';
    reached('picked_up', [known]);
    const found = await this.inLine(watched, definition, () => this.slotNow(watched, definition, wantedAt));
    if (found === null || found.result.reason === 'aborted') return 'stopped';
    reached('ran', [known]);
    this.metrics.noteCheck(found.result);
    const { result, change } = await this.hold.weigh(monitor.id, found.result, this.clock.now());
    this.holdEvents.note(change);
    reached('weighed', [known]);
    const { slot_at } = found;
    const cadence = cadenceOf(monitor.id, definition);
    const end = await this.keeper.keep(watched, {
      slot_at,
      result,
      plan: (state, now) => {
        const last = { slot_at, is_confirming: isConfirming(state) };
        return { next_at: nextSlot(cadence, last, now), begun_at: null };
      },
    });
    this.tellOfStorage(null);
    return end;
  }

  /** The slot to check now: after a wait it may be a newer one than was planned. */
  private slotNow(
    { monitor, known }: WatchedMonitor,
    definition: HttpMonitorDefinition,
    wantedAt: number | null,
  ): number {
    const now = this.clock.now();
    if (wantedAt !== null) return wantedAt;
    const plannedAt = known.next_at ?? now;
    this.lag.note(lagMs(plannedAt, now));
    this.metrics.noteLag(lagMs(plannedAt, now));
    return dueSlot(cadenceOf(monitor.id, definition), plannedAt, now) ?? plannedAt;
  }

  private async inLine(
    watched: WatchedMonitor,
    definition: HttpMonitorDefinition,
    slotNow: () => number,
  ): Promise<{ readonly slot_at: number; readonly result: CheckResult } | null> {
    const learnedLimitMs = await this.limits.of(watched, this.clock.now());
    const { account_id } = watched.monitor;
    const place = { account_id, host: new URL(definition.url).host, priority: definition.priority };
    const leave = await this.line.enter(place);
    try {
      const { signal } = this.stopping;
      if (signal.aborted) return null;
      const slot_at = slotNow();
      const context = { startedAt: this.clock.now(), learnedLimitMs, signal };
      return { slot_at, result: await this.checks.run(definition, context) };
    } finally {
      leave();
    }
  }

  private tellOfStorage(fault: StorageUnavailableError | null): void {
    const isAway = fault !== null;
    if (isAway === this.isStorageAway) return;
    this.isStorageAway = isAway;
    if (isAway) this.logger.warn({ err: fault }, 'checks are not kept: the database is away');
    else this.logger.log('checks are kept again');
  }
}
