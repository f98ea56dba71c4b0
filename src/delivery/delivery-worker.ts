import type { Server } from 'node:http';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Settings } from '../config/settings';
import { DestinationClients } from '../destinations/destination-clients';
import { WakeSignal } from '../outbox/wake-signal';
import { Tracing } from '../telemetry/tracing/tracing';
import { AccountLanes } from './account-lanes';
import { ClaimsRepository } from './claims.repository';
import { DeliveryLog } from './delivery-log';
import { DeliveryMetrics } from './delivery-metrics';
import { DeliveryLane, type LaneOptions } from './delivery-lane';

/** How often deliveries are looked through: for those past their age, and for those that nobody woke a lane for. */
const SWEEP_MS = 1_000;

/** Share of the time after draining that requests in flight may take to end by themselves. */
const SHUTDOWN_SHARE = 0.7;

/**
 * Runs one lane for the operator's destination and one for each of the accounts' that has something to send, from when
 * the service listens (its own mock may be a destination) until it stops.
 */
@Injectable()
export class DeliveryWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Delivery');
  private readonly log = new DeliveryLog();
  private readonly operators: DeliveryLane;
  private readonly accounts: AccountLanes;
  private timer: NodeJS.Timeout | undefined;
  private expiring: Promise<void> | null = null;
  private stopWaking: (() => void) | undefined;
  private isStopping = false;
  private isFailing = false;

  constructor(
    private readonly clients: DestinationClients,
    private readonly settings: Settings,
    private readonly claims: ClaimsRepository,
    private readonly wake: WakeSignal,
    private readonly http: HttpAdapterHost,
    private readonly metrics: DeliveryMetrics,
    tracing: Tracing,
  ) {
    const options = { ...laneOptions(settings), metrics, tracing };
    this.operators = new DeliveryLane(clients.operators, claims, { ...options, sweepMs: SWEEP_MS });
    this.accounts = new AccountLanes(clients, claims, options);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.settings.hasRole('notifier')) return;
    await this.claims.abandonCredentials(this.clients.abandoned);
    // Of several processes nobody knows which ones are gone: their leases end by themselves.
    const released = this.settings.isScaled ? 0 : await this.claims.releaseAll();
    if (released > 0)
      this.logger.warn({ released }, 'deliveries of the process before this one were in flight');
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.once('listening', () => this.start());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    this.stopWaking?.();
    const { SHUTDOWN_GRACE_MS, SHUTDOWN_DRAIN_MS } = this.settings;
    const deadlineAt = Date.now() + (SHUTDOWN_GRACE_MS - SHUTDOWN_DRAIN_MS) * SHUTDOWN_SHARE;
    await Promise.all([this.operators, this.accounts].map((lanes) => lanes.stop(deadlineAt)));
  }

  /** Wakes the lanes, and resolves once one of them has looked for due deliveries and had a slot to send them in. */
  async look(): Promise<void> {
    void this.accounts.look();
    await Promise.race([this.operators, ...this.accounts.all].map((lane) => lane.look()));
  }

  private start(): void {
    if (this.isStopping) return;
    this.wakeLanes();
    this.stopWaking = this.wake.onWake(() => this.wakeLanes());
    // One at a time: a slow database must not be kept busy with this alone.
    this.timer = setInterval(() => {
      this.expiring ??= this.expire().finally(() => (this.expiring = null));
      void this.accounts.look();
    }, SWEEP_MS);
  }

  private wakeLanes(): void {
    this.operators.wake();
    void this.accounts.look();
  }

  private async expire(): Promise<void> {
    try {
      const expired = await this.claims.expire(this.settings.DELIVERY_MAX_AGE_MS);
      for (const delivery of expired) this.log.expired(delivery);
      for (const { destination } of expired) this.metrics.noteEnd(this.clients.kindOf(destination), 'dead');
      if (expired.length > 0) this.wakeLanes();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing)
        this.logger.error({ err: error }, 'cannot look for expired deliveries; trying again');
      this.isFailing = true;
    }
  }
}

function laneOptions(settings: Settings): Omit<LaneOptions, 'sweepMs' | 'metrics' | 'tracing'> {
  return {
    concurrency: settings.WORKER_CONCURRENCY,
    timeoutMs: settings.DELIVERY_TIMEOUT_MS,
    policy: {
      maxAttempts: settings.DELIVERY_MAX_ATTEMPTS,
      baseMs: settings.DELIVERY_BASE_MS,
      maxMs: settings.DELIVERY_MAX_MS,
      maxAgeMs: settings.DELIVERY_MAX_AGE_MS,
    },
  };
}
