import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { identitiesJson, identityOf, type EventIdentity } from '../normalization/event-identity';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import type { Severity } from '../normalization/normalized-event';
import { rankOf } from '../normalization/normalized-event';
import { AttemptEntity } from './attempt.entity';
import {
  DeliveryEntity,
  type Action,
  type DeliveryReason,
  type DeliveryStatus,
  type HoldReason,
} from './delivery.entity';
import { FALLBACKS_DUE, HASTEN, HELD_DUE, IS_ATTEMPTED, type Hastening } from './hold-statements';
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
  readonly hold: HoldReason | null;
  /** Milliseconds since 1970; null: due at once. */
  readonly held_until: number | null;
  readonly route_id: string | null;
  readonly remind_every_s: number | null;
  readonly replay_of: number | null;
  readonly request_id: string | null;
  readonly traceparent?: string | null;
}

/** An earlier delivery of an event, with what its attempts tell. */
export interface DeliveryHistory extends EventIdentity {
  readonly id: number;
  readonly destination: string;
  readonly action: Action;
  readonly status: DeliveryStatus;
  readonly reason: DeliveryReason | null;
  readonly severity: Severity;
  readonly credential: string | null;
  readonly created_at: number;
  readonly finished_at: number | null;
  readonly hold: HoldReason | null;
  readonly held_until: number | null;
  readonly route_id: string | null;
  readonly remind_every_s: number | null;
  readonly is_attempted: boolean;
  readonly may_have_arrived: boolean;
}

/** Which rows a list of deliveries shows, newest first. */
export interface DeliveryFilter {
  readonly account_id?: string | undefined;
  readonly status?: DeliveryStatus;
  readonly destination?: string;
  readonly before_id?: number | undefined;
  readonly limit: number;
}

const ARRIVED = ARRIVAL_UNKNOWN.map((outcome) => `'${outcome}'`).join(', ');

/** A null outcome means the process died, or is still, between the request's beginning and its end. */
const HISTORY = new Statement<DeliveryHistory & { is_attempted: unknown; may_have_arrived: unknown }>(
  ({ rows }) => `
  SELECT d.id, d.account_id, d.event_id, d.destination, d.action, d.status, d.reason, d.severity, d.credential,
    d.created_at, d.finished_at, d.hold, d.held_until, d.route_id, d.remind_every_s,
    ${IS_ATTEMPTED} AS is_attempted,
    EXISTS (SELECT 1 FROM delivery_attempts a WHERE a.delivery_id = d.id
      AND (a.outcome IS NULL OR a.outcome IN (${ARRIVED}))) AS may_have_arrived
  FROM ${rows('j')} JOIN deliveries d ON d.account_id = j.value ->> 0 AND d.event_id = j.value ->> 1
  WHERE d.credential IS NULL
    OR d.credential NOT IN (SELECT fingerprint FROM destination_credentials WHERE abandoned = TRUE)
  ORDER BY d.id`,
);

/** Rows are locked in the order of their ids, so that nobody waits in a circle. */
const lockThose = (which: string): string =>
  `SELECT id FROM deliveries WHERE ${which} ORDER BY id FOR UPDATE`;

const LOCK_OF_EVENTS = new Statement(({ rows }) =>
  lockThose(`(account_id, event_id) IN (SELECT j.value ->> 0, j.value ->> 1 FROM ${rows('j')})`),
);

const LOCK = new Statement(({ rows }) =>
  lockThose(`id IN (SELECT CAST(j.value ->> 0 AS bigint) FROM ${rows('j')})`),
);

const INSERT = new Statement<{ id: number }>(
  ({ rows }) => `
  INSERT INTO deliveries (account_id, event_id, revision, destination, action, severity, priority, status, reason,
    replay_of, request_id, hold, held_until, route_id, remind_every_s, created_at, due_at, finished_at, attempts, claims)
  SELECT j.value ->> 0, j.value ->> 1, CAST(j.value ->> 2 AS integer), j.value ->> 3, j.value ->> 4, j.value ->> 5,
    CAST(j.value ->> 6 AS integer), j.value ->> 7, j.value ->> 8, CAST(j.value ->> 9 AS bigint), j.value ->> 10,
    j.value ->> 11, CAST(j.value ->> 12 AS bigint), j.value ->> 13, CAST(j.value ->> 14 AS integer),
    CAST(? AS bigint), coalesce(CAST(j.value ->> 12 AS bigint), CAST(? AS bigint)), CASE WHEN j.value ->> 7 = 'skipped' THEN CAST(? AS bigint) END, 0, 0
  FROM ${rows('j')} ORDER BY j.key
  RETURNING id`,
);

/**
 * One look into the index for each destination that has something pending, however much that is. Left alone,
 * SQLite reads all that is pending: it takes `status = 'pending'` for the rarer condition.
 */
const OLDEST_DUE = new Statement<{ due_at: number | null }>(
  ({ indexedBy }) => `
  WITH RECURSIVE waiting (destination) AS (
    SELECT min(d.destination) FROM deliveries d ${indexedBy('ix_deliveries_due')} WHERE d.status = 'pending'
    UNION ALL
    SELECT (SELECT min(d.destination) FROM deliveries d ${indexedBy('ix_deliveries_due')}
      WHERE d.status = 'pending' AND d.destination > waiting.destination)
    FROM waiting WHERE waiting.destination IS NOT NULL
  )
  SELECT min((SELECT min(d.due_at) FROM deliveries d WHERE d.status = 'pending'
    AND d.destination = waiting.destination AND d.due_at <= ? AND d.due_at >= 0)) AS due_at FROM waiting`,
);

const SKIP = new Statement(
  ({ rows }) => `
  UPDATE deliveries SET status = 'skipped', reason = ?, finished_at = ?, lease_until = NULL
  WHERE status = 'pending' AND id IN (SELECT CAST(j.value ->> 0 AS bigint) FROM ${rows('j')})`,
);

const REMOVE_ATTEMPTS = new Statement(
  ({ rows }) => `
  DELETE FROM delivery_attempts WHERE delivery_id IN (SELECT d.id FROM ${rows('j')}
    JOIN deliveries d ON d.account_id = j.value ->> 0 AND d.event_id = j.value ->> 1)`,
);

const REMOVE = new Statement(
  ({ rows }) => `
  DELETE FROM deliveries WHERE (account_id, event_id) IN (SELECT j.value ->> 0, j.value ->> 1 FROM ${rows('j')})`,
);

/** Of each delivery, the attempts from a number on. */
const ATTEMPTS_FROM = new Statement<AttemptEntity>(
  ({ rows }) => `
  SELECT a.* FROM ${rows('j')} JOIN delivery_attempts a
    ON a.delivery_id = CAST(j.value ->> 0 AS bigint) AND a.number >= CAST(j.value ->> 1 AS integer)
  ORDER BY a.delivery_id, a.number`,
);

const DELIVERED_TO = new Statement<EventIdentity & { destination: string }>(
  ({ rows }) => `
  SELECT DISTINCT d.account_id, d.event_id, d.destination
  FROM ${rows('j')} JOIN deliveries d ON d.account_id = j.value ->> 0 AND d.event_id = j.value ->> 1
  WHERE d.action = 'trigger' AND d.status = 'delivered' ORDER BY d.destination`,
);

const HAVING_PENDING = new Statement<EventIdentity>(
  ({ rows }) => `
  SELECT DISTINCT d.account_id, d.event_id
  FROM ${rows('j')} JOIN deliveries d ON d.account_id = j.value ->> 0 AND d.event_id = j.value ->> 1
  WHERE d.status || '' = 'pending'`,
);

/** What is held is not late before its time. Parameter: now. */
const OLDEST_PENDING = new Statement<{ since: number }>(
  ({ indexedBy }) => `
  SELECT coalesce(held_until, created_at) AS since FROM deliveries ${indexedBy('ix_deliveries_age')}
  WHERE status = 'pending' AND coalesce(held_until, created_at) <= ?
  ORDER BY coalesce(held_until, created_at) LIMIT 1`,
);

/** So many deliveries of one event are shown, and so many attempts of each. */
const MAX_SHOWN = 100;

const NOTE_TRACES = new Statement(
  ({ rows }) => `
  UPDATE deliveries SET traceparent = j.value ->> 1
  FROM ${rows('j')} WHERE deliveries.id = CAST(j.value ->> 0 AS bigint)`,
);

/** By a statement of its own, which runs only while traces are on. */
async function noteTraces(
  tx: EntityManager,
  added: readonly { readonly id: number }[],
  deliveries: readonly NewDelivery[],
): Promise<void> {
  const traced = added.flatMap(({ id }, index) => {
    const traceparent = deliveries[index]?.traceparent ?? null;
    return traceparent === null ? [] : [[id, traceparent]];
  });
  if (traced.length > 0) await NOTE_TRACES.run(tx, [JSON.stringify(traced)]);
}

/** The table of deliveries and their attempts. */
@Injectable()
export class OutboxRepository {
  constructor(private readonly database: Database) {}

  /**
   * Keeps others from changing the deliveries of the given events until `tx` ends. A claim that is under way is
   * waited for, so that what is read after this knows of it. SQLite has one writer at a time.
   */
  async lockOfEvents(tx: EntityManager, events: readonly EventIdentity[]): Promise<void> {
    if (events.length === 0 || this.database.dialect === 'sqlite') return;
    await LOCK_OF_EVENTS.run(tx, [identitiesJson(events)]);
  }

  /** The same for some deliveries. To be called before several of them are changed by one statement. */
  async lock(tx: EntityManager, ids: readonly number[]): Promise<void> {
    if (ids.length < 2 || this.database.dialect === 'sqlite') return;
    await LOCK.run(tx, [JSON.stringify(ids.map((id) => [id]))]);
  }

  /** All deliveries of the given events that still count, oldest first, as seen by `tx`. */
  async historyOf(tx: EntityManager, events: readonly EventIdentity[]): Promise<DeliveryHistory[]> {
    if (events.length === 0) return [];
    const rows = await HISTORY.run(tx, [identitiesJson(events)]);
    return rows.map((row) => ({
      ...row,
      is_attempted: Boolean(row.is_attempted),
      may_have_arrived: Boolean(row.may_have_arrived),
    }));
  }

  /** Adds deliveries in the given order, due at once where they are not held. */
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
      row.hold,
      row.held_until,
      row.route_id,
      row.remind_every_s,
    ]);
    const added = await INSERT.run(tx, [now, now, now, JSON.stringify(rows)]);
    await noteTraces(tx, added, deliveries);
    return added.map(({ id }) => id);
  }

  /** Ends pending deliveries that shall not be sent. */
  async skip(tx: EntityManager, ids: readonly number[], reason: DeliveryReason, now: number): Promise<void> {
    if (ids.length === 0) return;
    await SKIP.run(tx, [reason, now, JSON.stringify(ids.map((id) => [id]))]);
  }

  /** Gives held triggers another plan. */
  async hasten(tx: EntityManager, hastenings: readonly Hastening[], now: number): Promise<void> {
    if (hastenings.length === 0) return;
    const rows = hastenings.map((one) => [
      one.delivery_id,
      one.hold,
      one.held_until ?? now,
      one.severity,
      rankOf(one.severity),
      one.route_id,
      one.remind_every_s,
    ]);
    await HASTEN.run(tx, [JSON.stringify(rows)]);
  }

  /**
   * Makes everything of an account due that is held, so that the rules are asked again about it. To be called in the
   * transaction that changes the account's rules, when nobody can record by the ones before any more.
   */
  async reconsiderHeld(tx: EntityManager, accountId: string, now: number): Promise<void> {
    await HELD_DUE.run(tx, [now, now, accountId]);
  }

  /** Makes what is held as a fallback due for events of which a trigger is dead. Whether it is needed is seen then. */
  async hastenFallbacks(tx: EntityManager, events: readonly EventIdentity[], now: number): Promise<void> {
    if (events.length === 0) return;
    await FALLBACKS_DUE.run(tx, [now, now, identitiesJson(events)]);
  }

  /** Which of the given events have a delivery that is not done, by identity. */
  async havingPending(tx: EntityManager, events: readonly EventIdentity[]): Promise<Set<string>> {
    const rows = await HAVING_PENDING.run(tx, [identitiesJson(events)]);
    return new Set(rows.map(identityOf));
  }

  /** Removes all deliveries of the given events, and their attempts. */
  async remove(tx: EntityManager, events: readonly EventIdentity[]): Promise<void> {
    const identities = identitiesJson(events);
    await REMOVE_ATTEMPTS.run(tx, [identities]);
    await REMOVE.run(tx, [identities]);
  }

  /** One page of deliveries, newest first. */
  async list(filter: DeliveryFilter): Promise<DeliveryEntity[]> {
    const query = this.database.read
      .createQueryBuilder(DeliveryEntity, 'd')
      .orderBy('d.id', 'DESC')
      .limit(filter.limit);
    if (filter.account_id !== undefined) {
      // Spelt as the partial index `ix_deliveries_account` has it.
      query.andWhere('d.account_id = :account AND d.id > 0', { account: filter.account_id });
    }
    // An expression is in no index: an account's list reads rows of that account, and never all that are dead.
    const status = filter.account_id === undefined ? 'd.status' : `d.status || ''`;
    if (filter.status !== undefined) query.andWhere(`${status} = :status`, { status: filter.status });
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
    const from = deliveries.map(({ id, claims }) => [id, claims - MAX_SHOWN + 1]);
    return ATTEMPTS_FROM.run(this.database.read, [JSON.stringify(from)]);
  }

  /** The newest attempt of each of the given deliveries. */
  async newestAttemptsOf(deliveries: readonly DeliveryEntity[]): Promise<AttemptEntity[]> {
    if (deliveries.length === 0) return [];
    const from = deliveries.map(({ id, claims }) => [id, claims]);
    return ATTEMPTS_FROM.run(this.database.read, [JSON.stringify(from)]);
  }

  /** For each of the given events, the destinations that confirmed a trigger. */
  async deliveredTo(events: readonly EventIdentity[]): Promise<(EventIdentity & { destination: string })[]> {
    if (events.length === 0) return [];
    return DELIVERED_TO.run(this.database.read, [identitiesJson(events)]);
  }

  /** Since when the oldest delivery that is not done, nor held, waits, or null where none does. */
  async oldestPendingAt(now: number): Promise<number | null> {
    const [row] = await OLDEST_PENDING.run(this.database.read, [now]);
    return row?.since ?? null;
  }

  /** Since when the oldest due delivery waits, or null where nothing is due. */
  async oldestDueAt(now: number): Promise<number | null> {
    const [row] = await OLDEST_DUE.run(this.database.read, [now]);
    return row?.due_at ?? null;
  }
}
