import type { EntityManager } from 'typeorm';
import { identityOf } from '../normalization/event-identity';
import type { DeliveryEntity } from '../outbox/delivery.entity';
import type { OutboxRepository } from '../outbox/outbox.repository';
import type { Completion } from './completion';
import { eventsOf } from './events-of';
import { nextReminder } from './next-reminder';

/** Whether the end of a trigger changes what else is planned for its event. */
export function hasFollowUp({ delivery, next }: Completion): boolean {
  if (delivery.action !== 'trigger') return false;
  return next.status === 'dead' || (next.status === 'delivered' && delivery.remind_every_s !== null);
}

/**
 * Writes what follows from triggers that have ended: the next reminder of one that was delivered; and where one is dead,
 * its event's fallbacks are needed now, and not after some time. The deliveries of their events have to be locked.
 */
export async function writeFollowUps(
  tx: EntityManager,
  outbox: OutboxRepository,
  ended: readonly Completion[],
  now: number,
): Promise<void> {
  const those = (status: 'delivered' | 'dead'): DeliveryEntity[] =>
    ended.filter(({ next }) => next.status === status).map(({ delivery }) => delivery);
  await hastenFallbacks(tx, outbox, those('dead'), now);
  const delivered = those('delivered');
  if (delivered.length === 0) return;
  const events = await eventsOf(tx, delivered);
  const history = Map.groupBy(await outbox.historyOf(tx, delivered), identityOf);
  const reminders = delivered.map((delivery) => {
    const identity = identityOf(delivery);
    return nextReminder(delivery, events.get(identity), history.get(identity) ?? [], now);
  });
  await outbox.add(
    tx,
    reminders.filter((reminder) => reminder !== null),
    now,
  );
}

/** A reminder repeats what was told, and so nobody has to stand in for it. */
export async function hastenFallbacks(
  tx: EntityManager,
  outbox: OutboxRepository,
  dead: readonly DeliveryEntity[],
  now: number,
): Promise<void> {
  const news = dead.filter(({ action, hold }) => action === 'trigger' && hold !== 'reminder');
  await outbox.hastenFallbacks(tx, news, now);
}
