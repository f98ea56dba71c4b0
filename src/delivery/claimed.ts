import type { EventEntity } from '../events/event.entity';
import type { DeliveryEntity } from '../outbox/delivery.entity';
import type { DeliveryHistory } from '../outbox/outbox.repository';
import { isOpenOrPossiblyOpen } from '../routing/decide';

/** A delivery that this process may send until its lease ends, with the rows it needs, where they are there. */
export interface ClaimedDelivery {
  readonly delivery: DeliveryEntity;
  /** Its newest state. */
  readonly event: EventEntity | undefined;
  /** The secret it goes through. */
  readonly credential: string | undefined;
}

/** What to do with a delivery whose turn has come. */
export type Turn =
  | { readonly do: 'send'; readonly credential: string }
  | { readonly do: 'skip'; readonly reason: 'trigger_dead' };

/**
 * Decides, when a delivery's turn comes, whether it is still worth sending and through which credential. Pure.
 *
 * A resolve closes what its triggers opened, so it goes through the credential of the newest trigger that may
 * have arrived, and without one there is nothing to close. A trigger for something that is open already joins
 * it, through the same credential; any other takes the current one. A delivery that was tried before keeps
 * the one it has.
 */
export function takeTurn(
  delivery: Pick<DeliveryEntity, 'id' | 'action' | 'credential' | 'destination'>,
  history: readonly DeliveryHistory[],
  currentCredential: string,
): Turn {
  const earlier = history.filter(
    ({ id, destination }) => id < delivery.id && destination === delivery.destination,
  );
  const isOpen = isOpenOrPossiblyOpen(earlier);
  if (delivery.action === 'resolve' && !isOpen) return { do: 'skip', reason: 'trigger_dead' };
  if (delivery.credential !== null) return { do: 'send', credential: delivery.credential };
  const opener = earlier.findLast(({ action, credential, status, may_have_arrived }) => {
    return action === 'trigger' && credential !== null && (status === 'delivered' || may_have_arrived);
  });
  return { do: 'send', credential: (isOpen ? opener?.credential : null) ?? currentCredential };
}
