import type { EntityManager } from 'typeorm';
import type { CurrentCredential } from '../destinations/destination-client';
import type { EventEntity } from '../events/event.entity';
import { identityOf } from '../normalization/event-identity';
import type { DeliveryEntity } from '../outbox/delivery.entity';
import type { NewDelivery, OutboxRepository } from '../outbox/outbox.repository';
import { isHeld } from '../routing/earlier-delivery';
import type { RoutingRulesReader } from '../routing/routing-rules-reader';
import type { Hold } from '../routing/wishes';
import { takeTurn, type Turn } from './claimed';
import { eventsOf } from './events-of';
import { heldTurn, type HeldTurn } from './held-turn';
import { isDropped, ledElsewhere, type DroppedTrigger } from './led-elsewhere';
import { gotWorseSince } from './severity-then';

/** A delivery that is to be sent, and through what. */
export interface SentTurn {
  readonly delivery: DeliveryEntity;
  readonly event: EventEntity | undefined;
  readonly credential: string;
  readonly follows: number | null;
}

/** One that is not sent, and why. */
export interface SkippedDelivery {
  readonly delivery: DeliveryEntity;
  readonly reason: (Turn & { do: 'skip' })['reason'] | (HeldTurn & { do: 'skip' })['reason'];
}

/** One that the rules hold further. */
export interface HeldDelivery {
  readonly delivery: DeliveryEntity;
  readonly hold: Hold;
}

/** What becomes of deliveries whose turn has come. */
export interface Turns {
  readonly sent: readonly SentTurn[];
  readonly skipped: readonly SkippedDelivery[];
  readonly held: readonly HeldDelivery[];
  /** What is to be sent in the place of some that were skipped. */
  readonly added: readonly NewDelivery[];
}

/** When the rules are asked again about an event that somebody else is changing. */
const CONTESTED_MS = 1_000;

/** What the turns of deliveries depend on, besides the database. */
export interface TurnRequest {
  /** What new triggers go through. */
  readonly currentCredential: CurrentCredential;
  readonly now: number;
}

/**
 * Decides about deliveries that `tx` has claimed. About those that are held the rules are asked again, by the newest
 * states of their events; where there are none, no rules are read.
 */
export async function turnsOf(
  tx: EntityManager,
  rows: readonly DeliveryEntity[],
  { currentCredential, now }: TurnRequest,
  { outbox, rules }: { readonly outbox: OutboxRepository; readonly rules: RoutingRulesReader },
): Promise<Turns> {
  const events = await eventsOf(tx, rows);
  const histories = Map.groupBy(await outbox.historyOf(tx, rows), identityOf);
  const asked = rows.filter(({ hold }) => hold !== null);
  const rulesOf = await rules.forEvents(
    tx,
    asked.flatMap((delivery) => events.get(identityOf(delivery)) ?? []),
  );
  const worse = await gotWorseSince(tx, asked, events);
  const credentialOfNew = await currentCredential(tx, now);
  const sent: SentTurn[] = [];
  const skipped: SkippedDelivery[] = [];
  const held: HeldDelivery[] = [];
  const dropped: DroppedTrigger[] = [];
  for (const delivery of rows) {
    const event = events.get(identityOf(delivery));
    const history = histories.get(identityOf(delivery)) ?? [];
    const turn = takeTurn(delivery, history, credentialOfNew);
    if (turn.do === 'skip') {
      skipped.push({ delivery, reason: turn.reason });
      continue;
    }
    const { credential, follows } = turn;
    const waiting = history.find(({ id }) => id === delivery.id);
    if (event === undefined || waiting === undefined || !isHeld(waiting)) {
      sent.push({ delivery, event, credential, follows });
      continue;
    }
    const wishes = rulesOf(event.account_id).wishesFor(asOfDecision(event, delivery), now);
    const state = { resolved_at: event.resolved_at, is_worse: worse.has(delivery.id) };
    const next = heldTurn(waiting, state, wishes, history, now);
    if (next.do === 'skip' && isDropped(delivery, next.reason)) dropped.push({ delivery, event, wishes });
    else if (next.do === 'skip') skipped.push({ delivery, reason: next.reason });
    else if (next.do === 'hold') held.push({ delivery, hold: next.hold });
    else sent.push({ delivery: { ...delivery, ...planOf(next) }, event, credential, follows });
  }
  const { added, contested } = await ledElsewhere(tx, dropped, outbox, now);
  for (const one of dropped) {
    const { delivery } = one;
    const reason = delivery.hold;
    if (contested.includes(one) && reason !== null)
      held.push({ delivery, hold: { reason, until: now + CONTESTED_MS } });
    else skipped.push({ delivery, reason: 'not_wanted' });
  }
  return { sent, skipped, held, added };
}

/** An event that is said to begin in the future has lasted at least since its trigger was decided. */
function asOfDecision(event: EventEntity, { created_at }: DeliveryEntity): EventEntity {
  return { ...event, started_at: Math.min(event.started_at, created_at) };
}

function planOf({
  route_id,
  remind_every_s,
}: HeldTurn & { do: 'send' }): Pick<DeliveryEntity, 'route_id' | 'remind_every_s'> {
  return { route_id, remind_every_s };
}
