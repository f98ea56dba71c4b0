import type { EntityManager } from 'typeorm';
import { Statement } from '../database/statement';
import type { EventEntity } from '../events/event.entity';
import { identitiesJson, identityOf, type EventIdentity } from '../normalization/event-identity';
import type { DeliveryEntity, DeliveryReason } from '../outbox/delivery.entity';
import type { DeliveryHistory, NewDelivery, OutboxRepository } from '../outbox/outbox.repository';
import { decide } from '../routing/decide';
import type { Decision } from '../routing/decision';
import { deliveryOf } from '../routing/outbox-rows';
import type { Wishes } from '../routing/wishes';

/** A trigger that was held for its destination's own sake, and that is not wanted there any more. */
export interface DroppedTrigger {
  readonly delivery: DeliveryEntity;
  readonly event: EventEntity;
  /** What the rules want of the event now. */
  readonly wishes: Wishes;
}

/** What follows from dropped triggers. */
export interface LedElsewhere {
  readonly added: readonly NewDelivery[];
  /** Those whose event somebody else is changing: nothing can be said of them before that is over. */
  readonly contested: readonly DroppedTrigger[];
}

const IS_NAMED = 'e.account_id = j.value ->> 0 AND e.event_id = j.value ->> 1';

/**
 * Whoever changes an event, or decides about it, holds its row. It is not waited for: who holds it may wait for the
 * delivery that this transaction has claimed. Parameter: rows of account, event.
 */
const UNCONTESTED = new Statement<EventIdentity>(
  ({ name, rows, forUpdateSkipLocked }) => `
  SELECT e.account_id, e.event_id FROM ${rows('j')} ${
    name === 'sqlite'
      ? `JOIN events e ON ${IS_NAMED}`
      : `CROSS JOIN LATERAL (SELECT * FROM events e WHERE ${IS_NAMED} ${forUpdateSkipLocked}) e`
  }`,
);

/**
 * Whether a held trigger that is skipped was the news of its event, which nobody else is told in its place: what a reminder
 * repeats was told, and where a fallback is not wanted, another destination is.
 */
export function isDropped({ hold }: Pick<DeliveryHistory, 'hold'>, reason: DeliveryReason): boolean {
  return reason === 'not_wanted' && hold !== 'reminder' && hold !== 'fallback';
}

/**
 * Where the events of dropped triggers are told instead: their rows would be decided with the next state only, which may
 * never come, and until then nobody would be told of them.
 */
export async function ledElsewhere(
  tx: EntityManager,
  dropped: readonly DroppedTrigger[],
  outbox: OutboxRepository,
  now: number,
): Promise<LedElsewhere> {
  if (dropped.length === 0) return { added: [], contested: [] };
  const events = dropped.map(({ event }) => event);
  const free = new Set((await UNCONTESTED.run(tx, [identitiesJson(events)])).map(identityOf));
  const isFree = ({ event }: DroppedTrigger): boolean => free.has(identityOf(event));
  // Not before the events are held: a trigger of the same event may have been dropped at another destination.
  const histories = Map.groupBy(await outbox.historyOf(tx, events), identityOf);
  const added = dropped.filter(isFree).flatMap(({ delivery, event, wishes }) => {
    const history = histories.get(identityOf(event)) ?? [];
    const decided = { ...event, traceparent: delivery.traceparent };
    return triggersElsewhere(delivery, event, wishes, history, now).map((decision) =>
      deliveryOf(decision, decided, event.revision),
    );
  });
  return { added, contested: dropped.filter((one) => !isFree(one)) };
}

/** What is sent in the place of a dropped trigger, at destinations where its event is wanted and not open. Pure. */
export function triggersElsewhere(
  { id }: Pick<DeliveryHistory, 'id'>,
  event: Pick<EventEntity, 'severity' | 'resolved_at'>,
  wishes: Wishes,
  history: readonly DeliveryHistory[],
  now: number,
): readonly (Decision & { do: 'send' })[] {
  const others = history.filter((delivery) => delivery.id !== id);
  return decide(event, wishes, others, now).filter((decision) => decision.do === 'send');
}
