import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { identitiesJson, type EventIdentity } from '../normalization/event-identity';
import { Database } from '../database/database';
import type { Severity } from '../normalization/normalized-event';
import { rankOf } from '../normalization/normalized-event';
import { AttemptEntity } from './attempt.entity';
import { DeliveryEntity, type Action, type DeliveryReason, type DeliveryStatus } from './delivery.entity';
import { ARRIVAL_UNKNOWN } from './outcome';

/** A row to add to the outbox. Instants and counters are the outbox's own business. */
export interface NewDelivery {
  readonly account_id: string;
  readonly event_id: string;
  readonly revision: number;
  readonly destination: string;
  readonly action: Action;
  readonly severity: Severity;
  readonly status: 'pending' | 'skipped';
  readonly reason: DeliveryReason | null;
  readonly replay_of: number | null;
  readonly request_id: string | null;
}

/** An earlier delivery of an event, with what its attempts tell. */
export interface DeliveryHistory extends EventIdentity {
  readonly id: number;
  readonly destination: string;
  readonly action: Action;
  readonly status: DeliveryStatus;
  readonly severity: Severity;
  readonly credential: string | null;
  readonly is_attempted: boolean;
  readonly may_have_arrived: boolean;
}

/** Which rows a list of deliveries shows, newest first. */
export interface DeliveryFilter {
  readonly status?: DeliveryStatus;
  readonly destination?: string;
  readonly before_id?: number;
  readonly limit: number;
}

const ARRIVED = ARRIVAL_UNKNOWN.map((outcome) => `'${outcome}'`).join(', ');

/** A null outcome means the process died, or is still, between the request's beginning and its end. */
const HISTORY = `
  SELECT d.id, d.account_id, d.event_id, d.destination, d.action, d.status, d.severity, d.credential,
    EXISTS (SELECT 1 FROM delivery_attempts a WHERE a.delivery_id = d.id
      AND (a.outcome IS NULL OR a.outcome <> 'released')) AS is_attempted,
    EXISTS (SELECT 1 FROM delivery_attempts a WHERE a.delivery_id = d.id
      AND (a.outcome IS NULL OR a.outcome IN (${ARRIVED}))) AS may_have_arrived
  FROM json_each(?) j JOIN deliveries d ON d.account_id = j.value ->> 0 AND d.event_id = j.value ->> 1
  WHERE d.credential IS NULL
    OR d.credential NOT IN (SELECT fingerprint FROM destination_credentials WHERE abandoned = 1)
  ORDER BY d.id`;

const INSERT = `
  INSERT INTO deliveries (account_id, event_id, revision, destination, action, severity, priority, status, reason,
    replay_of, request_id, created_at, due_at, finished_at, attempts, claims)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
    value ->> 8, value ->> 9, value ->> 10, ?, ?, CASE WHEN value ->> 7 = 'skipped' THEN ? END, 0, 0
  FROM json_each(?) ORDER BY key
  RETURNING id`;

/**
 * One look into the index for each destination that has something pending, however much that is. Left alone,
 * SQLite reads all that is pending: it takes `status = 'pending'` for the rarer condition.
 */
const OLDEST_DUE = `
  WITH RECURSIVE waiting (destination) AS (
    SELECT '' UNION ALL
    SELECT (SELECT min(d.destination) FROM deliveries d INDEXED BY ix_deliveries_due
      WHERE d.status = 'pending' AND d.destination > waiting.destination)
    FROM waiting WHERE waiting.destination IS NOT NULL
  )
  SELECT min((SELECT min(d.due_at) FROM deliveries d WHERE d.status = 'pending'
    AND d.destination = waiting.destination AND d.due_at <= ?)) AS due_at FROM waiting`;

/** So many deliveries of one event are shown, and so many attempts of each. */
const MAX_SHOWN = 100;

/** The table of deliveries and their attempts. */
@Injectable()
export class OutboxRepository {
  constructor(private readonly database: Database) {}

  /** All deliveries of the given events that still count, oldest first, as seen by `tx`. */
  async historyOf(tx: EntityManager, events: readonly EventIdentity[]): Promise<DeliveryHistory[]> {
    if (events.length === 0) return [];
    const rows = await tx.query<(DeliveryHistory & { is_attempted: unknown; may_have_arrived: unknown })[]>(
      HISTORY,
      [identitiesJson(events)],
    );
    return rows.map((row) => ({
      ...row,
      is_attempted: Boolean(row.is_attempted),
      may_have_arrived: Boolean(row.may_have_arrived),
    }));
  }

  /** Adds deliveries in the given order, due at once. */
  async add(tx: EntityManager, deliveries: readonly NewDelivery[], now: number): Promise<number[]> {
    if (deliveries.length === 0) return [];
    const rows = deliveries.map((row) => [
      row.account_id,
      row.event_id,
      row.revision,
      row.destination,
      row.action,
      row.severity,
      rankOf(row.severity),
      row.status,
      row.reason,
      row.replay_of,
      row.request_id,
    ]);
    const added = await tx.query<{ id: number }[]>(INSERT, [now, now, now, JSON.stringify(rows)]);
    return added.map(({ id }) => id);
  }

  /** Ends pending deliveries that shall not be sent. */
  async skip(tx: EntityManager, ids: readonly number[], reason: DeliveryReason, now: number): Promise<void> {
    if (ids.length === 0) return;
    await tx.query(
      `UPDATE deliveries SET status = 'skipped', reason = ?, finished_at = ?, lease_until = NULL
        WHERE status = 'pending' AND id IN (SELECT value FROM json_each(?))`,
      [reason, now, JSON.stringify(ids)],
    );
  }

  /** Removes all deliveries of the given events, and their attempts. */
  async remove(tx: EntityManager, events: readonly EventIdentity[]): Promise<void> {
    const identities = identitiesJson(events);
    const theirs = `(account_id, event_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`;
    await tx.query(
      `DELETE FROM delivery_attempts WHERE delivery_id IN (SELECT id FROM deliveries WHERE ${theirs})`,
      [identities],
    );
    await tx.query(`DELETE FROM deliveries WHERE ${theirs}`, [identities]);
  }

  /** One page of deliveries, newest first. */
  async list(filter: DeliveryFilter): Promise<DeliveryEntity[]> {
    const query = this.database.read
      .createQueryBuilder(DeliveryEntity, 'd')
      .orderBy('d.id', 'DESC')
      .limit(filter.limit);
    if (filter.status !== undefined) query.andWhere('d.status = :status', { status: filter.status });
    if (filter.destination !== undefined) {
      query.andWhere('d.destination = :destination', { destination: filter.destination });
    }
    if (filter.before_id !== undefined) query.andWhere('d.id < :before', { before: filter.before_id });
    return query.getMany();
  }

  /** The deliveries of one event, oldest first: the newest of them, where they are very many. */
  async ofEvent({ account_id, event_id }: EventIdentity): Promise<DeliveryEntity[]> {
    const where = { account_id, event_id };
    const rows = await this.database.read.find(DeliveryEntity, {
      where,
      order: { id: 'DESC' },
      take: MAX_SHOWN,
    });
    return rows.reverse();
  }

  /** The attempts of the given deliveries, oldest first: of each the newest, where they are very many. */
  async attemptsOf(deliveries: readonly DeliveryEntity[]): Promise<AttemptEntity[]> {
    return this.database.read.query(
      `SELECT a.* FROM json_each(?) j
        JOIN delivery_attempts a ON a.delivery_id = j.value ->> 0 AND a.number > (j.value ->> 1) - ${MAX_SHOWN}
        ORDER BY a.delivery_id, a.number`,
      [JSON.stringify(deliveries.map(({ id, claims }) => [id, claims]))],
    );
  }

  /** The newest attempt of each of the given deliveries. */
  async newestAttemptsOf(deliveries: readonly DeliveryEntity[]): Promise<AttemptEntity[]> {
    if (deliveries.length === 0) return [];
    return this.database.read.query(
      `SELECT a.* FROM json_each(?) j
        JOIN delivery_attempts a ON a.delivery_id = j.value ->> 0 AND a.number = j.value ->> 1`,
      [JSON.stringify(deliveries.map(({ id, claims }) => [id, claims]))],
    );
  }

  /** For each of the given events, the destinations that confirmed a trigger. */
  async deliveredTo(events: readonly EventIdentity[]): Promise<(EventIdentity & { destination: string })[]> {
    if (events.length === 0) return [];
    return this.database.read.query(
      `SELECT DISTINCT d.account_id, d.event_id, d.destination
        FROM json_each(?) j JOIN deliveries d ON d.account_id = j.value ->> 0 AND d.event_id = j.value ->> 1
        WHERE d.action = 'trigger' AND d.status = 'delivered' ORDER BY d.destination`,
      [identitiesJson(events)],
    );
  }

  /** Since when the oldest delivery that is not done waits, or null where none does. */
  async oldestPendingAt(): Promise<number | null> {
    const [row] = await this.database.read.query<{ created_at: number | null }[]>(
      `SELECT min(created_at) AS created_at FROM deliveries INDEXED BY ix_deliveries_age WHERE status = 'pending'`,
    );
    return row?.created_at ?? null;
  }

  /** Since when the oldest due delivery waits, or null where nothing is due. */
  async oldestDueAt(now: number): Promise<number | null> {
    const [row] = await this.database.read.query<{ due_at: number | null }[]>(OLDEST_DUE, [now]);
    return row?.due_at ?? null;
  }
}
