import type { DeliveryHistory } from '../../src/outbox/outbox.repository';
import type { RoutedEvent, Wish } from '../../src/routing/wishes';

/** The destination of those that name no other. */
export const HERE = 'pagerduty';

/** What rules look at, but for the severity. */
export const ROUTED: Omit<RoutedEvent, 'severity'> = {
  account_id: 'default',
  event_id: 'evt_1',
  source: 'app',
  service: 'shop',
  kind: 'incident',
  type: 'outage',
  started_at: 0,
};

/** A delivery of an event as the outbox tells of it; by default a trigger that was delivered. */
export function pastDelivery(fields: Partial<DeliveryHistory> = {}): DeliveryHistory {
  const { status = 'delivered' } = fields;
  return {
    id: 1,
    account_id: ROUTED.account_id,
    event_id: ROUTED.event_id,
    destination: HERE,
    action: 'trigger',
    status,
    reason: null,
    severity: 'warning',
    credential: null,
    created_at: 0,
    finished_at: null,
    hold: null,
    held_until: null,
    route_id: 'default',
    remind_every_s: null,
    is_attempted: status === 'delivered' || status === 'dead',
    may_have_arrived: status === 'delivered',
    ...fields,
  };
}

/** A route's wish for a destination; by default for one trigger, at once. */
export function wish(fields: Partial<Wish> = {}): Wish {
  return {
    destination: HERE,
    route_id: 'route-1',
    hold: null,
    hold_when_worse: null,
    remind_every_s: null,
    shadow: false,
    ...fields,
  };
}
