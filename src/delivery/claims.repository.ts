import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { identitiesJson, identityOf } from '../normalization/event-identity';
import { Database } from '../database/database';
import type { CurrentCredential } from '../destinations/destination-client';
import type { SendResult } from '../destinations/send-result';
import type { EventEntity } from '../events/event.entity';
import type { DeliveryEntity } from '../outbox/delivery.entity';
import { KeptSecrets } from '../outbox/kept-secrets';
import { OutboxRepository } from '../outbox/outbox.repository';
import {
  ABANDON,
  BEGIN_ATTEMPTS,
  CLAIM,
  COMPLETE,
  COMPLETE_ATTEMPTS,
  DUE,
  EVENTS_OF,
  EXPIRE,
  NEXT_DUE,
  NOTE_CONTENT,
  RELEASE_ALL,
  WAITING_DESTINATIONS,
  type ClaimOrder,
  type WaitingDestination,
} from './claim-statements';
import { takeTurn, type ClaimedDelivery, type Turn } from './claimed';
import type { NextStep } from './policy';

/** What is claimed, for whom, and for how long. */
export interface ClaimRequest {
  readonly destination: string;
  /** What new triggers go through. */
  readonly currentCredential: CurrentCredential;
  readonly limit: number;
  readonly order: ClaimOrder;
  readonly leaseMs: number;
}

/** One that is not sent, and why. */
export interface SkippedDelivery {
  readonly delivery: DeliveryEntity;
  readonly reason: (Turn & { do: 'skip' })['reason'];
}

/** What a claim found. */
export interface Claim {
  readonly deliveries: readonly ClaimedDelivery[];
  /** Those that had become pointless: ended instead of claimed. */
  readonly skipped: readonly SkippedDelivery[];
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
    private readonly secrets: KeptSecrets,
  ) {}

  /**
   * Takes due deliveries for sending. The attempt is on record before anything is sent, so that after a crash
   * it is known that the destination may have heard of it. Deliveries that have become pointless are skipped.
   */
  claim(request: ClaimRequest): Promise<Claim> {
    const leaseEndsAt = Date.now() + request.leaseMs;
    return this.database.write(async (tx, now) => {
      const rows = await takeDue(tx, request, now);
      if (rows.length === 0) return { deliveries: [], skipped: [] };
      const events = await eventsOf(tx, rows);
      const history = Map.groupBy(await this.outbox.historyOf(tx, rows), identityOf);
      const current = await request.currentCredential(tx, now);
      const sent: SentTurn[] = [];
      const skipped: SkippedDelivery[] = [];
      for (const delivery of rows) {
        const turn = takeTurn(delivery, history.get(identityOf(delivery)) ?? [], current);
        if (turn.do === 'skip') skipped.push({ delivery, reason: turn.reason });
        else sent.push({ delivery, event: events.get(identityOf(delivery)), turn });
      }
      for (const [reason, those] of Map.groupBy(skipped, (one) => one.reason)) {
        const ids = those.map(({ delivery }) => delivery.id);
        await this.outbox.skip(tx, ids, reason, now);
      }
      await beginAttempts(tx, sent, now);
      const secrets = await this.secrets.find(
        tx,
        sent.map(({ turn }) => turn.credential),
      );
      const deliveries = sent.map(({ delivery, event, turn }) => {
        const { credential, follows } = turn;
        return { delivery, event, credential: secrets.get(credential), follows, leaseEndsAt };
      });
      return { deliveries, skipped };
    });
  }

  /** Writes the ends of attempts; answers, in order, whether each one's claim still held. */
  complete(completions: readonly Completion[]): Promise<boolean[]> {
    const askedAt = Date.now();
    return this.database.write(async (tx, now) => {
      // Due times were reckoned by this process's clock, and are compared with the database's. What it took to ask the
      // database counts as its being ahead: a little late is fine, and before a Retry-After is not.
      const clockOffset = this.database.dialect === 'sqlite' ? 0 : now - askedAt;
      const rows = completions.map(({ delivery, next }) => {
        const isPending = next.status === 'pending';
        const reason = next.status === 'dead' ? next.reason : null;
        const due = isPending ? next.due_at + clockOffset : null;
        const unused = isPending && !next.uses_attempt ? 1 : 0;
        return [delivery.id, delivery.claims, next.status, reason, due, unused, isPending ? null : now];
      });
      const ids = completions.map(({ delivery }) => delivery.id);
      await this.outbox.lock(tx, ids);
      const done = await COMPLETE.run(tx, [JSON.stringify(rows)]);
      const attempts = completions.map(({ delivery, result, next }) => {
        const { outcome, http_status, error, response } = result;
        const retryAt = next.status === 'pending' ? next.due_at + clockOffset : null;
        return [delivery.id, delivery.claims, outcome, http_status, error, response, retryAt];
      });
      await COMPLETE_ATTEMPTS.run(tx, [now, JSON.stringify(attempts)]);
      const counted = new Set(done.map(({ id }) => id));
      return completions.map(({ delivery }) => counted.has(delivery.id));
    });
  }

  /** Ends deliveries that have waited too long, whatever they wait for; the oldest 1,000 of them. */
  expire(maxAgeMs: number): Promise<DeliveryEntity[]> {
    return this.database.write((tx, now) => EXPIRE.run(tx, [now, now - maxAgeMs, now]));
  }

  /**
   * Notes which credentials lead nowhere any more. What waits to go through one of them takes the current one, and what
   * was opened through them is open no longer, so that it is opened anew where the events go now.
   */
  async abandonCredentials(fingerprints: readonly string[]): Promise<void> {
    await this.database.write(async (tx) => {
      await ABANDON.run(tx, [JSON.stringify(fingerprints.map((fingerprint) => [fingerprint]))]);
      await tx.query(
        `UPDATE deliveries SET credential = NULL WHERE status = 'pending'
          AND credential IN (SELECT fingerprint FROM destination_credentials WHERE abandoned = TRUE)`,
      );
    });
  }

  /** Frees what a process that is gone had claimed. Only for a database that no other process uses. */
  releaseAll(): Promise<number> {
    return this.database.write(async (tx, now) => (await RELEASE_ALL.run(tx, [now])).length);
  }

  /** Deliveries that could be sent now and that nobody is sending, the longest due first. */
  async due(limit: number): Promise<Pick<DeliveryEntity, 'id' | 'claims'>[]> {
    return DUE.run(this.database.read, [await this.database.now(), limit]);
  }

  /**
   * Destinations that have something pending, in the order of their names, those after `after`; of each whether it is due.
   * At most so many: whoever gets fewer has come to the end.
   */
  async waitingDestinations(after: string, limit: number): Promise<WaitingDestination[]> {
    const rows = await WAITING_DESTINATIONS.run(this.database.read, [
      after,
      limit,
      await this.database.now(),
    ]);
    return rows.map(({ destination, is_due }) => ({ destination, is_due: Boolean(is_due) }));
  }

  /** When the next delivery falls due after the given instant, or null where none does. */
  async nextDueAt(destination: string, after: number): Promise<number | null> {
    const [row] = await NEXT_DUE.run(this.database.read, [destination, after]);
    return row?.due_at ?? null;
  }
}

/** A delivery that is to be sent, and through what. */
interface SentTurn {
  readonly delivery: DeliveryEntity;
  readonly event: EventEntity | undefined;
  readonly turn: Turn & { do: 'send' };
}

/** Due rows in the order asked for; where the newest-first window holds too few, the oldest fill up. */
async function takeDue(tx: EntityManager, request: ClaimRequest, now: number): Promise<DeliveryEntity[]> {
  const { destination, limit, order, leaseMs } = request;
  const leaseUntil = now + leaseMs;
  const take = (by: ClaimOrder, count: number): Promise<DeliveryEntity[]> =>
    CLAIM[by].run(tx, [leaseUntil, leaseUntil, destination, now, count]);
  const rows = await take(order, limit);
  if (order === 'oldest_due_first' || rows.length === limit) return rows;
  return [...rows, ...(await take('oldest_due_first', limit - rows.length))];
}

async function eventsOf(
  tx: EntityManager,
  rows: readonly DeliveryEntity[],
): Promise<Map<string, EventEntity>> {
  const events = await EVENTS_OF.run(tx, [identitiesJson(rows)]);
  return new Map(events.map((event) => [identityOf(event), event]));
}

async function beginAttempts(tx: EntityManager, claimed: readonly SentTurn[], now: number): Promise<void> {
  if (claimed.length === 0) return;
  const attempts = claimed.map(({ delivery }) => [delivery.id, delivery.claims]);
  await BEGIN_ATTEMPTS.run(tx, [now, JSON.stringify(attempts)]);
  const contents = claimed.map(({ delivery, event, turn }) => {
    return [delivery.id, turn.credential, (event ?? delivery).severity];
  });
  await NOTE_CONTENT.run(tx, [JSON.stringify(contents)]);
}
