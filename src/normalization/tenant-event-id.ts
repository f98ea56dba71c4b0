import { hash } from 'node:crypto';
import { UuidV7Sequence } from './uuid-v7';

const sequence = new UuidV7Sequence();

/** A new id, for an event whose sender gave it none: a repeat of the post would be another event. */
export function newEventId(): string {
  return sequence.next(Date.now());
}

/**
 * The id of an event within a post that has an Idempotency-Key: a repeat of the post gets the same, and so the
 * database's unique constraint tells that it is one. As JSON, because no other account, key and index give that text.
 */
export function derivedEventId(idempotencyKey: string, accountId: string, index: number): string {
  return hash('sha256', JSON.stringify([accountId, idempotencyKey, index]), 'hex');
}
