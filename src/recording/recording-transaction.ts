import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { identityOf } from '../normalization/event-identity';
import {
  hasSameState,
  markRouted,
  storeEvents,
  type EventToStore,
  type StoreOutcome,
} from '../events/events.batch';
import { RollupWriter } from '../events/summary/rollup-writer';
import type { Hastening } from '../outbox/hold-statements';
import { OutboxRepository, type DeliveryHistory, type NewDelivery } from '../outbox/outbox.repository';
import { decide } from '../routing/decide';
import type { Decision } from '../routing/decision';
import { deliveryOf, hasteningOf } from '../routing/outbox-rows';
import { RoutingRulesReader, type RulesOf } from '../routing/routing-rules-reader';
import type { Wishes } from '../routing/wishes';
import type { RecordedEvent } from './recorded';

/** One call of `record()`. */
export interface RecordCall {
  readonly events: readonly EventToStore[];
  readonly alongside?: ((tx: EntityManager) => Promise<void>) | undefined;
}

/** An event of a batch, with the place its answer belongs to. */
interface Placed {
  readonly event: EventToStore;
  readonly identity: string;
  readonly call: number;
  readonly place: number;
}

/** What of a batch can be stored by one statement, what needs no storing, and what comes after it. */
interface Round {
  readonly now: readonly Placed[];
  readonly repeats: readonly Placed[];
  readonly later: readonly Placed[];
}

/** Of what is resolved nothing is wanted any more. */
const NOTHING_WANTED: Wishes = { wanted: [], fallbacks: [] };

/** What happens within the transaction of `record()`: store, decide, write the outbox, count. */
@Injectable()
export class RecordingTransaction {
  constructor(
    private readonly outbox: OutboxRepository,
    private readonly rules: RoutingRulesReader,
    private readonly rollups: RollupWriter,
  ) {}

  /** Answers for every event of every call, in order. */
  async run(tx: EntityManager, calls: readonly RecordCall[], now: number): Promise<RecordedEvent[][]> {
    const results: RecordedEvent[][] = calls.map(() => []);
    const rulesOf = await this.rules.forRecording(
      tx,
      calls.flatMap(({ events }) => events),
    );
    let waiting: readonly Placed[] = calls.flatMap(({ events }, call) =>
      events.map((event, place): Placed => ({ event, identity: identityOf(event), call, place })),
    );
    while (waiting.length > 0) {
      const round = takeRound(waiting);
      for (const { placed, ...answer } of await this.storeAndDecide(tx, round, rulesOf, now)) {
        results[placed.call]![placed.place] = { event: placed.event, ...answer };
      }
      for (const { event, call, place } of round.repeats) {
        results[call]![place] = { event, outcome: 'duplicate', is_triggered: false, has_deliveries: false };
      }
      waiting = round.later;
    }
    for (const { alongside } of calls) await alongside?.(tx);
    const stored = results.flat().filter(({ outcome }) => outcome === 'stored');
    await this.rollups.write(
      tx,
      stored.map(({ event }) => event),
      now,
    );
    return results;
  }

  private async storeAndDecide(
    tx: EntityManager,
    { now: round, later }: Round,
    rulesOf: RulesOf,
    now: number,
  ): Promise<(Omit<RecordedEvent, 'event'> & { placed: Placed })[]> {
    const outcomes = await storeEvents(
      tx,
      round.map(({ event }) => event),
      now,
    );
    const changed = round.filter(({ identity }) => outcomes.get(identity)?.outcome === 'changed');
    const changedEvents = changed.map(({ event }) => event);
    // Those of later rounds too: each round by itself has an order, and several have none.
    await this.outbox.lockOfEvents(tx, [...changedEvents, ...later.map(({ event }) => event)]);
    const history = groupByIdentity(await this.outbox.historyOf(tx, changedEvents));
    const deliveries: NewDelivery[] = [];
    const skips: (Decision & { do: 'skip' })[] = [];
    const hastenings: Hastening[] = [];
    const answers = round.map((placed) => {
      const outcome = outcomes.get(placed.identity) as StoreOutcome;
      const { event } = placed;
      const isNews = outcome.outcome === 'stored' || outcome.outcome === 'changed';
      const decisions = isNews ? decideFor(event, rulesOf, history.get(placed.identity) ?? [], now) : [];
      for (const decision of decisions) {
        if (decision.do === 'skip') skips.push(decision);
        else if (decision.do === 'hasten') hastenings.push(hasteningOf(decision, event));
        else deliveries.push(deliveryOf(decision, event, outcome.revision ?? 0));
      }
      const is_triggered = decisions.some(
        (decision) => decision.do === 'send' && decision.action === 'trigger',
      );
      return { placed, outcome: outcome.outcome, is_triggered, has_deliveries: decisions.length > 0 };
    });
    for (const { delivery_id, reason } of skips) await this.outbox.skip(tx, [delivery_id], reason, now);
    await this.outbox.hasten(tx, hastenings, now);
    await this.outbox.add(tx, deliveries, now);
    const triggered = answers.filter(({ is_triggered }) => is_triggered);
    if (triggered.length > 0) {
      await markRouted(
        tx,
        triggered.map(({ placed }) => placed.event),
      );
    }
    return answers;
  }
}

function decideFor(
  event: EventToStore,
  rulesOf: RulesOf,
  history: readonly DeliveryHistory[],
  now: number,
): readonly Decision[] {
  const isOver = event.resolved_at !== null;
  const wishes = isOver ? NOTHING_WANTED : rulesOf(event.account_id).wishesFor(event, now);
  return decide(event, wishes, history, now);
}

/**
 * Splits a batch so that each identity stands once in `now` (no database statement may meet a row twice).
 * Repeats that say the same, or that cannot change anything, share the first one's answer; the others wait for
 * the next round.
 */
function takeRound(waiting: readonly Placed[]): Round {
  const now = new Map<string, Placed>();
  const repeats: Placed[] = [];
  const later: Placed[] = [];
  const overtaken = new Set<string>();
  for (const placed of waiting) {
    const first = now.get(placed.identity);
    if (first === undefined) {
      now.set(placed.identity, placed);
    } else if (!overtaken.has(placed.identity) && isRepeat(first.event, placed.event)) {
      repeats.push(placed);
    } else {
      overtaken.add(placed.identity);
      later.push(placed);
    }
  }
  return { now: [...now.values()], repeats, later };
}

function isRepeat(first: EventToStore, event: EventToStore): boolean {
  if (event.origin === 'operator') return false;
  // A newer one that says the same as one that turns out to be stale is news. Whatever kind the two say they are: what
  // may change is up to the kind of the stored one.
  return hasSameState(first, event) && event.updated_at <= first.updated_at;
}

function groupByIdentity(history: readonly DeliveryHistory[]): Map<string, DeliveryHistory[]> {
  return Map.groupBy(history, identityOf);
}
