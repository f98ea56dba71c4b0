import { Injectable, Logger } from '@nestjs/common';
import { Settings } from '../config/settings';
import type { Outcome } from '../outbox/outcome';
import type { Destination, Message, OutgoingRequest } from './destination';
import { outcomeOfStatus } from './http-outcome';
import { OwnAddress } from './own-address';
import { bodyText, MOCK_ROUTING_KEY, pagerDutyMessage } from './pagerduty-message';

/** Name of the destination, in the outbox, the API and the logs. */
export const PAGERDUTY = 'pagerduty';

/** Where PagerDuty takes events (https://developer.pagerduty.com/docs/events-api-v2-overview). */
const EVENTS_URL = 'https://events.pagerduty.com/v2/enqueue';

/** PagerDuty, by its Events API v2; the built-in mock speaks the same, so the path without an account is the real one. */
@Injectable()
export class PagerDutyDestination implements Destination {
  readonly name = PAGERDUTY;
  readonly credential: string;
  readonly abandonedCredentials: readonly string[];

  constructor(
    private readonly settings: Settings,
    private readonly ownAddress: OwnAddress,
  ) {
    this.credential = settings.PAGERDUTY_ROUTING_KEY ?? MOCK_ROUTING_KEY;
    if (settings.isProduction && this.credential === MOCK_ROUTING_KEY && !settings.PAGERDUTY_EVENTS_URL) {
      new Logger('PagerDuty').error(
        'PAGERDUTY_ROUTING_KEY is not set: in production too, every page goes to the built-in mock and to nobody else',
      );
    }
    // With a key of PagerDuty's the mock is gone, and nobody there knows what it had opened.
    this.abandonedCredentials = this.credential === MOCK_ROUTING_KEY ? [] : [MOCK_ROUTING_KEY];
  }

  request({ action, event, credential, request_id }: Message): OutgoingRequest {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (request_id !== null) headers['x-request-id'] = request_id;
    const message = pagerDutyMessage({ action, event, routingKey: credential, requestId: request_id });
    return { url: this.url(), headers, body: bodyText(message) };
  }

  outcomeOf(status: number): Outcome {
    return outcomeOfStatus(status);
  }

  private url(): string {
    const { PAGERDUTY_EVENTS_URL, PAGERDUTY_ROUTING_KEY } = this.settings;
    if (PAGERDUTY_EVENTS_URL !== undefined) return PAGERDUTY_EVENTS_URL;
    return PAGERDUTY_ROUTING_KEY === undefined
      ? this.ownAddress.urlOf('/destinations/pagerduty')
      : EVENTS_URL;
  }
}
