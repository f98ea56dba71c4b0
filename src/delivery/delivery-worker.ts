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
import { ClaimsRepository } from './claims.repository';
import { DeliveryLog } from './delivery-log';
import { DeliveryLane, type LaneOptions } from './delivery-lane';

/** How often deliveries are looked through for those past their age. */
const EXPIRE_EVERY_MS = 1_000;

/** Share of the time after draining that requests in flight may take to end by themselves. */
const SHUTDOWN_SHARE = 0.7;

/** Runs one lane per destination, from when the service listens (its own mock may be a destination) until it stops. */
@Injectable()
export class DeliveryWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Delivery');
  private readonly log = new DeliveryLog();
  private readonly lanes: readonly DeliveryLane[];
  private expiring: NodeJS.Timeout | undefined;
  private stopWaking: (() => void) | undefined;
  private isStopping = false;

  constructor(
    private readonly clients: DestinationClients,
    private readonly settings: Settings,
    private readonly claims: ClaimsRepository,
    private readonly wake: WakeSignal,
    private readonly http: HttpAdapterHost,
  ) {
    const options = laneOptions(settings);
    this.lanes = clients.all.map((client) => new DeliveryLane(client, claims, options));
  }

  async onApplicationBootstrap(): Promise<void> {
    const abandoned = this.clients.all.flatMap(({ destination }) => destination.abandonedCredentials);
    await this.claims.abandonCredentials(abandoned);
    const released = await this.claims.releaseAll();
    if (released > 0)
      this.logger.warn({ released }, 'deliveries of the process before this one were in flight');
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.once('listening', () => this.start());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.expiring);
    this.stopWaking?.();
    const { SHUTDOWN_GRACE_MS, SHUTDOWN_DRAIN_MS } = this.settings;
    const deadlineAt = Date.now() + (SHUTDOWN_GRACE_MS - SHUTDOWN_DRAIN_MS) * SHUTDOWN_SHARE;
    await Promise.all(this.lanes.map((lane) => lane.stop(deadlineAt)));
  }

  private start(): void {
    if (this.isStopping) return;
    this.wakeLanes();
    this.stopWaking = this.wake.onWake(() => this.wakeLanes());
    this.expiring = setInterval(() => void this.expire(), EXPIRE_EVERY_MS);
  }

  private wakeLanes(): void {
    for (const lane of this.lanes) lane.wake();
  }

  private async expire(): Promise<void> {
    try {
      const expired = await this.claims.expire(this.settings.DELIVERY_MAX_AGE_MS);
      for (const delivery of expired) this.log.expired(delivery);
      if (expired.length > 0) this.wakeLanes();
    } catch (error) {
      this.logger.error({ err: error }, 'cannot look for expired deliveries');
    }
  }
}

function laneOptions(settings: Settings): LaneOptions {
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
