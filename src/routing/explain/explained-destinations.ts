import { iso } from '../../normalization/instant';
import type { NormalizedEvent } from '../../normalization/normalized-event';
import type { HoldReason } from '../../outbox/delivery.entity';
import { decide } from '../decide';
import type { Decision, Plan as Delay } from '../decision';
import { heldTrigger, openTrigger, type EarlierDelivery } from '../earlier-delivery';
import type { Wish, Wishes } from '../wishes';

/** What would be done at a destination. */
export const PLANS = ['trigger_now', 'held', 'fallback', 'resolve', 'shadow', 'nothing', 'off'] as const;
export type Plan = (typeof PLANS)[number];

/** What would be done at a destination, and why. */
export interface ExplainedDestination {
  /** The outbox's name. */
  readonly destination: string;
  readonly plan: Plan;
  /** When a trigger that is held would be sent, milliseconds since 1970. */
  readonly until: number | null;
  readonly reason: HoldReason | null;
  /** Which route wants it there. */
  readonly route_id: string | null;
  readonly remind_every_s: number | null;
  /** All of it in a sentence or two. */
  readonly says: string;
}

/** What is explained: an event, what the rules want of it, and what was done about it so far. */
export interface DestinationQuestion {
  readonly event: Pick<NormalizedEvent, 'severity' | 'resolved_at'>;
  readonly wishes: Wishes;
  /** Destinations that the deciding routes name and that are switched off. */
  readonly off: readonly string[];
  /** Oldest first. */
  readonly history: readonly EarlierDelivery[];
  readonly nameOf: (destination: string) => string;
  /** Whether it is stored, and so was decided about when its newest state came: nothing is sent before the next one. */
  readonly isStored: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const HOLDS: Readonly<Record<HoldReason, string>> = {
  mute: 'the route is muted',
  duration: 'it has to last so long (min_duration_s)',
  reminder: 'the next reminder',
  fallback: 'others have until then',
};

const AT_ONCE: Delay = { hold: null, route_id: null, remind_every_s: null };

/** What `decide` would decide at each destination that has to do with the event. */
export function explainDestinations(question: DestinationQuestion): readonly ExplainedDestination[] {
  const { event, wishes, off, history, now } = question;
  const decisions = decide(event, wishes, history, now);
  const decided = new Map(
    decisions.flatMap((one) => ('destination' in one ? [[one.destination, one] as const] : [])),
  );
  const destinations = new Set([...decided.keys(), ...history.map(({ destination }) => destination)]);
  const wishFor = (destination: string): Wish | undefined =>
    wishes.wanted.find((wish) => wish.destination === destination);
  return [
    ...[...destinations].map((destination) => {
      const decision = decided.get(destination);
      if (decision?.do === 'send' || decision?.do === 'hasten') return explainSent(decision, question);
      const there = history.filter((delivery) => delivery.destination === destination);
      return explainRest(destination, there, event.resolved_at !== null, wishFor(destination));
    }),
    ...off
      .filter((destination) => !destinations.has(destination))
      .map((destination) =>
        explained(destination, 'off', AT_ONCE, 'Nothing: the destination is switched off.'),
      ),
  ];
}

function explainSent(
  decision: Decision & { do: 'send' | 'hasten' },
  { wishes, history, nameOf, isStored }: DestinationQuestion,
): ExplainedDestination {
  const { destination, hold } = decision;
  if (decision.do === 'send' && decision.action === 'resolve') {
    const says = isStored
      ? 'It is over, and may be open there still: its end has to be sent again by hand (replay).'
      : 'Resolve now: it is over, and may be open there.';
    return explained(destination, 'resolve', decision, says);
  }
  const later = isStored ? ' Not before its next state: about this one it was decided when it came.' : '';
  if (hold?.reason === 'fallback') {
    const of = wishes.fallbacks.filter((one) => one.destination === destination).flatMap((one) => one.of);
    const others = [...new Set(of)].map(nameOf).join(' or ');
    const says = `Only where ${others} refuses it, or has not taken it until ${iso(hold.until)}.`;
    return explained(destination, 'fallback', decision, says + later);
  }
  if (hold !== null) {
    const says = `Held until ${iso(hold.until)}: ${HOLDS[hold.reason]}.${later}`;
    return explained(destination, 'held', decision, says);
  }
  const isOpen =
    openTrigger(history.filter((delivery) => delivery.destination === destination)) !== undefined;
  const why = isOpen ? ': it is worse than it was told there' : '';
  return explained(destination, 'trigger_now', decision, `Trigger now${why}.${later}`);
}

/** Where nothing new is decided. */
function explainRest(
  destination: string,
  there: readonly EarlierDelivery[],
  isOver: boolean,
  wish: Wish | undefined,
): ExplainedDestination {
  if (isOver) {
    const isUnderWay = there.some(({ action, status }) => action === 'resolve' && status === 'pending');
    const end = isUnderWay ? 'its end waits to be sent there already' : 'nothing is open there';
    return explained(destination, 'nothing', AT_ONCE, `Nothing: it is over, and ${end}.`);
  }
  const held = heldTrigger(there);
  if (held !== undefined && held.hold !== null && held.held_until !== null) {
    const hold = { reason: held.hold, until: held.held_until };
    const says = `A trigger waits already, until ${iso(hold.until)}: ${HOLDS[hold.reason]}.`;
    return explained(destination, 'held', { ...held, hold }, says);
  }
  const told = openTrigger(there);
  if (told === undefined && wish?.shadow === true) {
    const says = 'Nothing: only a route that is tried out (shadow) wants it there.';
    return explained(destination, 'shadow', { ...AT_ONCE, route_id: wish.route_id }, says);
  }
  if (told === undefined) return explained(destination, 'nothing', AT_ONCE, 'Nothing: not wanted there.');
  const state = told.status === 'pending' ? 'a trigger is under way already' : 'it is open there already';
  const isWanted = wish?.shadow === false;
  const end = isWanted ? '' : ' It is not wanted there any more; its end is told there all the same.';
  return explained(destination, 'nothing', { ...told, hold: null }, `Nothing: ${state}.${end}`);
}

function explained(
  destination: string,
  plan: Plan,
  { hold, route_id, remind_every_s }: Delay,
  says: string,
): ExplainedDestination {
  return {
    destination,
    plan,
    until: hold?.until ?? null,
    reason: hold?.reason ?? null,
    route_id,
    remind_every_s,
    says,
  };
}
