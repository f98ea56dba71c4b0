import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Settings } from '../../config/settings';
import { Leadership } from '../../roles/leadership';
import { WatchedMonitors, type WatchedMonitor } from '../storage/watched-monitors';
import { CheckHandover } from './check-handover';
import { DatabaseClock } from './database-clock';
import { DueMonitors, type DueMonitor } from './due-monitors';
import { Heartbeats } from './heartbeats';
import { InHand } from './in-hand';

/** From the end of a look to the next one: a check begins no later than this because of it. */
const LOOK_EVERY_MS = 200;

/** More that are due at once wait for the next look. */
const MAX_DUE = 10_000;

/** Definitions that are read at once. */
const MAX_READ = 500;

/** What could not be given is looked at again after this. */
const REST_MS = 2_000;

/** A leader whose look has not come to an end for so long, be it a good one, makes no progress. */
const STUCK_MS = 60_000;

/**
 * Looks for monitors that are due, and gives them to whoever runs their checks. Only the leader looks; that another
 * process looks too, while the lead changes hands, has a slot checked twice at most, and stored once. What is due, and
 * when, is in the database: nothing that this process knows is needed by the next one.
 */
@Injectable()
export class CheckSchedule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Monitors');
  private readonly inHand = new InHand();
  private looking: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();
  private isFailing = false;
  private isBegun = false;
  private lookedAt = performance.now();

  constructor(
    private readonly settings: Settings,
    private readonly leadership: Leadership,
    private readonly due: DueMonitors,
    private readonly monitors: WatchedMonitors,
    private readonly handover: CheckHandover,
    private readonly heartbeats: Heartbeats,
    private readonly clock: DatabaseClock,
    private readonly http: HttpAdapterHost,
  ) {}

  /** Whether this process leads, and its looks do not come to an end. */
  get isStuck(): boolean {
    return this.isBegun && this.leadership.isLeader && performance.now() - this.lookedAt > STUCK_MS;
  }

  onApplicationBootstrap(): void {
    if (!this.settings.hasRole('scheduler')) return;
    // Not before: the service itself may be what is checked.
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.once('listening', () => {
      if (this.isStopping) return;
      this.isBegun = true;
      this.looking = this.lookUntilStopped();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.looking;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async lookUntilStopped(): Promise<void> {
    while (!this.isStopping) {
      try {
        if (this.leadership.isLeader) await this.look();
        if (this.isFailing) this.logger.log('due monitors are found again');
        this.isFailing = false;
      } catch (error) {
        if (!this.isFailing)
          this.logger.warn({ err: error }, 'due monitors cannot be found or given; trying again');
        this.isFailing = true;
      }
      this.lookedAt = performance.now();
      // Rejects where the process stops meanwhile.
      await sleep(LOOK_EVERY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    const now = this.clock.now();
    const due = await this.due.find(now, MAX_DUE);
    this.inHand.takeDone(new Map(due.map(({ monitor_id, next_at }) => [monitor_id, next_at])));
    const fresh = due.filter(({ monitor_id }) => !this.inHand.has(monitor_id, now));
    for (let from = 0; from < fresh.length && !this.isStopping; from += MAX_READ) {
      await this.giveAll(fresh.slice(from, from + MAX_READ), now);
    }
  }

  private async giveAll(due: readonly DueMonitor[], now: number): Promise<void> {
    const found = await this.monitors.load(due.map(({ monitor_id }) => monitor_id));
    const given: WatchedMonitor[] = [];
    for (const watched of found.values()) {
      if (watched.monitor.definition.type === 'heartbeat') this.miss(watched);
      else if (this.take(watched, watched.monitor.definition.url, now)) given.push(watched);
    }
    if (given.length === 0) return;
    try {
      await this.handover.give(given, (watched, restMs) => this.rest(watched, restMs));
    } catch (error) {
      for (const watched of given) this.rest(watched, REST_MS);
      throw error;
    }
  }

  /** Nobody has it in hand any more; it is looked at again after a while. */
  private rest({ monitor, known }: WatchedMonitor, restMs: number): void {
    const now = this.clock.now();
    this.inHand.give(monitor.id, { next_at: known.next_at ?? now, host: null, until: now + restMs });
  }

  /** Whether it is to be given now; not where its host has enough in hand. */
  private take({ monitor, known }: WatchedMonitor, url: string, now: number): boolean {
    const { host } = new URL(url);
    const next_at = known.next_at ?? now;
    const isFull = this.inHand.countAt(host) >= this.handover.hostLimit;
    const entry = isFull
      ? { next_at, host: null, until: now + REST_MS }
      : { next_at, host, until: now + this.handover.repeatAfterMs };
    this.inHand.give(monitor.id, entry);
    return !isFull;
  }

  private miss(watched: WatchedMonitor): void {
    this.rest(watched, REST_MS);
    this.heartbeats.miss(watched).catch((error: unknown) => {
      const { id } = watched.monitor;
      this.logger.warn({ err: error, monitor_id: id }, 'a missed deadline could not be kept; trying again');
    });
  }
}
