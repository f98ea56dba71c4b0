import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { GroupCommit } from '../database/group-commit';
import type { DestinationClient, SendResult } from '../destinations/destination-client';
import type { ClaimedDelivery } from './claimed';
import type { ClaimsRepository, Completion } from './claims.repository';
import { DeliveryLog } from './delivery-log';
import { nextStep, type DeliveryPolicy } from './policy';

/** How a lane works. Durations in milliseconds. */
export interface LaneOptions {
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly policy: DeliveryPolicy;
}

/** A lease outlasts the request it is for by this much, for the commits before and after it. */
const LEASE_MARGIN_MS = 20_000;

/** A lane under load claims no more often than this. A claim is a commit, whether for one delivery or for thirty. */
const GATHER_MS = 3;

/** How often a lane looks for due rows that nobody woke it for. */
const SWEEP_MS = 1_000;

/** One claim in so many takes the oldest due, so that a stream of new ones starves nothing. */
const OLDEST_EVERY = 4;

const MAX_COMPLETIONS = 500;

/**
 * Sends one destination's deliveries. Lanes share nothing but the database, so a destination that hangs fills
 * only its own slots.
 *
 * A lane sleeps until it is woken, something falls due, or the sweep comes round. Then it claims as many due
 * deliveries as it has free slots, in one transaction; sends each; and writes what came of it, many at once.
 * Every end of a request wakes it, because it frees a slot and perhaps the event's next delivery. While its
 * breaker is open, or the destination has asked for patience, it claims nothing: deliveries wait and use up no
 * attempts. A half-open breaker lets it claim exactly one.
 */
export class DeliveryLane {
  private readonly logger = new Logger('Delivery');
  private readonly log = new DeliveryLog();
  private readonly completions: GroupCommit<Completion, boolean>;
  private readonly aborting = new AbortController();
  private readonly inFlight = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();
  private isWorking = false;
  private isWoken = false;
  private isStopping = false;
  private heldUntil = 0;
  private claimCount = 0;

  constructor(
    readonly client: DestinationClient,
    private readonly claims: ClaimsRepository,
    private readonly options: LaneOptions,
  ) {
    const commit = async (batch: readonly Completion[]): Promise<PromiseSettledResult<boolean>[]> => {
      return (await claims.complete(batch)).map((value) => ({ status: 'fulfilled', value }));
    };
    this.completions = new GroupCommit(commit, {
      maxItems: MAX_COMPLETIONS,
      maxBytes: Infinity,
      bytesOf: () => 0,
    });
  }

  get name(): string {
    return this.client.destination.name;
  }

  /** Says that there may be something to do. Cheap, and never throws. The first call sets the lane to work. */
  wake(): void {
    this.isWoken = true;
    if (this.isWorking || this.isStopping) return;
    this.isWorking = true;
    this.working = this.work();
  }

  /** Claims nothing more, waits for what is in flight, and aborts what is not done by `deadlineAt`. */
  async stop(deadlineAt: number): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    const abort = setTimeout(() => this.aborting.abort(), Math.max(deadlineAt - Date.now(), 0));
    await this.working;
    await Promise.all(this.inFlight);
    clearTimeout(abort);
    await this.client.close();
  }

  private async work(): Promise<void> {
    clearTimeout(this.timer);
    let pauseMs = SWEEP_MS;
    try {
      while (this.isWoken && !this.isStopping) {
        this.isWoken = false;
        pauseMs = await this.claimAndSend();
        // Let requests that end meanwhile free their slots first: fewer and fuller claims.
        await sleep(GATHER_MS);
      }
    } catch (error) {
      this.logger.error({ err: error, destination: this.name }, 'cannot claim deliveries; trying again');
    } finally {
      this.isWorking = false;
      if (!this.isStopping) this.timer = setTimeout(() => this.wake(), pauseMs);
    }
    if (this.isWoken) this.wake();
  }

  /** Answers how long to sleep when nobody wakes the lane. */
  private async claimAndSend(): Promise<number> {
    const limit = this.freeSlots();
    if (limit <= 0) return upToSweep(this.reopensAt());
    const lookedAt = Date.now();
    const isOldestsTurn = ++this.claimCount % OLDEST_EVERY === 0;
    const { deliveries, skipped } = await this.claims.claim({
      destination: this.name,
      credential: this.client.credential,
      limit,
      order: isOldestsTurn ? 'oldest_due_first' : 'worst_and_newest_first',
      leaseMs: this.options.timeoutMs + LEASE_MARGIN_MS,
    });
    for (const delivery of deliveries) this.track(this.deliver(delivery));
    for (const delivery of skipped) this.log.skipped(delivery);
    // A full claim means that there may be more, and what was skipped may have been in the way of something.
    this.isWoken ||= deliveries.length === limit || skipped.length > 0;
    return this.isWoken ? 0 : upToSweep(await this.claims.nextDueAt(this.name, lookedAt));
  }

  /** How many deliveries may be claimed now. */
  private freeSlots(): number {
    const { breaker } = this.client;
    if (!breaker.isAccepting || Date.now() < this.heldUntil) return 0;
    const slots = breaker.state === 'half_open' ? 1 : this.options.concurrency;
    return slots - this.inFlight.size;
  }

  /** When there will be free slots again, where that is a matter of time; null where a request has to end first. */
  private reopensAt(): number | null {
    const { breaker } = this.client;
    if (!breaker.isAccepting) return breaker.retryAt;
    return Date.now() < this.heldUntil ? this.heldUntil : null;
  }

  private track(work: Promise<void>): void {
    this.inFlight.add(work);
    void work.finally(() => {
      this.inFlight.delete(work);
      this.wake();
    });
  }

  private async deliver(claimed: ClaimedDelivery): Promise<void> {
    const startedAt = Date.now();
    const result = await this.attempt(claimed);
    const { delivery } = claimed;
    const next = nextStep(delivery, result, this.options.policy, Date.now(), Math.random);
    const hasAskedForPatience = result.outcome === 'throttled' || result.retry_after_ms !== null;
    if (hasAskedForPatience && next.status === 'pending')
      this.heldUntil = Math.max(this.heldUntil, next.due_at);
    try {
      const isCounted = await this.completions.add({ delivery, result, next });
      this.log.attempted(delivery, result, next, { durationMs: Date.now() - startedAt, isCounted });
    } catch (error) {
      this.log.notWrittenDown(delivery, result, error);
    }
  }

  private async attempt({ delivery, event, credential }: ClaimedDelivery): Promise<SendResult> {
    const nothing = { http_status: null, response: null, retry_after_ms: null };
    const leaseLeftMs = (delivery.lease_until ?? 0) - Date.now();
    if (leaseLeftMs < this.options.timeoutMs || this.isStopping) {
      return { ...nothing, outcome: 'released', error: 'not sent: too late for its lease, or stopping' };
    }
    try {
      if (event === undefined || credential === undefined) {
        throw new Error(`its ${event === undefined ? 'event' : 'credential'} is not in the database`);
      }
      const message = { action: delivery.action, event, credential, request_id: delivery.request_id };
      return await this.client.send(message, this.aborting.signal);
    } catch (error) {
      this.log.notBuilt(delivery, error);
      return { ...nothing, outcome: 'internal_error', error: String(error) };
    }
  }
}

/** Milliseconds until the given instant (null: never), but at most until the next sweep. */
function upToSweep(at: number | null): number {
  return Math.max(1, Math.min((at ?? Infinity) - Date.now(), SWEEP_MS));
}
