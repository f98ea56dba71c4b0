import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { identitiesJson, identityOf } from '../normalization/event-identity';
import { Database } from '../database/database';
import type { SendResult } from '../destinations/destination-client';
import type { EventEntity } from '../events/event.entity';
import type { CredentialEntity } from '../outbox/credential.entity';
import type { DeliveryEntity } from '../outbox/delivery.entity';
import { keptSecrets } from '../outbox/kept-secrets';
import { OutboxRepository } from '../outbox/outbox.repository';
import {
  BEGIN_ATTEMPTS,
  CLAIM,
  COMPLETE,
  COMPLETE_ATTEMPTS,
  EXPIRE,
  NOTE_CONTENT,
  type ClaimOrder,
} from './claim-statements';
import { takeTurn, type ClaimedDelivery } from './claimed';
import type { NextStep } from './policy';

/** What is claimed, for whom, and for how long. */
export interface ClaimRequest {
  readonly destination: string;
  /** What new triggers go through. */
  readonly credential: Omit<CredentialEntity, 'first_used_at' | 'abandoned'>;
  readonly limit: number;
  readonly order: ClaimOrder;
  readonly leaseMs: number;
}

/** What a claim found. */
export interface Claim {
  readonly deliveries: readonly ClaimedDelivery[];
  /** Those that had become pointless: ended instead of claimed. */
  readonly skipped: readonly DeliveryEntity[];
}

/** An attempt's end, to be written under the claim it was made with. */
export interface Completion {
  readonly delivery: DeliveryEntity;
  readonly result: SendResult;
  readonly next: NextStep;
}

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
  claim(request: ClaimRequest): Promise<Claim> {
    return this.database.write(async (tx) => {
      const now = Date.now();
      const rows = await takeDue(tx, request, now);
      if (rows.length === 0) return { deliveries: [], skipped: [] };
      const events = await eventsOf(tx, rows);
      const history = Map.groupBy(await this.outbox.historyOf(tx, rows), identityOf);
      const turns = rows.map((delivery) => {
        const earlier = history.get(identityOf(delivery)) ?? [];
        return { delivery, turn: takeTurn(delivery, earlier, request.credential.fingerprint) };
      });
      const skipped = turns.flatMap(({ delivery, turn }) => (turn.do === 'skip' ? [delivery] : []));
      const ids = skipped.map(({ id }) => id);
      await this.outbox.skip(tx, ids, 'trigger_dead', now);
      const secrets = await keptSecrets(tx, request.credential);
      const sent = turns.flatMap(({ delivery, turn }) => {
        if (turn.do === 'skip') return [];
        const event = events.get(identityOf(delivery));
        return [{ delivery, event, fingerprint: turn.credential, credential: secrets.get(turn.credential) }];
      });
      await beginAttempts(tx, sent, now);
      return { deliveries: sent, skipped };
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

  /** Ends deliveries that have waited too long, whatever they wait for; the oldest 1,000 of them. */
  expire(maxAgeMs: number): Promise<DeliveryEntity[]> {
    return this.database.write((tx) => {
      const now = Date.now();
      return tx.query(EXPIRE, [now, now - maxAgeMs, now]);
    });
  }

  /**
   * Notes which secrets lead nowhere any more. What waits to go through one of them takes the current one, and what
   * was opened through them is open no longer, so that it is opened anew where the events go now.
   */
  async abandonCredentials(secrets: readonly string[]): Promise<void> {
    await this.database.write(async (tx) => {
      await tx.query(
        'UPDATE destination_credentials SET abandoned = secret IN (SELECT value FROM json_each(?))',
        [JSON.stringify(secrets)],
      );
      await tx.query(
        `UPDATE deliveries SET credential = NULL WHERE status = 'pending'
          AND credential IN (SELECT fingerprint FROM destination_credentials WHERE abandoned = 1)`,
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

  /** When the next delivery falls due after the given instant, or null where none does. */
  async nextDueAt(destination: string, after: number): Promise<number | null> {
    const [row] = await this.database.read.query<{ due_at: number | null }[]>(
      `SELECT min(due_at) AS due_at FROM deliveries WHERE destination = ? AND status = 'pending' AND due_at > ?`,
      [destination, after],
    );
    return row?.due_at ?? null;
  }
}

/** Due rows in the order asked for; where the newest-first window holds too few, the oldest fill up. */
async function takeDue(tx: EntityManager, request: ClaimRequest, now: number): Promise<DeliveryEntity[]> {
  const { destination, limit, order, leaseMs } = request;
  const leaseUntil = now + leaseMs;
  const take = (by: ClaimOrder, count: number): Promise<DeliveryEntity[]> =>
    tx.query(CLAIM[by], [leaseUntil, leaseUntil, destination, now, count]);
  const rows = await take(order, limit);
  if (order === 'oldest_due_first' || rows.length === limit) return rows;
  return [...rows, ...(await take('oldest_due_first', limit - rows.length))];
}

async function eventsOf(
  tx: EntityManager,
  rows: readonly DeliveryEntity[],
): Promise<Map<string, EventEntity>> {
  const events = await tx.query<EventEntity[]>(
    `SELECT e.* FROM json_each(?) j JOIN events e ON e.account_id = j.value ->> 0 AND e.event_id = j.value ->> 1`,
    [identitiesJson(rows)],
  );
  return new Map(events.map((event) => [identityOf(event), event]));
}

async function beginAttempts(
  tx: EntityManager,
  claimed: readonly (ClaimedDelivery & { readonly fingerprint: string })[],
  now: number,
): Promise<void> {
  if (claimed.length === 0) return;
  const attempts = claimed.map(({ delivery }) => [delivery.id, delivery.claims]);
  await tx.query(BEGIN_ATTEMPTS, [now, JSON.stringify(attempts)]);
  const contents = claimed.map(({ delivery, event, fingerprint }) => {
    return [delivery.id, fingerprint, (event ?? delivery).severity];
  });
  await tx.query(NOTE_CONTENT, [JSON.stringify(contents)]);
}
