import { dedupKey, MOCK_ROUTING_KEY } from '../destinations/pagerduty-message';
import { isObject } from '../normalization/json-document';
import { DEFAULT_ACCOUNT } from '../normalization/normalized-event';

/** Whether a body is one of our own events, as the API shows them, and no Events API v2 body. */
export function isNormalizedEvent(body: unknown): body is Record<string, unknown> {
  return isObject(body) && Object.hasOwn(body, 'event_id') && !Object.hasOwn(body, 'event_action');
}

/**
 * The Events API v2 body that says the same: a trigger, or a resolve where `resolved_at` is set. Nothing is
 * checked or cut, so that validation tells the sender of every fault.
 */
export function translateEvent(event: Record<string, unknown>): Record<string, unknown> {
  const { account_id = DEFAULT_ACCOUNT, event_id, resolved_at, routing_key = MOCK_ROUTING_KEY } = event;
  const isResolved = resolved_at !== undefined && resolved_at !== null;
  return {
    routing_key,
    event_action: isResolved ? 'resolve' : 'trigger',
    dedup_key: isName(account_id) && isName(event_id) ? dedupKey(account_id, event_id) : null,
    payload: {
      summary: event.summary,
      source: event.service ?? event.source,
      severity: event.severity,
      timestamp: event.started_at,
      component: event.service,
      group: event.source,
      class: event.type,
    },
  };
}

/** What keeps an event's identity from being one: without it there is no key to tell events apart by. */
export function identityFaults({ account_id, event_id }: Record<string, unknown>): string[] {
  return [
    ...(account_id === undefined || isName(account_id)
      ? []
      : ["'account_id' must be a string that is not empty"]),
    ...(isName(event_id) ? [] : ["'event_id' must be a string that is not empty"]),
  ];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
