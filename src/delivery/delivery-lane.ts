import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { SpanKind, SpanStatusCode, type Span } from '@opentelemetry/api';
import { GroupCommit } from '../database/group-commit';
import { StorageUnavailableError } from '../database/storage-error';
import type { DestinationClient } from '../destinations/destination-client';
import { NOTHING, type SendResult } from '../destinations/send-result';
import type { Tracing } from '../telemetry/tracing/tracing';
import type { ClaimedDelivery } from './claimed';
import type { ClaimsRepository } from './claims.repository';
import type { Completion } from './completion';
import { DeliveryLog } from './delivery-log';
import type { DeliveryMetrics } from './delivery-metrics';
import { nextStep, type DeliveryPolicy } from './policy';

/** How a lane works. Durations in milliseconds. */
export interface LaneOptions {
  readonly concurrency: number;
  readonly timeoutMs: number;
  /** How often it looks for due rows that nobody woke it for. */
  readonly sweepMs: number;
  readonly policy: DeliveryPolicy;
  readonly metrics: DeliveryMetrics;
  readonly tracing: Tracing;
}

/** A lease outlasts the request it is for by this much, for the commits before and after it. */
const LEASE_MARGIN_MS = 20_000;

/** A lane under load claims no more often than this. A claim is a commit, whether for one delivery or for thirty. */
const GATHER_MS = 3;

/** One claim in so many takes the oldest due, so that a stream of new ones starves nothing. */
const OLDEST_EVERY = 4;

const MAX_COMPLETIONS = 500;

/** While the database is away, an end is written down again after this. */
const COMPLETION_PAUSE_MS = 500;

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
  private isFailing = false;
  private heldUntil = 0;
  private claimCount = 0;
  private lookers: (() => void)[] = [];
  private usedAt = Date.now();

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
    return this.client.name;
  }

  /** When something was last in flight, or it was made; null while something is, or it is at work. */
  get idleSince(): number | null {
    return this.isWorking || this.inFlight.size > 0 ? null : this.usedAt;
  }

  /** Until when it holds everything back, milliseconds since 1970; null where it does not. */
  get holdsUntil(): number | null {
    return this.reopensAt();
  }

  /** Says that there may be something to do. Cheap, and never throws. The first call sets the lane to work. */
  wake(): void {
    this.isWoken = true;
    if (this.isWorking || this.isStopping) return;
    this.isWorking = true;
    this.working = this.work();
  }

  /**
   * Wakes the lane, and resolves once it has looked for due deliveries with a slot to send them in, or holds them all
   * for a while.
   */
  look(): Promise<void> {
    if (this.isStopping) return Promise.resolve();
    return new Promise((resolve) => {
      this.lookers.push(resolve);
      this.wake();
    });
  }

  /** Claims nothing more, waits for what is in flight, and aborts what is not done by `deadlineAt`. */
  async stop(deadlineAt: number): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    this.answerLookers();
    const abort = setTimeout(() => this.aborting.abort(), Math.max(deadlineAt - Date.now(), 0));
    await this.working;
    await Promise.all(this.inFlight);
    clearTimeout(abort);
    await this.client.close();
  }

  private async work(): Promise<void> {
    clearTimeout(this.timer);
    let pauseMs = this.options.sweepMs;
    try {
      while (this.isWoken && !this.isStopping) {
        this.isWoken = false;
        pauseMs = await this.claimAndSend();
        // Let requests that end meanwhile free their slots first: fewer and fuller claims.
        await sleep(GATHER_MS);
      }
    } catch (error) {
      this.noteFailure(error);
    } finally {
      this.isWorking = false;
      if (!this.isStopping) this.timer = setTimeout(() => this.wake(), pauseMs);
    }
    if (this.isWoken) this.wake();
  }

  /** Answers how long to sleep when nobody wakes the lane. */
  private async claimAndSend(): Promise<number> {
    const limit = this.freeSlots();
    if (limit <= 0) {
      const reopensAt = this.reopensAt();
      if (reopensAt !== null) this.answerLookers();
      return this.upToSweep(reopensAt);
    }
    const lookedAt = Date.now();
    const isOldestsTurn = ++this.claimCount % OLDEST_EVERY === 0;
    const { deliveries, skipped, held } = await this.claims.claim({
      destination: this.name,
      currentCredential: this.client.currentCredential,
      limit,
      order: isOldestsTurn ? 'oldest_due_first' : 'worst_and_newest_first',
      leaseMs: this.options.timeoutMs + LEASE_MARGIN_MS,
    });
    this.isFailing = false;
    this.answerLookers();
    for (const delivery of deliveries) this.track(this.deliver(delivery));
    for (const one of skipped) this.log.skipped(one);
    for (const one of held) this.log.held(one);
    this.options.metrics.noteEnd(this.client.kind, 'skipped', skipped.length);
    // A full claim means that there may be more, and what was skipped may have been in the way of something.
    const isFull = deliveries.length + held.length === limit;
    this.isWoken ||= isFull || skipped.length > 0;
    return this.isWoken ? 0 : this.upToSweep(await this.claims.nextDueAt(this.name, lookedAt));
  }

  /** Said once, and not every second for as long as the database is away. */
  private noteFailure(error: unknown): void {
    const line = { err: error, destination: this.name };
    if (!this.isFailing) this.logger.error(line, 'cannot claim deliveries; trying again');
    this.isFailing = true;
  }

  private answerLookers(): void {
    for (const resolve of this.lookers.splice(0)) resolve();
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
      this.usedAt = Date.now();
      this.wake();
    });
  }

  /** Within the trace of the signal that called for it. */
  private deliver(claimed: ClaimedDelivery): Promise<void> {
    const { action, traceparent: parent, claims } = claimed.delivery;
    const attributes = { 'signalbox.destination': this.client.kind, 'signalbox.attempt': claims };
    const description = { kind: SpanKind.CLIENT, parent, attributes };
    return this.options.tracing.within(`deliver ${action}`, description, (span) => this.send(claimed, span));
  }

  private async send(claimed: ClaimedDelivery, span: Span | null): Promise<void> {
    const startedAt = Date.now();
    const result = await this.attempt(claimed);
    noteResult(span, result);
    const { delivery } = claimed;
    const next = nextStep(delivery, result, this.options.policy, Date.now(), Math.random);
    const hasAskedForPatience = result.outcome === 'throttled' || result.retry_after_ms !== null;
    if (hasAskedForPatience && next.status === 'pending')
      this.heldUntil = Math.max(this.heldUntil, next.due_at);
    try {
      const isCounted = await this.complete({ delivery, result, next }, claimed.leaseEndsAt);
      const durationMs = Date.now() - startedAt;
      this.log.attempted(delivery, result, next, { durationMs, isCounted });
      const attempt = { destination: this.client.kind, delivery, result, next, durationMs };
      if (isCounted) this.options.metrics.noteAttempt(attempt);
    } catch (error) {
      this.log.notWrittenDown(delivery, result, error);
    }
  }

  /** Waits for a database that is away as long as the lease holds: to send again what has arrived is the last resort. */
  private async complete(completion: Completion, leaseEndsAt: number): Promise<boolean> {
    for (;;) {
      try {
        return await this.completions.add(completion);
      } catch (error) {
        const isWorthWaiting = error instanceof StorageUnavailableError && !this.isStopping;
        if (!isWorthWaiting || Date.now() + COMPLETION_PAUSE_MS >= leaseEndsAt) throw error;
      }
      await sleep(COMPLETION_PAUSE_MS);
    }
  }

  private async attempt(claimed: ClaimedDelivery): Promise<SendResult> {
    const { delivery, event, credential, follows, leaseEndsAt } = claimed;
    const leaseLeftMs = leaseEndsAt - Date.now();
    if (leaseLeftMs < this.options.timeoutMs || this.isStopping) {
      return { ...NOTHING, outcome: 'released', error: 'not sent: too late for its lease, or stopping' };
    }
    try {
      if (event === undefined || credential === undefined) {
        throw new Error(
          `its ${event === undefined ? 'event' : 'credential'} cannot be read from the database`,
        );
      }
      const { action, request_id, destination, id: delivery_id } = delivery;
      return await this.client.send(
        { action, event, credential, request_id, destination, delivery_id, follows, sent_at: Date.now() },
        this.aborting.signal,
      );
    } catch (error) {
      this.log.notBuilt(delivery, error);
      return { ...NOTHING, outcome: 'internal_error', error: String(error) };
    }
  }

  /** Milliseconds until the given instant (null: never), but at most until the next sweep. */
  private upToSweep(at: number | null): number {
    return Math.max(1, Math.min((at ?? Infinity) - Date.now(), this.options.sweepMs));
  }
}

function noteResult(span: Span | null, { outcome, http_status }: SendResult): void {
  span?.setAttribute('signalbox.outcome', outcome);
  if (http_status !== null) span?.setAttribute('http.response.status_code', http_status);
  if (outcome !== 'delivered') span?.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
}
