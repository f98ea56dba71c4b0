import { Injectable } from '@nestjs/common';
import { parseRoutingKey } from '../config/definitions';
import { Settings } from '../config/settings';
import type { Outcome } from '../outbox/outcome';
import type { HttpAnswer, HttpDestination, Message, OutgoingRequest } from './destination';
import { plain, REDACTED, secretsOf, type Field, type SettingsOf } from './fields';
import { outcomeUnlessPage } from './http-outcome';
import type { Configurable } from './kind';
import { bodyText, pagerDutyMessage } from './pagerduty-message';

/**
 * Where PagerDuty takes events (https://developer.pagerduty.com/docs/events-api-v2-overview), by service region
 * (https://support.pagerduty.com/main/docs/service-regions).
 */
export const EVENTS_URLS = {
  us: 'https://events.pagerduty.com/v2/enqueue',
  eu: 'https://events.eu.pagerduty.com/v2/enqueue',
} as const;

type Region = keyof typeof EVENTS_URLS;

/** Where the built-in mock takes them. */
export const MOCK_PATH = '/destinations/pagerduty';

type PagerDutyFields = { readonly routing_key: Field<string>; readonly region: Field<Region> };

/** A PagerDuty service of an account's own, by its Events API v2. */
@Injectable()
export class PagerDutyDestination implements HttpDestination, Configurable<PagerDutyFields> {
  readonly type = 'pagerduty';
  readonly sentBy = 'http';
  readonly isUsersUrl = false;
  readonly unavailable = null;
  readonly fields: PagerDutyFields = {
    routing_key: {
      parse: (value) => parseRoutingKey(typeof value === 'string' ? value : ''),
      shown: () => REDACTED,
      secretsIn: (key) => [key],
    },
    region: { ...plain(readRegion), fallback: 'us' },
  };

  constructor(private readonly settings: Settings) {}

  placeOf({ routing_key, region }: SettingsOf<PagerDutyFields>): string {
    return `${region} ${routing_key}`;
  }

  secretsIn(credential: string): readonly string[] {
    return secretsOf(this.fields, credential);
  }

  request(message: Message): OutgoingRequest {
    const settings = JSON.parse(message.credential) as SettingsOf<PagerDutyFields>;
    return pagerDutyRequest(message, settings.routing_key, this.urlOf(settings.region));
  }

  outcomeOf(answer: HttpAnswer): Outcome {
    return outcomeOfPagerDuty(answer);
  }

  /** The operator's URL may stand for all of PagerDuty (a proxy, say), but not where it leads to the built-in mock. */
  private urlOf(region: Region): string {
    const url = this.settings.PAGERDUTY_EVENTS_URL;
    return url === undefined || new URL(url).pathname === MOCK_PATH ? EVENTS_URLS[region] : url;
  }
}

/** A request of the Events API v2. */
export function pagerDutyRequest(
  { action, event, request_id }: Message,
  routingKey: string,
  url: string,
): OutgoingRequest {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (request_id !== null) headers['x-request-id'] = request_id;
  const body = bodyText(pagerDutyMessage({ action, event, routingKey, requestId: request_id }));
  return { url, headers, body };
}

/** It answers in JSON. */
export function outcomeOfPagerDuty(answer: HttpAnswer): Outcome {
  return outcomeUnlessPage(answer, answer.contentType.startsWith('text/html'));
}

function readRegion(value: unknown): Region {
  if (value !== 'us' && value !== 'eu') throw new Error('must be us or eu');
  return value;
}
