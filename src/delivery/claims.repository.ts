import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { identityOf } from '../events/events.batch';
import { EventEntity } from '../events/event.entity';
import { CredentialEntity } from '../outbox/credential.entity';
import type { DeliveryEntity } from '../outbox/delivery.entity';
import { OutboxRepository } from '../outbox/outbox.repository';
import { takeTurn, type ClaimedDelivery } from './claimed';
import type { NextStep } from './policy';
import type { SendResult } from '../destinations/destination-client';

/** Which due deliveries are taken first. */
export type ClaimOrder = 'worst_and_newest_first' | 'oldest_due_first';

/** What is claimed, for whom, and until when. */
export interface ClaimRequest {
  readonly destination: string;
  readonly currentCredential: string;
  readonly limit: number;
  readonly order: ClaimOrder;
  readonly leaseMs: number;
}

/** An attempt's end, to be written under the claim it was made with. */
export interface Completion {
  readonly delivery: DeliveryEntity;
  readonly result: SendResult;
  readonly next: NextStep;
}

/** How far the newest-first claim looks; beyond it the oldest-first claims take over. */
const NEWEST_WINDOW = 1_000;

const CANDIDATES: Record<ClaimOrder, string> = {
  worst_and_newest_first: `(SELECT * FROM deliveries WHERE destination = ? AND status = 'pending'
    ORDER BY priority DESC, id DESC LIMIT ${NEWEST_WINDOW})`,
  oldest_due_first: `(SELECT * FROM deliveries WHERE destination = ? AND status = 'pending' ORDER BY due_at)`,
};

/** A row can be claimed when it is due, nobody's lease holds it, and no earlier row of its event is pending there. */
const claimStatement = (order: ClaimOrder): string => `
  UPDATE deliveries SET claims = claims + 1, attempts = attempts + 1, lease_until = ?, due_at = ?
  WHERE id IN (
    SELECT d.id FROM ${CANDIDATES[order]} d
    WHERE d.due_at <= ? AND NOT EXISTS (
      SELECT 1 FROM deliveries e WHERE e.account_id = d.account_id AND e.event_id = d.event_id
        AND e.destination = d.destination AND e.id < d.id AND e.status = 'pending')
    LIMIT ?)
  RETURNING *`;

const CLAIM: Record<ClaimOrder, string> = {
  worst_and_newest_first: claimStatement('worst_and_newest_first'),
  oldest_due_first: claimStatement('oldest_due_first'),
};

/** Only the newest claim's completion counts: an older one has lost its lease to somebody else. */
const COMPLETE = `
  UPDATE deliveries SET
    status = j.value ->> 2, reason = j.value ->> 3, due_at = coalesce(j.value ->> 4, due_at),
    attempts = attempts - (j.value ->> 5), finished_at = j.value ->> 6, lease_until = NULL
  FROM json_each(?) j
  WHERE deliveries.id = j.value ->> 0 AND deliveries.claims = j.value ->> 1 AND deliveries.status = 'pending'
  RETURNING id`;

const COMPLETE_ATTEMPTS = `
  UPDATE delivery_attempts SET
    finished_at = ?, outcome = j.value ->> 2, http_status = j.value ->> 3, error = j.value ->> 4,
    response = j.value ->> 5, retry_at = j.value ->> 6
  FROM json_each(?) j
  WHERE delivery_attempts.delivery_id = j.value ->> 0 AND delivery_attempts.number = j.value ->> 1`;

/** Who may send which delivery, and until when. A lease is kept in the row: it outlives the process that took it. */
@Injectable()
export class ClaimsRepository {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxRepository,
  ) {}

  /**
   * Takes due deliveries for sending. The attempt is on record before anything is sent, so that after a crash
   * it is known that the destination may have heard of it. Deliveries that have become pointless are skipped.
   */
  claim(request: ClaimRequest): Promise<ClaimedDelivery[]> {
    return this.database.write(async (tx) => {
      const now = Date.now();
      const { destination, limit, order, leaseMs } = request;
      const rows = await tx.query<DeliveryEntity[]>(CLAIM[order], [
        now + leaseMs,
        now + leaseMs,
        destination,
        now,
        limit,
      ]);
      if (rows.length === 0) return [];
      const events = await this.eventsOf(tx, rows);
      const history = Map.groupBy(await this.outbox.historyOf(tx, rows), identityOf);
      const pointless: number[] = [];
      const claimed = rows.flatMap((delivery): ClaimedDelivery[] => {
        const identity = identityOf(delivery);
        const turn = takeTurn(delivery, history.get(identity) ?? [], request.currentCredential);
        const event = events.get(identity);
        if (turn.do === 'send' && event !== undefined)
          return [{ delivery, event, credential: turn.credential }];
        pointless.push(delivery.id);
        return [];
      });
      await this.outbox.skip(tx, pointless, 'trigger_dead', now);
      await this.beginAttempts(tx, claimed, now);
      return this.withSecrets(tx, claimed);
    });
  }

  /** Writes the ends of attempts; answers, in order, whether each one's claim still held. */
  complete(completions: readonly Completion[]): Promise<boolean[]> {
    return this.database.write(async (tx) => {
      const now = Date.now();
      const rows = completions.map(({ delivery, next }) => {
        const isPending = next.status === 'pending';
        const reason = next.status === 'dead' ? next.reason : null;
        const due = isPending ? next.due_at : null;
        const unused = isPending && !next.uses_attempt ? 1 : 0;
        return [delivery.id, delivery.claims, next.status, reason, due, unused, isPending ? null : now];
      });
      const done = await tx.query<{ id: number }[]>(COMPLETE, [JSON.stringify(rows)]);
      const attempts = completions.map(({ delivery, result, next }) => {
        const { outcome, http_status, error, response } = result;
        const retryAt = next.status === 'pending' ? next.due_at : null;
        return [delivery.id, delivery.claims, outcome, http_status, error, response, retryAt];
      });
      await tx.query(COMPLETE_ATTEMPTS, [now, JSON.stringify(attempts)]);
      const counted = new Set(done.map(({ id }) => id));
      return completions.map(({ delivery }) => counted.has(delivery.id));
    });
  }

  /** Ends deliveries that have waited too long, whatever they wait for. */
  expire(maxAgeMs: number): Promise<DeliveryEntity[]> {
    return this.database.write((tx) => {
      const now = Date.now();
      return tx.query(
        `UPDATE deliveries SET status = 'dead', reason = 'expired', finished_at = ?, lease_until = NULL
          WHERE id IN (SELECT id FROM deliveries WHERE status = 'pending' AND created_at <= ?
            AND (lease_until IS NULL OR lease_until <= ?) LIMIT 1000)
          RETURNING *`,
        [now, now - maxAgeMs, now],
      );
    });
  }

  /** Frees what a process that is gone had claimed. Only for a database that no other process uses. */
  releaseAll(): Promise<number> {
    return this.database.write(async (tx) => {
      const rows = await tx.query<{ id: number }[]>(
        `UPDATE deliveries SET lease_until = NULL, due_at = ?
          WHERE status = 'pending' AND lease_until IS NOT NULL RETURNING id`,
        [Date.now()],
      );
      return rows.length;
    });
  }

  /** Remembers the secret that a fingerprint stands for, for as long as something may have to go through it. */
  async rememberCredential(credential: {
    fingerprint: string;
    destination: string;
    secret: string;
  }): Promise<void> {
    await this.database.write(async (tx) => {
      await tx
        .createQueryBuilder()
        .insert()
        .into(CredentialEntity)
        .values({ ...credential, first_used_at: Date.now() })
        .orIgnore()
        .execute();
    });
  }

  /** When the next delivery falls due, or null where none waits for its time. */
  async nextDueAt(destination: string, now: number): Promise<number | null> {
    const [row] = await this.database.read.query<{ due_at: number | null }[]>(
      `SELECT min(due_at) AS due_at FROM deliveries WHERE destination = ? AND status = 'pending' AND due_at > ?`,
      [destination, now],
    );
    return row?.due_at ?? null;
  }

  private async eventsOf(
    tx: EntityManager,
    rows: readonly DeliveryEntity[],
  ): Promise<Map<string, EventEntity>> {
    const events = await tx.query<EventEntity[]>(
      `SELECT e.* FROM json_each(?) j JOIN events e ON e.account_id = j.value ->> 0 AND e.event_id = j.value ->> 1`,
      [JSON.stringify(rows.map(({ account_id, event_id }) => [account_id, event_id]))],
    );
    return new Map(events.map((event) => [identityOf(event), event]));
  }

  private async beginAttempts(
    tx: EntityManager,
    claimed: readonly ClaimedDelivery[],
    now: number,
  ): Promise<void> {
    const rows = JSON.stringify(
      claimed.map(({ delivery, credential }) => [delivery.id, delivery.claims, credential]),
    );
    await tx.query(
      `INSERT INTO delivery_attempts (delivery_id, number, started_at)
        SELECT value ->> 0, value ->> 1, ? FROM json_each(?)`,
      [now, rows],
    );
    await tx.query(
      `UPDATE deliveries SET credential = j.value ->> 2 FROM json_each(?) j
        WHERE deliveries.id = j.value ->> 0 AND deliveries.credential IS NULL`,
      [rows],
    );
  }

  /** Puts the secrets in the place of their fingerprints. */
  private async withSecrets(
    tx: EntityManager,
    claimed: readonly ClaimedDelivery[],
  ): Promise<ClaimedDelivery[]> {
    const rows = await tx.find(CredentialEntity);
    const secrets = new Map(rows.map(({ fingerprint, secret }) => [fingerprint, secret]));
    return claimed.map(({ delivery, event, credential }) => {
      const secret = secrets.get(credential);
      if (secret === undefined) throw new Error(`no secret is kept for credential ${credential}`);
      return { delivery, event, credential: secret };
    });
  }
}
