import type { EventEntity } from '../events/event.entity';
import type { DeliveryEntity } from '../outbox/delivery.entity';
import type { DeliveryHistory } from '../outbox/outbox.repository';
import { isOpenOrPossiblyOpen } from '../routing/earlier-delivery';

/** A delivery that this process may send until its lease ends, with the rows it needs, where they are there. */
export interface ClaimedDelivery {
  readonly delivery: DeliveryEntity;
  /** Its newest state. */
  readonly event: EventEntity | undefined;
  /** The secret it goes through. */
  readonly credential: string | undefined;
  /** The delivery that opened what this one joins or closes, null for the first. */
  readonly follows: number | null;
  /** When its lease ends by this process's own clock, which started before the database's did. */
  readonly leaseEndsAt: number;
}

/** What to do with a delivery whose turn has come. */
export type Turn =
  | { readonly do: 'send'; readonly credential: string; readonly follows: number | null }
  | { readonly do: 'skip'; readonly reason: 'trigger_dead' | 'destination_off' };

/**
 * Decides, when a delivery's turn comes, whether it is still worth sending and through which credential. Pure.
 *
 * A resolve closes what its triggers opened, so it goes through the credential of the newest trigger that may
 * have arrived, and without one there is nothing to close. A trigger for something that is open already joins
 * it, through the same credential; any other takes the current one, and without one, because the destination was
 * switched off or deleted meanwhile, it is not sent. A delivery that was tried before keeps the one it has.
 */
export function takeTurn(
  delivery: Pick<DeliveryEntity, 'id' | 'action' | 'credential' | 'destination'>,
  history: readonly DeliveryHistory[],
  currentCredential: string | null,
): Turn {
  const earlier = history.filter(
    ({ id, destination }) => id < delivery.id && destination === delivery.destination,
  );
  const isOpen = isOpenOrPossiblyOpen(earlier);
  if (delivery.action === 'resolve' && !isOpen) return { do: 'skip', reason: 'trigger_dead' };
  const opener = isOpen ? earlier.findLast(mayHaveOpened) : undefined;
  const credential = delivery.credential ?? opener?.credential ?? currentCredential;
  if (credential === null) return { do: 'skip', reason: 'destination_off' };
  return { do: 'send', credential, follows: opener?.id ?? null };
}

function mayHaveOpened({ action, credential, status, may_have_arrived }: DeliveryHistory): boolean {
  return action === 'trigger' && credential !== null && (status === 'delivered' || may_have_arrived);
}
