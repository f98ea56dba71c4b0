import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings';
import { CircuitBreakers } from '../reliability/circuit-breakers';
import { DestinationClient } from './destination-client';
import { PagerDutyDestination } from './pagerduty.destination';

/** One client for each configured destination. */
@Injectable()
export class DestinationClients {
  readonly all: readonly DestinationClient[];

  constructor(settings: Settings, breakers: CircuitBreakers, pagerDuty: PagerDutyDestination) {
    const limits = { timeoutMs: settings.DELIVERY_TIMEOUT_MS, concurrency: settings.WORKER_CONCURRENCY };
    this.all = [pagerDuty].map((destination) => {
      return new DestinationClient(destination, breakers.named(destination.name), limits);
    });
  }
}
