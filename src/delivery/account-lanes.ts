import { Logger } from '@nestjs/common';
import type { DestinationClients } from '../destinations/destination-clients';
import type { ClaimsRepository } from './claims.repository';
import { DeliveryLane, type LaneOptions } from './delivery-lane';

/** How many lanes there may be, and for how long one that has nothing to do is kept, in milliseconds. */
export interface LaneBounds {
  readonly maxLanes: number;
  readonly idleMs: number;
}

/** An idle lane keeps its connections and what its breaker has counted: longer than a breaker's window by default. */
const BOUNDS: LaneBounds = { maxLanes: 200, idleMs: 60_000 };

/** So many destinations are looked at in one go; the next look begins behind them. */
const MAX_LOOKED_AT = 500;

/** A lane looks by itself for what falls due; whatever nobody told it of is found by `look`. */
const SWEEP_MS = 60_000;

/**
 * The lanes of accounts' destinations, of which there may be thousands: only those that have something to send get one,
 * and one look into the outbox finds them all. Each has its own breaker, its own connections and its own slots.
 *
 * Where more destinations wait than there may be lanes, a lane with nothing in flight makes room, above all one that
 * holds everything back because its destination is sick or has asked for patience; until when is remembered, so that it
 * does not come back before. It comes back with a new breaker. Requests end by their timeout, and so a lane makes room
 * after some failures at the latest: destinations that hang delay the others by that, and no more.
 */
export class AccountLanes {
  private readonly logger = new Logger('Delivery');
  private readonly lanes = new Map<string, DeliveryLane>();
  /** Destinations that had to make room while they held everything back, and until when. */
  private readonly held = new Map<string, number>();
  private looking: Promise<void> | null = null;
  private isAskedAgain = false;
  private isStopping = false;
  private isFailing = false;
  private lookedUpTo = '';

  /** @param options of each lane; `sweepMs` is its own affair */
  constructor(
    private readonly clients: DestinationClients,
    private readonly claims: ClaimsRepository,
    private readonly options: Omit<LaneOptions, 'sweepMs'>,
    private readonly bounds: LaneBounds = BOUNDS,
  ) {}

  /** The lanes there are at the moment. */
  get all(): readonly DeliveryLane[] {
    return [...this.lanes.values()];
  }

  /** Finds what is due, and sets lanes to work on it. Never rejects. Who asks meanwhile is served by one more look. */
  look(): Promise<void> {
    this.isAskedAgain = true;
    this.looking ??= this.lookUntilDone().finally(() => (this.looking = null));
    return this.looking;
  }

  /** Stops as lanes do. */
  async stop(deadlineAt: number): Promise<void> {
    this.isStopping = true;
    await this.looking;
    await Promise.all(this.all.map((lane) => lane.stop(deadlineAt)));
  }

  private async lookUntilDone(): Promise<void> {
    while (this.isAskedAgain && !this.isStopping) {
      this.isAskedAgain = false;
      try {
        await this.lookOnce();
        this.isFailing = false;
      } catch (error) {
        if (!this.isFailing)
          this.logger.error({ err: error }, 'cannot look for waiting destinations; trying again');
        this.isFailing = true;
      }
    }
  }

  private async lookOnce(): Promise<void> {
    const waiting = await this.claims.waitingDestinations(this.lookedUpTo, MAX_LOOKED_AT);
    this.lookedUpTo = waiting.length < MAX_LOOKED_AT ? '' : (waiting.at(-1)?.destination ?? '');
    // Those behind are looked at in the same breath, and a round ends at the last of them.
    this.isAskedAgain ||= this.lookedUpTo !== '';
    await this.dropIdle();
    for (const { destination, is_due } of waiting) {
      if (!is_due || destination === this.clients.operators.name) continue;
      const lane = await this.laneOf(destination);
      // One that holds everything back wakes by itself, and must look idle to whoever needs its room.
      if (lane?.holdsUntil === null) lane.wake();
    }
  }

  /** The lane of a destination, where there is one or can be one. */
  private async laneOf(destination: string): Promise<DeliveryLane | null> {
    const known = this.lanes.get(destination);
    if (known !== undefined) return known;
    if (Date.now() < (this.held.get(destination) ?? 0)) return null;
    this.held.delete(destination);
    if (this.lanes.size >= this.bounds.maxLanes && !(await this.makeRoom())) return null;
    const client = await this.clients.ofAccount(destination);
    if (client === null || this.isStopping) return null;
    const lane = new DeliveryLane(client, this.claims, { ...this.options, sweepMs: SWEEP_MS });
    this.lanes.set(destination, lane);
    return lane;
  }

  private async dropIdle(): Promise<void> {
    const before = Date.now() - this.bounds.idleMs;
    const idle = this.all.filter(
      (lane) => lane.holdsUntil === null && (lane.idleSince ?? Infinity) <= before,
    );
    for (const lane of idle) await this.drop(lane);
  }

  /** Drops the lane that is needed least, where any has nothing in flight; answers whether. */
  private async makeRoom(): Promise<boolean> {
    const idle = this.all.filter(({ idleSince }) => idleSince !== null);
    const holding = idle.filter(({ holdsUntil }) => holdsUntil !== null);
    const [first] = (holding.length > 0 ? holding : idle).sort(
      (a, b) => (a.idleSince ?? 0) - (b.idleSince ?? 0),
    );
    if (first === undefined) return false;
    const { holdsUntil } = first;
    if (holdsUntil !== null) this.remember(first.name, holdsUntil);
    await this.drop(first);
    return true;
  }

  private remember(destination: string, until: number): void {
    const now = Date.now();
    for (const [name, at] of this.held) if (at <= now) this.held.delete(name);
    this.held.set(destination, until);
  }

  private async drop(lane: DeliveryLane): Promise<void> {
    this.lanes.delete(lane.name);
    await lane.stop(Date.now());
  }
}
