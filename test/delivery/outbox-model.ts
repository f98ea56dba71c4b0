import { takeTurn } from '../../src/delivery/claimed';
import { heldTurn } from '../../src/delivery/held-turn';
import { isDropped, triggersElsewhere } from '../../src/delivery/led-elsewhere';
import { nextReminder } from '../../src/delivery/next-reminder';
import { rankOf, type Severity } from '../../src/normalization/normalized-event';
import type { DeliveryHistory } from '../../src/outbox/outbox.repository';
import { decide } from '../../src/routing/decide';
import type { Decision } from '../../src/routing/decision';
import { isHeld } from '../../src/routing/earlier-delivery';
import { inForce } from '../../src/routing/holds';
import type { Wishes } from '../../src/routing/wishes';
import { pastDelivery, wish } from './past-deliveries';
import { ENDS, type End } from './request-ends';

/** How a route wants one destination. */
export interface ModelWish {
  /** An instant, in seconds. */
  readonly muteUntilS: number;
  readonly minDurationS: number;
  readonly remindEveryS: number | null;
}

/** The rules that are in force: what is wanted where, and what stands in for all of it. */
export interface ModelRules {
  readonly wanted: Readonly<Record<string, ModelWish>>;
  readonly fallback: { readonly destination: string; readonly afterS: number } | null;
}

/** A new state of the event. */
export interface ModelRevision {
  readonly severity: Severity;
  readonly isResolved: boolean;
}

/** A request to a destination. */
export interface ModelAttempt {
  readonly destination: string;
  readonly end: End;
  /** Whether it is the last attempt. */
  readonly isLast: boolean;
  /** What happens to the event while the request is under way. */
  readonly meanwhile: ModelRevision | null;
}

type Row = { -readonly [K in keyof DeliveryHistory]: DeliveryHistory[K] } & {
  due_at: number;
  /** The event's when it was decided. */
  severity_then: Severity;
};

/** When a failed request is repeated, in seconds. */
export const BACKOFF_S = 600;

/**
 * One event's life in the outbox, without a database, and what destinations make of it that lose requests and answers:
 * what recording, claims and completions do around the pure functions that decide.
 */
export class OutboxModel {
  now = 0;
  readonly rows: Row[] = [];
  /** Where the event is open: the truth, which nobody here can see. */
  readonly open = new Set<string>();
  private readonly mayBeOpen = new Set<string>();
  private event: { severity: Severity; resolved_at: number | null; started_at: number } | null = null;

  constructor(private rules: ModelRules) {}

  /** When a trigger last reached a destination for sure. */
  toldAt(destination: string): number | null {
    const told = this.at(destination).findLast(
      (row) => row.action === 'trigger' && row.status === 'delivered',
    );
    return told?.finished_at ?? null;
  }

  wait(seconds: number): void {
    this.now += seconds * 1_000;
  }

  /** As an edit of routes does, it makes everything due that is held. */
  edit(rules: ModelRules): void {
    this.rules = rules;
    for (const row of this.rows) if (isHeld(row)) this.makeDue(row);
  }

  revise({ severity, isResolved }: ModelRevision): void {
    const { started_at = this.now } = this.event ?? {};
    this.event = { severity, started_at, resolved_at: isResolved ? this.now : null };
    const wishes = isResolved ? { wanted: [], fallbacks: [] } : this.wishes();
    for (const decision of decide(this.event, wishes, this.rows, this.now)) this.apply(decision, severity);
  }

  /** Ends what waits first at a destination, as too old. */
  expire(destination: string): void {
    const row = this.next(destination);
    if (row !== undefined && !isHeld(row)) this.die(row);
  }

  /** Sends what is due at a destination, where anything is; answers whether. */
  attempt({ destination, end, isLast, meanwhile }: ModelAttempt): boolean {
    const row = this.next(destination);
    if (row === undefined || row.due_at > this.now) return false;
    const credential = this.takeTurn(row);
    if (credential === null) return true;
    row.credential = credential;
    row.severity = this.event!.severity;
    const mightHaveArrived = row.may_have_arrived;
    // As long as it is under way, it counts as possibly arrived.
    Object.assign(row, { is_attempted: true, may_have_arrived: true });
    if (meanwhile !== null) this.revise(meanwhile);
    row.may_have_arrived = mightHaveArrived || ENDS[end].mayHaveArrived;
    this.arrive(row, end);
    if (end === 'delivered') this.complete(row);
    else if (end === 'refused' || isLast) this.die(row);
    else row.due_at = this.now + BACKOFF_S * 1_000;
    return true;
  }

  /** Lets so much time pass, with every request ending as `endAt` says of its destination. */
  settle(seconds: number, endAt: (destination: string) => End = () => 'delivered'): this {
    const until = this.now + seconds * 1_000;
    for (;;) {
      for (const destination of this.destinations()) {
        const end = endAt(destination);
        while (this.attempt({ destination, end, isLast: false, meanwhile: null }));
      }
      const next = Math.min(...this.destinations().map((place) => this.next(place)?.due_at ?? Infinity));
      if (next > until) break;
      this.now = Math.max(this.now, next);
    }
    this.now = until;
    return this;
  }

  private at(destination: string): Row[] {
    return this.rows.filter((row) => row.destination === destination);
  }

  private next(destination: string): Row | undefined {
    return this.at(destination).find(({ status }) => status === 'pending');
  }

  private destinations(): string[] {
    return [...new Set(this.rows.map(({ destination }) => destination))];
  }

  private wishes(): Wishes {
    const { started_at } = this.event!;
    const of = Object.keys(this.rules.wanted);
    const wanted = of.map((destination) => {
      const { muteUntilS, minDurationS, remindEveryS } = this.rules.wanted[destination]!;
      const mute = inForce({ reason: 'mute', until: muteUntilS * 1_000 }, this.now);
      const duration = inForce({ reason: 'duration', until: started_at + minDurationS * 1_000 }, this.now);
      const hold = mute !== null && mute.until > (duration?.until ?? 0) ? mute : duration;
      return wish({ destination, hold, hold_when_worse: mute, remind_every_s: remindEveryS });
    });
    const { fallback } = this.rules;
    if (fallback === null) return { wanted, fallbacks: [] };
    const { destination, afterS: after_s } = fallback;
    return { wanted, fallbacks: [{ destination, route_id: 'route-1', of, after_s }] };
  }

  private apply(decision: Decision, severity: Severity): void {
    if (decision.do === 'skip' || decision.do === 'hasten') {
      const row = this.rows[decision.delivery_id]!;
      expect(row).toMatchObject({ action: 'trigger', status: 'pending', is_attempted: false });
      if (decision.do === 'skip') Object.assign(row, { status: 'skipped', reason: decision.reason });
      else {
        const { hold, route_id, remind_every_s } = decision;
        const held_until = hold?.until ?? this.now;
        Object.assign(row, { hold: hold?.reason ?? null, held_until, due_at: held_until });
        Object.assign(row, { severity, route_id, remind_every_s });
      }
      return;
    }
    const { action, destination, route_id } = decision;
    if (decision.do === 'keep_as_skipped') {
      this.add({ action, destination, route_id, severity, status: 'skipped', reason: decision.reason });
      return;
    }
    const { hold, remind_every_s } = decision;
    const plan = { hold: hold?.reason ?? null, held_until: hold?.until ?? null, remind_every_s };
    this.add({ action, destination, route_id, severity, status: 'pending', ...plan });
  }

  private add(fields: Partial<DeliveryHistory>): void {
    const row = pastDelivery({ ...fields, id: this.rows.length, created_at: this.now });
    // It would have to wait for what is held.
    if (row.status === 'pending') expect(this.at(row.destination).filter(isHeld)).toEqual([]);
    this.rows.push({ ...row, due_at: row.held_until ?? this.now, severity_then: row.severity });
  }

  /** What a claim does about a row: answers through what it is sent, or null where it is not. */
  private takeTurn(row: Row): string | null {
    const turn = takeTurn(row, this.rows, 'key');
    if (turn.do === 'skip') {
      Object.assign(row, { status: 'skipped', reason: turn.reason });
      return null;
    }
    if (!isHeld(row)) return turn.credential;
    const wishes = this.wishes();
    const event = this.event!;
    const is_worse = rankOf(event.severity) > rankOf(row.severity_then);
    const held = heldTurn(row, { ...event, is_worse }, wishes, this.rows, this.now);
    if (held.do === 'skip') {
      Object.assign(row, { status: 'skipped', reason: held.reason });
      if (!isDropped(row, held.reason)) return null;
      for (const decision of triggersElsewhere(row, event, wishes, this.rows, this.now))
        this.apply(decision, event.severity);
      return null;
    }
    if (held.do === 'hold') {
      const { reason, until } = held.hold;
      expect(until).toBeGreaterThan(this.now);
      Object.assign(row, { hold: reason, held_until: until, due_at: until });
      return null;
    }
    const wanted = wishes.wanted.find(({ destination }) => destination === row.destination);
    expect(wanted?.hold_when_worse ?? null).toBeNull();
    Object.assign(row, { route_id: held.route_id, remind_every_s: held.remind_every_s });
    return turn.credential;
  }

  private arrive({ action, destination }: Row, end: End): void {
    const { hasArrived, mayHaveArrived } = ENDS[end];
    if (action === 'resolve') {
      // Never before its trigger.
      expect([...this.mayBeOpen]).toContain(destination);
      if (hasArrived) this.open.delete(destination);
      return;
    }
    if (mayHaveArrived) this.mayBeOpen.add(destination);
    if (hasArrived) this.open.add(destination);
  }

  private complete(row: Row): void {
    Object.assign(row, { status: 'delivered', finished_at: this.now });
    if (row.action !== 'trigger') return;
    const event = { ...this.event!, revision: 1, request_id: null };
    const reminder = nextReminder(row, event, this.rows, this.now);
    if (reminder !== null) this.add(reminder);
  }

  private die(row: Row): void {
    Object.assign(row, { status: 'dead', finished_at: this.now });
    if (row.action !== 'trigger' || row.hold === 'reminder') return;
    for (const one of this.rows) if (isHeld(one) && one.hold === 'fallback') this.makeDue(one);
  }

  private makeDue(row: Row): void {
    Object.assign(row, { due_at: this.now, held_until: this.now });
  }
}
