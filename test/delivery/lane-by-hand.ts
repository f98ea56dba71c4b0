import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Settings, type Environment } from '../../src/config/settings';
import { createApp } from '../../src/create-app';
import { Database } from '../../src/database/database';
import { ClaimsRepository, type Claim, type ClaimRequest } from '../../src/delivery/claims.repository';
import { DeliveryEnds } from '../../src/delivery/delivery-ends';
import { DeliveryLane } from '../../src/delivery/delivery-lane';
import { DeliveryMetrics } from '../../src/delivery/delivery-metrics';
import { DestinationClients } from '../../src/destinations/destination-clients';
import type { NormalizedEvent } from '../../src/normalization/normalized-event';
import type { AttemptEntity } from '../../src/outbox/attempt.entity';
import type { DeliveryEntity } from '../../src/outbox/delivery.entity';
import { KeptSecrets } from '../../src/outbox/kept-secrets';
import { OutboxRepository } from '../../src/outbox/outbox.repository';
import { WakeSignal } from '../../src/outbox/wake-signal';
import { Recorder } from '../../src/recording/recorder';
import { RoutingRulesReader } from '../../src/routing/routing-rules-reader';
import { Tracing } from '../../src/telemetry/tracing/tracing';
import type { FakeDestination } from '../harness/fake-destination';
import { freshStore } from '../harness/store';
import { change } from './paging-service';

/** The real claims, with somebody who counts them and is told of each before anything of it is sent. */
class WatchedClaims extends ClaimsRepository {
  count = 0;
  afterClaim: () => void | Promise<void> = () => undefined;

  override async claim(request: ClaimRequest): Promise<Claim> {
    const claim = await super.claim(request);
    this.count += 1;
    await this.afterClaim();
    return claim;
  }
}

/** A service that is not listening, and so delivers nothing but by the one lane that the test runs. */
export class LaneByHand {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly lane: DeliveryLane,
    readonly claims: WatchedClaims,
  ) {}

  static async start({ url }: FakeDestination, environment: Environment = {}): Promise<LaneByHand> {
    const settings = Settings.load({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      ...(await freshStore()),
      PAGERDUTY_EVENTS_URL: url,
      ...environment,
    });
    const app = await createApp(settings);
    await app.init();
    const claims = new WatchedClaims(
      app.get(Database),
      app.get(OutboxRepository),
      app.get(KeptSecrets),
      app.get(RoutingRulesReader),
      app.get(DeliveryEnds),
      app.get(WakeSignal),
    );
    const policy = { maxAttempts: 3, baseMs: 1, maxMs: 1, maxAgeMs: 3_600_000 };
    const told = { metrics: app.get(DeliveryMetrics), tracing: app.get(Tracing) };
    const { DELIVERY_TIMEOUT_MS: timeoutMs } = settings;
    const options = { concurrency: 1, timeoutMs, sweepMs: 1_000, policy, ...told };
    const { operators } = app.get(DestinationClients);
    return new LaneByHand(app, new DeliveryLane(operators, claims, options), claims);
  }

  async record(...events: NormalizedEvent[]): Promise<void> {
    await this.app.get(Recorder).record(events);
  }

  /** The deliveries of an event, oldest first. */
  deliveriesOf(event_id: string): Promise<DeliveryEntity[]> {
    return this.app.get(OutboxRepository).ofEvent({ account_id: 'default', event_id });
  }

  /** The attempts of an event's deliveries, oldest first. */
  async attemptsOf(event_id: string): Promise<AttemptEntity[]> {
    return this.app.get(OutboxRepository).attemptsOf(await this.deliveriesOf(event_id));
  }

  /** Writes to the database past everything that has rules. */
  write(statement: string, parameters: readonly unknown[] = []): Promise<void> {
    return change(this, statement, parameters);
  }

  async stop(): Promise<void> {
    await this.lane.stop(Date.now());
    await this.app.close();
  }
}
