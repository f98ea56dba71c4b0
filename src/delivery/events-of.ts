import type { EntityManager } from 'typeorm';
import type { EventEntity } from '../events/event.entity';
import { identitiesJson, identityOf, type EventIdentity } from '../normalization/event-identity';
import { EVENTS_OF } from './claim-statements';

/** The newest states of some events, by identity, as seen by `tx`. */
export async function eventsOf(
  tx: EntityManager,
  identities: readonly EventIdentity[],
): Promise<Map<string, EventEntity>> {
  const events = await EVENTS_OF.run(tx, [identitiesJson(identities)]);
  return new Map(events.map((event) => [identityOf(event), event]));
}
