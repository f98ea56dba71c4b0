import { rankOf } from '../../normalization/normalized-event';
import type { RoutedEvent, Rules, Wish } from '../wishes';
import type { KnownState, StoredLife } from './stored-life';

/** A trigger that some rules would have sent. */
export interface SimulatedPage {
  readonly destination: string;
  readonly at: number;
}

/** What there is at a destination. Ranks are those of the severity that was told, or is to be told. */
type Place =
  | { readonly is: 'held'; readonly rank: number; readonly until: number; readonly since: number }
  | { readonly is: 'open'; readonly rank: number };

const NONE: readonly SimulatedPage[] = [];

/**
 * The pages that rules would have sent of an event, if every delivery had succeeded at once: what `decide` would have
 * decided at each of its states, and when what was held came to its turn. Reminders, fallbacks and mutes are no part of it, and what a
 * route in shadow wants is no page.
 *
 * @param rules without mutes
 * @param until what is held for longer is not sent yet
 */
export function simulatedPages(life: StoredLife, rules: Rules, until: number): readonly SimulatedPage[] {
  const [first] = life.states;
  // Most events: points in time, or over before anybody heard of them.
  if (life.states.length === 1 && first?.resolved_at !== null) return NONE;
  return new Simulation(life, rules).run(until);
}

class Simulation {
  private readonly places = new Map<string, Place>();
  private readonly pages: SimulatedPage[] = [];

  constructor(
    private readonly life: StoredLife,
    private readonly rules: Rules,
  ) {}

  run(until: number): readonly SimulatedPage[] {
    const { states } = this.life;
    states.forEach((state, index) => {
      if (state.resolved_at === null) this.takeState(state);
      else this.places.clear();
      this.takeTurns(state, states[index + 1]?.at ?? until);
    });
    return this.pages;
  }

  private takeState(state: KnownState): void {
    const rank = rankOf(state.severity);
    for (const [destination, place] of this.places) {
      if (place.is === 'open' && rank > place.rank) this.send(destination, rank, state.at);
    }
    for (const wish of this.wantedIn(state, state.at, state.at)) this.want(wish, rank, state.at);
  }

  /** What is held and got worse is told at once; otherwise the sooner of two instants counts. */
  private want({ destination, hold }: Wish, rank: number, at: number): void {
    const place = this.places.get(destination);
    if (place?.is === 'open') return;
    if (hold === null || (place !== undefined && rank > place.rank)) return this.send(destination, rank, at);
    const until = Math.min(hold.until, place?.until ?? Infinity);
    this.places.set(destination, { is: 'held', rank: place?.rank ?? rank, until, since: place?.since ?? at });
  }

  /** Asks the rules again for whatever is held, when its turn comes before the next state. */
  private takeTurns(state: KnownState, before: number): void {
    for (;;) {
      const [next] = [...this.places]
        .flatMap(([destination, place]) => (place.is === 'held' ? [{ destination, ...place }] : []))
        .sort((a, b) => a.until - b.until);
      if (next === undefined || next.until >= before) return;
      const { destination, until, ...held } = next;
      const wanted = this.wantedIn(state, until, held.since);
      const wish = wanted.find((one) => one.destination === destination);
      if (wish === undefined) this.leadElsewhere(destination, wanted, rankOf(state.severity), until);
      else if (wish.hold === null) this.send(destination, rankOf(state.severity), until);
      else this.places.set(destination, { ...held, until: wish.hold.until });
    }
  }

  /** What was held in vain, because other hours have begun, is told where it is wanted by then. */
  private leadElsewhere(from: string, wanted: readonly Wish[], rank: number, at: number): void {
    this.places.delete(from);
    for (const wish of wanted) if (!this.places.has(wish.destination)) this.want(wish, rank, at);
  }

  /** @param since when it was first held, or it is now: by then the event had begun, whatever its source's clock says */
  private wantedIn({ severity }: KnownState, at: number, since: number): readonly Wish[] {
    const { event } = this.life;
    const started_at = Math.min(event.started_at, since);
    const routed: RoutedEvent = { ...event, severity, started_at };
    return this.rules.wishesFor(routed, at).wanted.filter(({ shadow }) => !shadow);
  }

  private send(destination: string, rank: number, at: number): void {
    this.pages.push({ destination, at });
    this.places.set(destination, { is: 'open', rank });
  }
}
