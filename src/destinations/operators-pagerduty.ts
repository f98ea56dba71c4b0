import { Injectable, Logger } from '@nestjs/common';
import { ownToken } from '../accounts/own-token';
import { Settings } from '../config/settings';
import type { Outcome } from '../outbox/outcome';
import type { HttpAnswer, HttpDestination, Message, OutgoingRequest } from './destination';
import { OwnAddress } from './own-address';
import { MOCK_ROUTING_KEY } from './pagerduty-message';
import { EVENTS_URLS, MOCK_PATH, outcomeOfPagerDuty, pagerDutyRequest } from './pagerduty.destination';

/** Name of the destination, in the outbox, the API and the logs. */
export const PAGERDUTY = 'pagerduty';

/**
 * The PagerDuty that the settings name, for the events of all accounts; the built-in mock speaks the same, so the path
 * without an account is the real one.
 */
@Injectable()
export class OperatorsPagerDuty implements HttpDestination {
  readonly name = PAGERDUTY;
  readonly sentBy = 'http';
  readonly isUsersUrl = false;
  /** The routing key that new triggers go through. Never logged, never shown. */
  readonly credential: string;
  /** Routing keys of earlier settings that lead nowhere any more. */
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

  secretsIn(credential: string): readonly string[] {
    return [credential];
  }

  request(message: Message): OutgoingRequest {
    const request = pagerDutyRequest(message, message.credential, this.url());
    const token = this.isMockMeant() ? ownToken(this.settings) : null;
    if (token === null) return request;
    return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
  }

  outcomeOf(answer: HttpAnswer): Outcome {
    return outcomeOfPagerDuty(answer);
  }

  private url(): string {
    const { PAGERDUTY_EVENTS_URL, PAGERDUTY_ROUTING_KEY } = this.settings;
    if (PAGERDUTY_EVENTS_URL !== undefined) return PAGERDUTY_EVENTS_URL;
    return PAGERDUTY_ROUTING_KEY === undefined ? this.ownAddress.urlOf(MOCK_PATH) : EVENTS_URLS.us;
  }

  /** The mock of this process, or by PAGERDUTY_EVENTS_URL that of another process of the same service. */
  private isMockMeant(): boolean {
    const { PAGERDUTY_EVENTS_URL, PAGERDUTY_ROUTING_KEY } = this.settings;
    if (PAGERDUTY_ROUTING_KEY !== undefined) return false;
    return PAGERDUTY_EVENTS_URL === undefined || new URL(PAGERDUTY_EVENTS_URL).pathname === MOCK_PATH;
  }
}
