import { iso } from '../../normalization/instant';
import type { AttemptEntity } from '../../outbox/attempt.entity';
import type { DeliveryEntity, DeliveryReason } from '../../outbox/delivery.entity';

const REASONS: Readonly<Record<DeliveryReason, string>> = {
  resolved_before_sent: 'it was over before it was first sent',
  trigger_dead: 'its trigger never reached the destination',
  destination_off: 'the destination was switched off or deleted',
  not_wanted: 'when its time came, no route wanted it there any more',
  not_needed: 'those that it stands in for have been told, or are switched off',
  superseded: 'an earlier one was sent again by hand',
  shadow: 'the route is only tried out',
  rejected: 'the destination refused it',
  attempts_exhausted: 'all attempts failed',
  expired: 'it was not delivered for too long',
  internal_error: 'this service failed on it',
};

/** Nothing was asked of the destination yet. */
function isHeld({ hold }: DeliveryEntity, newest: AttemptEntity | undefined): boolean {
  return hold !== null && newest === undefined;
}

/** What became of a delivery, in a sentence. */
export function deliveryInWords(delivery: DeliveryEntity, newest: AttemptEntity | undefined): string {
  const { status, reason, finished_at, due_at } = delivery;
  const action = delivery.action === 'trigger' ? 'Trigger' : 'Resolve';
  const why = reason === null ? '' : `: ${REASONS[reason]}`;
  const error = newest?.error ?? null;
  const seen = error === null ? '' : ` (${error})`;
  switch (status) {
    case 'delivered':
      return `${action} delivered at ${iso(finished_at ?? due_at)}.`;
    case 'dead':
      return `${action} given up${why}${seen}.`;
    case 'skipped':
      return `${action} not sent${why}.`;
    case 'pending':
      if (isHeld(delivery, newest)) return `${action} is held until ${iso(due_at)} (${delivery.hold}).`;
      if (newest === undefined) return `${action} waits: due at ${iso(due_at)}.`;
      if (newest.outcome === null) {
        return `${action} is under way since ${iso(newest.started_at)}; without an end it is tried again at ${iso(due_at)}.`;
      }
      return `${action} waits: due at ${iso(due_at)}; the last attempt failed${seen}.`;
  }
}
