import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import type { CurrentCredential } from '../destinations/destination-client';
import type { DeliveryEntity } from '../outbox/delivery.entity';
import { KeptSecrets } from '../outbox/kept-secrets';
import { OutboxRepository } from '../outbox/outbox.repository';
import { WakeSignal } from '../outbox/wake-signal';
import { RoutingRulesReader } from '../routing/routing-rules-reader';
import {
  ABANDON,
  BEGIN_ATTEMPTS,
  CLAIM,
  COMPLETE,
  COMPLETE_ATTEMPTS,
  DUE,
  EXPIRE,
  NEXT_DUE,
  NOTE_CONTENT,
  RELEASE_ALL,
  WAITING_DESTINATIONS,
  type ClaimOrder,
  type WaitingDestination,
} from './claim-statements';
import type { ClaimedDelivery } from './claimed';
import type { Completion } from './completion';
import { DeliveryEnds } from './delivery-ends';
import { hasFollowUp, hastenFallbacks, writeFollowUps } from './follow-ups';
import { HOLD_FURTHER, NOTE_PLAN } from './hold-statements';
import { turnsOf, type HeldDelivery, type SentTurn, type SkippedDelivery } from './turns';

/** What is claimed, for whom, and for how long. */
export interface ClaimRequest {
  readonly destination: string;
  /** What new triggers go through. */
  readonly currentCredential: CurrentCredential;
  readonly limit: number;
  readonly order: ClaimOrder;
  readonly leaseMs: number;
}

/** What a claim found. */
export interface Claim {
  readonly deliveries: readonly ClaimedDelivery[];
  /** Those that had become pointless: ended instead of claimed. */
  readonly skipped: readonly SkippedDelivery[];
  /** Those that the rules hold further. */
  readonly held: readonly HeldDelivery[];
}

/** Who may send which delivery, and until when. A lease is kept in the row: it outlives the process that took it. */
@Injectable()
export class ClaimsRepository {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxRepository,
    private readonly secrets: KeptSecrets,
    private readonly rules: RoutingRulesReader,
    private readonly ends: DeliveryEnds,
    private readonly wake: WakeSignal,
  ) {}

  /**
   * Takes due deliveries for sending. The attempt is on record before anything is sent, so that after a crash
   * it is known that the destination may have heard of it. Deliveries that have become pointless are skipped, what the
   * rules hold further is given back, and what they want elsewhere by now is added there.
   */
  async claim(request: ClaimRequest): Promise<Claim> {
    const leaseEndsAt = Date.now() + request.leaseMs;
    let isWorthWaking = false;
    const claim = await this.database.write(async (tx, now): Promise<Claim> => {
      const rows = await takeDue(tx, request, now);
      if (rows.length === 0) return { deliveries: [], skipped: [], held: [] };
      const { sent, skipped, held, added } = await turnsOf(
        tx,
        rows,
        { currentCredential: request.currentCredential, now },
        { outbox: this.outbox, rules: this.rules },
      );
      for (const [reason, those] of Map.groupBy(skipped, (one) => one.reason)) {
        const ids = those.map(({ delivery }) => delivery.id);
        await this.outbox.skip(tx, ids, reason, now);
      }
      await holdFurther(tx, held);
      await this.outbox.add(tx, added, now);
      isWorthWaking = added.length > 0;
      await beginAttempts(tx, sent, now);
      const secrets = await this.secrets.find(
        tx,
        sent.map(({ credential }) => credential),
      );
      const deliveries = sent.map(({ delivery, event, credential, follows }) => {
        return { delivery, event, credential: secrets.get(credential), follows, leaseEndsAt };
      });
      return { deliveries, skipped, held };
    });
    if (isWorthWaking) this.wake.raise();
    return claim;
  }

  /** Writes the ends of attempts; answers, in order, whether each one's claim still held. */
  async complete(completions: readonly Completion[]): Promise<boolean[]> {
    const askedAt = Date.now();
    const { counted, endedAt } = await this.database.write(async (tx, now) => {
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
      const deliveries = completions.map(({ delivery }) => delivery);
      // What is read of an event for its follow-ups must not change meanwhile.
      if (completions.some(hasFollowUp)) await this.outbox.lockOfEvents(tx, deliveries);
      else {
        await this.outbox.lock(
          tx,
          deliveries.map(({ id }) => id),
        );
      }
      const done = await COMPLETE.run(tx, [JSON.stringify(rows)]);
      const attempts = completions.map(({ delivery, result, next }) => {
        const { outcome, http_status, error, response } = result;
        const retryAt = next.status === 'pending' ? next.due_at + clockOffset : null;
        return [delivery.id, delivery.claims, outcome, http_status, error, response, retryAt];
      });
      await COMPLETE_ATTEMPTS.run(tx, [now, JSON.stringify(attempts)]);
      const counted = new Set(done.map(({ id }) => id));
      const ended = completions.filter(({ delivery }) => counted.has(delivery.id));
      await writeFollowUps(tx, this.outbox, ended.filter(hasFollowUp), now);
      return { counted, endedAt: now };
    });
    for (const { delivery, next } of completions) {
      if (next.status !== 'delivered' || !counted.has(delivery.id)) continue;
      const { account_id, destination, created_at, held_until } = delivery;
      this.ends.tell({ account_id, destination, tookMs: endedAt - Math.max(created_at, held_until ?? 0) });
    }
    return completions.map(({ delivery }) => counted.has(delivery.id));
  }

  /** Ends deliveries that have waited too long, whatever they wait for; the oldest 1,000 of them. */
  expire(maxAgeMs: number): Promise<DeliveryEntity[]> {
    return this.database.write(async (tx, now) => {
      const expired = await EXPIRE.run(tx, [now, now - maxAgeMs, now]);
      await hastenFallbacks(tx, this.outbox, expired, now);
      return expired;
    });
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

async function holdFurther(tx: EntityManager, held: readonly HeldDelivery[]): Promise<void> {
  if (held.length === 0) return;
  const rows = held.map(({ delivery, hold }) => [delivery.id, hold.reason, hold.until]);
  await HOLD_FURTHER.run(tx, [JSON.stringify(rows)]);
}

async function beginAttempts(tx: EntityManager, claimed: readonly SentTurn[], now: number): Promise<void> {
  if (claimed.length === 0) return;
  const attempts = claimed.map(({ delivery }) => [delivery.id, delivery.claims]);
  await BEGIN_ATTEMPTS.run(tx, [now, JSON.stringify(attempts)]);
  const contents = claimed.map(({ delivery, event, credential }) => {
    return [delivery.id, credential, (event ?? delivery).severity];
  });
  await NOTE_CONTENT.run(tx, [JSON.stringify(contents)]);
  const plans = claimed.filter(({ delivery }) => delivery.hold !== null);
  if (plans.length === 0) return;
  const rows = plans.map(({ delivery }) => [delivery.id, delivery.route_id, delivery.remind_every_s]);
  await NOTE_PLAN.run(tx, [JSON.stringify(rows)]);
}
