import type { EventEntity } from '../events/event.entity';
import type { DeliveryEntity } from '../outbox/delivery.entity';
import type { DeliveryHistory, NewDelivery } from '../outbox/outbox.repository';

/** A trigger that was delivered. */
type Told = Pick<
  DeliveryEntity,
  'id' | 'account_id' | 'event_id' | 'destination' | 'route_id' | 'remind_every_s'
>;

/**
 * The reminder that follows a delivered trigger, held until its time; null where there are to be none, where the event is
 * over, or where something newer is planned there, which says it as well. Pure.
 *
 * @param event its newest state, where it is still there
 * @param history all deliveries of the event
 */
export function nextReminder(
  told: Told,
  event: Pick<EventEntity, 'resolved_at' | 'revision' | 'severity' | 'request_id'> | undefined,
  history: readonly DeliveryHistory[],
  now: number,
): NewDelivery | null {
  const { id, account_id, event_id, destination, route_id, remind_every_s } = told;
  if (remind_every_s === null || event === undefined || event.resolved_at !== null) return null;
  const isSuperseded = history.some(
    (later) => later.destination === destination && later.id > id && later.status === 'pending',
  );
  if (isSuperseded) return null;
  return {
    account_id,
    event_id,
    revision: event.revision,
    destination,
    action: 'trigger',
    severity: event.severity,
    status: 'pending',
    reason: null,
    hold: 'reminder',
    held_until: now + remind_every_s * 1_000,
    route_id,
    remind_every_s,
    replay_of: null,
    request_id: event.request_id,
  };
}
