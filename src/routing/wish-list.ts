import type { Route } from './route';
import type { Fallback, Hold, Wish, Wishes } from './wishes';

const SECOND_MS = 1_000;

/**
 * Gathers what several routes want of one event. Of two that want it at the same destination, the one counts that waits
 * for less, and of two reminders the more frequent. What a route in shadow wants counts where no other wants anything, and
 * it has no fallback: one that stood in would be told.
 */
export class WishList implements Wishes {
  private readonly wishes = new Map<string, Wish>();
  private readonly standIns = new Map<string, Fallback>();

  /** @param on destinations that are switched on: at the others nothing is wanted */
  constructor(
    private readonly on: ReadonlySet<string>,
    private readonly startedAt: number,
    private readonly now: number,
  ) {}

  get wanted(): readonly Wish[] {
    return [...this.wishes.values()];
  }

  get fallbacks(): readonly Fallback[] {
    return [...this.standIns.values()];
  }

  add(route: Route): void {
    const to = route.to.filter((destination) => this.on.has(destination));
    const muted = this.muted(route);
    const hold = later(muted, this.heldForDuration(route));
    for (const destination of to) {
      const wish: Wish = {
        destination,
        route_id: route.id,
        hold,
        hold_when_worse: muted,
        remind_every_s: route.remind_every_s,
        shadow: route.shadow,
      };
      const known = this.wishes.get(destination);
      this.wishes.set(destination, known === undefined ? wish : joinWishes(known, wish));
    }
    if (route.shadow || route.fallback === null || !this.on.has(route.fallback) || to.length === 0) return;
    const fallback = {
      destination: route.fallback,
      route_id: route.id,
      of: to,
      after_s: route.fallback_after_s,
    };
    const known = this.standIns.get(route.fallback);
    this.standIns.set(route.fallback, known === undefined ? fallback : joinFallbacks(known, fallback));
  }

  private muted({ mute_until }: Route): Hold | null {
    return mute_until !== null && mute_until > this.now ? { reason: 'mute', until: mute_until } : null;
  }

  /** A start in the future, by a sender's clock that is ahead, makes nobody wait for longer. */
  private heldForDuration({ min_duration_s }: Route): Hold | null {
    if (min_duration_s === null) return null;
    const until = Math.min(this.startedAt, this.now) + min_duration_s * SECOND_MS;
    return until > this.now ? { reason: 'duration', until } : null;
  }
}

function joinWishes(first: Wish, second: Wish): Wish {
  if (first.shadow !== second.shadow) return first.shadow ? second : first;
  const sooner = untilOf(second.hold) < untilOf(first.hold) ? second : first;
  return {
    ...sooner,
    hold_when_worse: earlier(first.hold_when_worse, second.hold_when_worse),
    remind_every_s: least(first.remind_every_s, second.remind_every_s),
  };
}

function joinFallbacks(first: Fallback, second: Fallback): Fallback {
  const sooner = second.after_s < first.after_s ? second : first;
  return { ...sooner, of: [...new Set([...first.of, ...second.of])] };
}

function untilOf(hold: Hold | null): number {
  return hold?.until ?? 0;
}

function earlier(first: Hold | null, second: Hold | null): Hold | null {
  return untilOf(second) < untilOf(first) ? second : first;
}

function later(first: Hold | null, second: Hold | null): Hold | null {
  return untilOf(second) > untilOf(first) ? second : first;
}

function least(first: number | null, second: number | null): number | null {
  if (first === null || second === null) return first ?? second;
  return Math.min(first, second);
}
