import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { EventEntity } from '../events/event.entity';
import { DeliveryEntity, type Action, type DeliveryStatus } from '../outbox/delivery.entity';
import { OutboxRepository, type NewDelivery } from '../outbox/outbox.repository';
import { WakeSignal } from '../outbox/wake-signal';

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

const BULK_SIZE = 500;

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
  ) {}

  /**
   * Replays one delivery and returns the new one.
   *
   * @throws ReplayRefusedError
   */
  async one(id: number, requestId: string | null): Promise<DeliveryEntity> {
    const newId = await this.database.write(async (tx) => {
      const delivery = await tx.findOneBy(DeliveryEntity, { id });
      if (delivery === null) throw new ReplayRefusedError('delivery_not_found');
      const isEnded = delivery.status === 'dead' || delivery.status === 'skipped';
      if (!isEnded || (await hasLiveReplay(tx, id))) throw new ReplayRefusedError('delivery_not_ended');
      const [added] = await this.add(tx, delivery, requestId);
      if (added === undefined) throw new ReplayRefusedError('event_is_open');
      return added;
    });
    this.wake.raise();
    return this.database.read.findOneByOrFail(DeliveryEntity, { id: newId });
  }

  /**
   * Replays everything of a status that nothing newer has superseded: of several that ended alike for one
   * event and destination, the newest. Returns how many.
   */
  async many(
    status: DeliveryStatus,
    destination: string | undefined,
    requestId: string | null,
  ): Promise<number> {
    let replayed = 0;
    let after = 0;
    // What dies again while this goes on is not picked up again.
    const upTo = (await this.database.read.maximum(DeliveryEntity, 'id')) ?? 0;
    for (;;) {
      const batch = await this.database.write(async (tx) => {
        const rows = await replayable(tx, status, destination, { after, upTo });
        let count = 0;
        for (const row of rows) count += (await this.add(tx, row, requestId)).length > 0 ? 1 : 0;
        return { count, last: rows.at(-1)?.id };
      });
      replayed += batch.count;
      if (batch.count > 0) this.wake.raise();
      if (batch.last === undefined) return replayed;
      after = batch.last;
    }
  }

  /** Adds the replay, and the resolve that has to follow it; nothing where it would be a false recovery. */
  private async add(
    tx: EntityManager,
    delivery: DeliveryEntity,
    requestId: string | null,
  ): Promise<number[]> {
    const { account_id, event_id } = delivery;
    const event = await tx.findOneByOrFail(EventEntity, { account_id, event_id });
    const isResolved = event.resolved_at !== null;
    if (delivery.action === 'resolve' && !isResolved) return [];
    const row = (action: Action, replay_of: number | null): NewDelivery => ({
      account_id,
      event_id,
      revision: event.revision,
      destination: delivery.destination,
      action,
      severity: event.severity,
      status: 'pending',
      reason: null,
      replay_of,
      request_id: requestId,
    });
    const rows = [row(delivery.action, delivery.id)];
    if (delivery.action === 'trigger' && isResolved) rows.push(row('resolve', null));
    return this.outbox.add(tx, rows, Date.now());
  }
}

/** Whether a replay of it, or a replay of one of its replays, is pending or delivered. */
async function hasLiveReplay(tx: EntityManager, id: number): Promise<boolean> {
  const live = await tx.query<unknown[]>(
    `WITH RECURSIVE replays (id, status) AS (
        SELECT id, status FROM deliveries WHERE replay_of = ?
        UNION ALL SELECT d.id, d.status FROM replays r JOIN deliveries d ON d.replay_of = r.id
      ) SELECT 1 FROM replays WHERE status IN ('pending', 'delivered') LIMIT 1`,
    [id],
  );
  return live.length > 0;
}

/** The next ended deliveries that nothing newer has superseded. */
function replayable(
  tx: EntityManager,
  status: DeliveryStatus,
  destination: string | undefined,
  ids: { readonly after: number; readonly upTo: number },
): Promise<DeliveryEntity[]> {
  return tx.query(
    `SELECT d.* FROM deliveries d
      WHERE d.status = ? AND d.id > ? AND d.id <= ? AND d.destination = coalesce(?, d.destination) AND NOT EXISTS (
        SELECT 1 FROM deliveries l WHERE l.account_id = d.account_id AND l.event_id = d.event_id
          AND l.destination = d.destination AND l.id > d.id
          AND l.status IN ('pending', 'delivered', d.status))
      ORDER BY d.id LIMIT ?`,
    [status, ids.after, ids.upTo, destination ?? null, BULK_SIZE],
  );
}
