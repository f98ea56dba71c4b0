import type { EntityManager } from 'typeorm';
import { Statement } from '../database/statement';
import type { EventEntity } from '../events/event.entity';
import { identityOf } from '../normalization/event-identity';
import { rankOf, type Severity } from '../normalization/normalized-event';
import type { DeliveryEntity } from '../outbox/delivery.entity';

/** The first revision is found by its place, the others by their index. Parameter: rows of delivery, account, event, revision, first place. */
const SEVERITY_THEN = new Statement<{ id: number; severity: Severity | null }>(
  ({ rows }) => `
  SELECT CAST(j.value ->> 0 AS bigint) AS id, coalesce(
    (SELECT r.severity FROM event_revisions r
      WHERE r.account_id = j.value ->> 1 AND r.event_id = j.value ->> 2
        AND r.revision = CAST(j.value ->> 3 AS integer) AND r.revision > 1),
    (SELECT r.severity FROM event_revisions r WHERE r.seq = CAST(j.value ->> 4 AS bigint))) AS severity
  FROM ${rows('j')}`,
);

/** Which of some deliveries, by their ids, are about an event that is worse by now than when they were decided. */
export async function gotWorseSince(
  tx: EntityManager,
  deliveries: readonly DeliveryEntity[],
  events: ReadonlyMap<string, EventEntity>,
): Promise<ReadonlySet<number>> {
  const severities = new Map<number, Severity>();
  const rows = deliveries.flatMap((delivery) => {
    const event = events.get(identityOf(delivery));
    if (event === undefined || event.revision === delivery.revision) return [];
    severities.set(delivery.id, event.severity);
    return [[delivery.id, delivery.account_id, delivery.event_id, delivery.revision, event.first_seq]];
  });
  if (rows.length === 0) return new Set();
  const then = await SEVERITY_THEN.run(tx, [JSON.stringify(rows)]);
  const worse = then.filter(({ id, severity }) => {
    const by_now = severities.get(id);
    return severity !== null && by_now !== undefined && rankOf(by_now) > rankOf(severity);
  });
  return new Set(worse.map(({ id }) => id));
}
