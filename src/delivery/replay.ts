import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Author } from '../accounts/actor';
import { Audit } from '../accounts/audit/audit';
import { Database } from '../database/database';
import type { DialectName } from '../database/dialect';
import { Statement } from '../database/statement';
import type { EventEntity } from '../events/event.entity';
import { identitiesJson, identityOf, type EventIdentity } from '../normalization/event-identity';
import {
  DeliveryEntity,
  type Action,
  type DeliveryReason,
  type DeliveryStatus,
} from '../outbox/delivery.entity';
import { OutboxRepository, type NewDelivery } from '../outbox/outbox.repository';
import { WakeSignal } from '../outbox/wake-signal';
import { heldTrigger } from '../routing/earlier-delivery';

/** Why a delivery cannot be replayed. */
export type ReplayRefusal =
  | 'delivery_not_found'
  /** It is pending or delivered, itself or by an earlier replay. */
  | 'delivery_not_ended'
  /** A resolve whose event is open again: sending it would be a false recovery. */
  | 'event_is_open';

/** The replay was refused. */
export class ReplayRefusedError extends Error {
  constructor(readonly reason: ReplayRefusal) {
    super(`the delivery cannot be replayed: ${reason}`);
    this.name = 'ReplayRefusedError';
  }
}

/** Which ended deliveries to replay. */
export interface ReplayFilter {
  readonly status: DeliveryStatus;
  readonly destination?: string | undefined;
  readonly account_id?: string | undefined;
}

const BULK_SIZE = 500;

/** What a replay has to know of its event. */
type ReplayedEvent = EventIdentity & Pick<EventEntity, 'revision' | 'severity' | 'resolved_at'>;

const IS_NAMED = 'e.account_id = j.value ->> 0 AND e.event_id = j.value ->> 1';

/** One by one, in the order given. */
const LOCKED_EVENTS: Record<DialectName, string> = {
  sqlite: `JOIN events e ON ${IS_NAMED}`,
  postgres: `CROSS JOIN LATERAL (SELECT * FROM events e WHERE ${IS_NAMED} FOR UPDATE) e`,
};

/** Parameter: rows of account, event. */
const LOCK_EVENTS = new Statement<ReplayedEvent>(
  ({ rows, name }) => `
  SELECT e.account_id, e.event_id, e.revision, e.severity, e.resolved_at FROM ${rows('j')} ${LOCKED_EVENTS[name]}`,
);

const LIVE_REPLAYS = new Statement<unknown>(
  () => `
  WITH RECURSIVE replays (id, status) AS (
    SELECT id, status FROM deliveries WHERE replay_of = ?
    UNION ALL SELECT d.id, d.status FROM replays r JOIN deliveries d ON d.replay_of = r.id
  ) SELECT 1 FROM replays WHERE status IN ('pending', 'delivered') LIMIT 1`,
);

/** Why deliveries were skipped that nobody has missed: replaying all that is skipped leaves them alone. */
const NEVER_WANTED = (['shadow', 'not_wanted', 'not_needed', 'superseded'] satisfies DeliveryReason[])
  .map((reason) => `'${reason}'`)
  .join(', ');

const REPLAYABLE = new Statement<DeliveryEntity>(
  () => `
  SELECT d.* FROM deliveries d
  WHERE d.status = ? AND d.id > ? AND d.id <= ? AND d.destination = coalesce(CAST(? AS text), d.destination)
    AND d.account_id = coalesce(CAST(? AS text), d.account_id)
    AND coalesce(d.reason, '') NOT IN (${NEVER_WANTED})
    AND NOT EXISTS (
      SELECT 1 FROM deliveries l WHERE l.account_id = d.account_id AND l.event_id = d.event_id
        AND l.destination = d.destination AND l.id > d.id AND l.status IN ('pending', 'delivered', d.status))
  ORDER BY d.id LIMIT ?`,
);

/**
 * Sends again what ended dead or skipped: as a new delivery at the end of its event's order, so that nothing
 * overtakes it. If the event is resolved by then, a resolve follows the replayed trigger.
 */
@Injectable()
export class Replay {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxRepository,
    private readonly wake: WakeSignal,
    private readonly audit: Audit,
  ) {}

  /**
   * Replays one delivery and returns the new one. Where an account is named, another one's delivery is none.
   *
   * @throws ReplayRefusedError
   */
  async one(author: Author, id: number, account_id?: string): Promise<DeliveryEntity> {
    const newId = await this.database.write(async (tx, now) => {
      const ofAccount = account_id === undefined ? {} : { account_id };
      const delivery = await tx.findOneBy(DeliveryEntity, { id, ...ofAccount });
      if (delivery === null) throw new ReplayRefusedError('delivery_not_found');
      const event = (await lockEvents(tx, [delivery])).get(identityOf(delivery));
      if (event === undefined) throw new ReplayRefusedError('delivery_not_found');
      await this.outbox.lockOfEvents(tx, [delivery]);
      const isEnded = delivery.status === 'dead' || delivery.status === 'skipped';
      if (!isEnded || (await hasLiveReplay(tx, id))) throw new ReplayRefusedError('delivery_not_ended');
      await this.supersedeHeld(tx, delivery, now);
      const [added] = await this.add(tx, delivery, event, { requestId: author.request_id, now });
      if (added === undefined) throw new ReplayRefusedError('event_is_open');
      const { event_id, destination, action } = delivery;
      await this.audit.note(tx, now, author, {
        account_id: delivery.account_id,
        action: 'delivery.replayed',
        subject: String(id),
        after: { event_id, destination, action, replayed_as: added },
      });
      return added;
    });
    this.wake.raise();
    return this.database.read.findOneByOrFail(DeliveryEntity, { id: newId });
  }

  /**
   * Replays everything of a status that nothing newer has superseded: of several that ended alike for one
   * event and destination, the newest. Returns how many.
   */
  async many(author: Author, which: ReplayFilter): Promise<number> {
    let replayed = 0;
    let after = 0;
    // What dies again while this goes on is not picked up again.
    const upTo = (await this.database.read.maximum(DeliveryEntity, 'id')) ?? 0;
    for (;;) {
      const batch = await this.database.write(async (tx, now) => {
        const rows = await replayable(tx, which, { after, upTo });
        const events = await lockEvents(tx, rows);
        const replayedRows: DeliveryEntity[] = [];
        for (const row of rows) {
          const event = events.get(identityOf(row));
          // Somebody else may be replaying the same, or have removed it.
          if (event === undefined || (await hasLiveReplay(tx, row.id))) continue;
          const added = await this.add(tx, row, event, { requestId: author.request_id, now });
          if (added.length > 0) replayedRows.push(row);
        }
        await this.noteMany(tx, now, author, which, replayedRows);
        return { count: replayedRows.length, last: rows.at(-1)?.id };
      });
      replayed += batch.count;
      if (batch.count > 0) this.wake.raise();
      if (batch.last === undefined) return replayed;
      after = batch.last;
    }
  }

  /** How many `many` would replay, at most: it passes over resolves of events that are open again. */
  async count(which: ReplayFilter): Promise<number> {
    let count = 0;
    let after = 0;
    const upTo = (await this.database.read.maximum(DeliveryEntity, 'id')) ?? 0;
    for (;;) {
      const rows = await replayable(this.database.read, which, { after, upTo });
      const last = rows.at(-1);
      if (last === undefined) return count;
      count += rows.length;
      after = last.id;
    }
  }

  /** One entry for each account: a thousand that say the same would hide all others. */
  private async noteMany(
    tx: EntityManager,
    now: number,
    author: Author,
    { status, destination = 'all' }: ReplayFilter,
    replayed: readonly DeliveryEntity[],
  ): Promise<void> {
    for (const [account_id, rows] of Map.groupBy(replayed, (row) => row.account_id)) {
      await this.audit.note(tx, now, author, {
        account_id,
        action: 'deliveries.replayed',
        subject: destination,
        after: { status, count: rows.length },
      });
    }
  }

  /** Adds the replay, and the resolve that has to follow it; nothing where it would be a false recovery. */
  private async add(
    tx: EntityManager,
    delivery: DeliveryEntity,
    event: ReplayedEvent,
    { requestId, now }: { readonly requestId: string | null; readonly now: number },
  ): Promise<number[]> {
    const { account_id, event_id } = delivery;
    const isResolved = event.resolved_at !== null;
    if (delivery.action === 'resolve' && !isResolved) return [];
    const { route_id, remind_every_s } = delivery;
    const row = (action: Action, replay_of: number | null): NewDelivery => ({
      account_id,
      event_id,
      revision: event.revision,
      destination: delivery.destination,
      action,
      severity: event.severity,
      status: 'pending',
      reason: null,
      hold: null,
      held_until: null,
      route_id: action === 'trigger' ? route_id : null,
      remind_every_s: action === 'trigger' ? remind_every_s : null,
      replay_of,
      request_id: requestId,
    });
    const rows = [row(delivery.action, delivery.id)];
    if (delivery.action === 'trigger' && isResolved) rows.push(row('resolve', null));
    return this.outbox.add(tx, rows, now);
  }

  /** What is held there says the same, and would keep the replay waiting behind it. */
  private async supersedeHeld(tx: EntityManager, delivery: DeliveryEntity, now: number): Promise<void> {
    const history = await this.outbox.historyOf(tx, [delivery]);
    const there = history.filter(({ destination }) => destination === delivery.destination);
    const held = heldTrigger(there);
    if (held !== undefined) await this.outbox.skip(tx, [held.id], 'superseded', now);
  }
}

/**
 * The events of deliveries, by identity. Whoever changes an event or adds to its deliveries holds its row meanwhile, and
 * so they take turns; all take several in the order of identities, and so nobody waits in a circle.
 */
async function lockEvents(
  tx: EntityManager,
  deliveries: readonly DeliveryEntity[],
): Promise<Map<string, ReplayedEvent>> {
  const identities = new Map(deliveries.map((delivery) => [identityOf(delivery), delivery]));
  const sorted = [...identities].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, delivery]) => delivery);
  const events = await LOCK_EVENTS.run(tx, [identitiesJson(sorted)]);
  return new Map(events.map((event) => [identityOf(event), event]));
}

/** Whether a replay of it, or a replay of one of its replays, is pending or delivered. */
async function hasLiveReplay(tx: EntityManager, id: number): Promise<boolean> {
  return (await LIVE_REPLAYS.run(tx, [id])).length > 0;
}

/** The next ended deliveries that nothing newer has superseded. */
function replayable(
  tx: EntityManager,
  { status, destination, account_id }: ReplayFilter,
  ids: { readonly after: number; readonly upTo: number },
): Promise<DeliveryEntity[]> {
  return REPLAYABLE.run(tx, [
    status,
    ids.after,
    ids.upTo,
    destination ?? null,
    account_id ?? null,
    BULK_SIZE,
  ]);
}
