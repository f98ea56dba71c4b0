import { createHash } from 'node:crypto';
import type { NormalizedEvent, Severity } from '../normalization/normalized-event';
import { cutTo } from '../normalization/plain-text';
import type { Action } from '../outbox/delivery.entity';

/** Stands for PagerDuty's integration key where none is configured and the built-in mock is paged. Made up. */
export const MOCK_ROUTING_KEY = 'signalboxmockroutingkey000000000';

/** Longest `payload.summary`, in characters (PagerDuty, "Send an alert event", field `summary`). */
const MAX_SUMMARY_CHARACTERS = 1_024;

/** Longest `dedup_key`, in characters (PagerDuty, "Send an alert event", field `dedup_key`). */
const MAX_DEDUP_KEY_CHARACTERS = 255;

/** PagerDuty gives no limit for these fields; ours keeps a body within bounds whatever a sender calls things. */
const MAX_LABEL_CHARACTERS = 1_024;

/** PagerDuty accepts bodies of up to "512 KB" and does not say which kilobyte: this is the smaller reading. */
const MAX_BODY_BYTES = 512_000;

/** What a page needs to know of an event. */
export type MessageEvent = Pick<
  NormalizedEvent,
  | 'account_id'
  | 'event_id'
  | 'source'
  | 'kind'
  | 'severity'
  | 'service'
  | 'type'
  | 'user_id'
  | 'summary'
  | 'description'
  | 'started_at'
  | 'raw'
> & { readonly revision: number };

/** PagerDuty's word for each of our severities; its fourth, `error`, has no counterpart here. */
const SEVERITY_AT_PAGERDUTY = {
  info: 'info',
  warning: 'warning',
  critical: 'critical',
} as const satisfies Record<Severity, string>;

/** A body of PagerDuty's Events API v2 (`POST /v2/enqueue`), as far as it is used here. */
export type PagerDutyMessage = PagerDutyTrigger | PagerDutyResolve;

export interface PagerDutyResolve {
  readonly routing_key: string;
  readonly event_action: 'resolve';
  readonly dedup_key: string;
}

export interface PagerDutyTrigger {
  readonly routing_key: string;
  readonly event_action: 'trigger';
  readonly dedup_key: string;
  readonly client: string;
  readonly client_url?: string;
  readonly payload: PagerDutyPayload;
}

export interface PagerDutyPayload {
  readonly summary: string;
  readonly source: string;
  readonly severity: (typeof SEVERITY_AT_PAGERDUTY)[Severity];
  /** ISO-8601, UTC. */
  readonly timestamp: string;
  readonly component: string;
  readonly group: string;
  readonly class: string;
  readonly custom_details?: Readonly<Record<string, unknown>>;
}

interface Page {
  readonly action: Action;
  readonly event: MessageEvent;
  readonly routingKey: string;
  /** The request or poll that brought the event's newest revision. */
  readonly requestId: string | null;
  /** Where a person can read on about the event. */
  readonly clientUrl?: string;
}

/**
 * What to send to PagerDuty for one delivery. A body that would be too long loses `raw`, then all of
 * `custom_details`, rather than the page.
 */
export function pagerDutyMessage({
  action,
  event,
  routingKey,
  requestId,
  clientUrl,
}: Page): PagerDutyMessage {
  const dedup_key = dedupKey(event.account_id, event.event_id);
  if (action === 'resolve') return { routing_key: routingKey, event_action: 'resolve', dedup_key };

  const trigger: PagerDutyTrigger = {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key,
    client: 'Signalbox',
    ...(clientUrl === undefined ? {} : { client_url: clientUrl }),
    payload: payloadOf(event),
  };
  const { account_id, event_id, source, kind, type, user_id, description, revision } = event;
  const details = {
    ...{ account_id, event_id, source, kind, type, user_id, description, revision },
    request_id: requestId,
  };
  const complete = withDetails(trigger, { ...details, raw: JSON.parse(event.raw) as unknown });
  if (fits(complete)) return complete;
  const withoutRaw = withDetails(trigger, details);
  return fits(withoutRaw) ? withoutRaw : trigger;
}

/** The key that ties an event's triggers and its resolve together: `<account_id>/<event_id>`. */
export function dedupKey(accountId: string, eventId: string): string {
  const key = `${accountId}/${eventId}`;
  // `length` counts UTF-16 units, never fewer than characters, whichever of the two PagerDuty goes by.
  return key.length <= MAX_DEDUP_KEY_CHARACTERS ? key : createHash('sha256').update(key).digest('hex');
}

/**
 * The message as it goes over the wire. NUL and lone surrogates, which a vendor's signal may hold and not every
 * JSON reader accepts, become U+FFFD: a page must not be refused for one of them.
 */
export function bodyText(message: PagerDutyMessage): string {
  // JSON.stringify writes them as \u0000 and \ud8xx to \udfxx. Taking every escape whole keeps an escaped
  // backslash that stands before an innocent "u0000" apart from them.
  return JSON.stringify(message).replace(/\\(u0000|ud[89a-f]..|.)/g, (escape, escaped: string) =>
    escaped.length > 1 ? '\uFFFD' : escape,
  );
}

function payloadOf(event: MessageEvent): PagerDutyPayload {
  return {
    // PagerDuty refuses a blank summary and a blank source.
    summary: cutTo(
      isBlank(event.summary) ? `${event.service}: ${event.type}` : event.summary,
      MAX_SUMMARY_CHARACTERS,
    ),
    source: label(isBlank(event.service) ? event.source : event.service),
    severity: SEVERITY_AT_PAGERDUTY[event.severity],
    timestamp: new Date(event.started_at).toISOString(),
    component: label(event.service),
    group: label(event.source),
    class: label(event.type),
  };
}

function withDetails(trigger: PagerDutyTrigger, custom_details: Record<string, unknown>): PagerDutyTrigger {
  return { ...trigger, payload: { ...trigger.payload, custom_details } };
}

function fits(message: PagerDutyMessage): boolean {
  return Buffer.byteLength(bodyText(message)) <= MAX_BODY_BYTES;
}

function label(text: string): string {
  return cutTo(text, MAX_LABEL_CHARACTERS);
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
