import type { EventToStore } from '../events/events.batch';
import type { Hastening } from '../outbox/hold-statements';
import type { NewDelivery } from '../outbox/outbox.repository';
import type { Decision } from './decision';

/** The event that something is decided about. */
type DecidedEvent = Pick<EventToStore, 'account_id' | 'event_id' | 'severity' | 'request_id' | 'traceparent'>;

/** The row that a decision adds to the outbox. */
export function deliveryOf(
  decision: Decision & { do: 'send' | 'keep_as_skipped' },
  event: DecidedEvent,
  revision: number,
): NewDelivery {
  const sent = decision.do === 'send' ? decision : null;
  return {
    account_id: event.account_id,
    event_id: event.event_id,
    revision,
    destination: decision.destination,
    action: decision.action,
    severity: event.severity,
    status: decision.do === 'send' ? 'pending' : 'skipped',
    reason: decision.do === 'send' ? null : decision.reason,
    hold: sent?.hold?.reason ?? null,
    held_until: sent?.hold?.until ?? null,
    route_id: decision.route_id,
    remind_every_s: sent?.remind_every_s ?? null,
    replay_of: null,
    request_id: event.request_id,
    traceparent: event.traceparent,
  };
}

/** What a decision changes about a row of the outbox that is held. */
export function hasteningOf(decision: Decision & { do: 'hasten' }, { severity }: DecidedEvent): Hastening {
  const { delivery_id, hold, route_id, remind_every_s } = decision;
  return {
    delivery_id,
    hold: hold?.reason ?? null,
    held_until: hold?.until ?? null,
    severity,
    route_id,
    remind_every_s,
  };
}
