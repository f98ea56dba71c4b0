import { createHash } from 'node:crypto';
import type { Message } from './destination';

type Told = Pick<Message, 'destination' | 'event'>;

/** What all messages about one event have in common at one destination, and no others anywhere. */
export function threadIdOf({ destination, event }: Told): string {
  return digest(destination, event.account_id, event.event_id);
}

/** A name for one message that stays the same however often it is sent. */
export function messageIdOf({ destination, event }: Told, deliveryId: number): string {
  return digest(destination, event.account_id, event.event_id, String(deliveryId));
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
