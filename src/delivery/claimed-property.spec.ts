import fc from 'fast-check';
import { HERE, pastDelivery, ROUTED } from '../../test/delivery/past-deliveries';
import { ENDS, type End } from '../../test/delivery/request-ends';
import { rankOf, SEVERITIES, type Severity } from '../normalization/normalized-event';
import type { DeliveryHistory } from '../outbox/outbox.repository';
import { builtInRules } from '../../test/routing/built-in-rules';
import { decide } from '../routing/decide';
import type { Decision } from '../routing/decision';
import { takeTurn } from './claimed';

const NOW = Date.UTC(2031, 4, 6);

const KEYS = ['first-key', 'second-key', 'third-key'] as const;

interface Revision {
  readonly do: 'revise';
  readonly severity: Severity;
  readonly isResolved: boolean;
}

type Step =
  | Revision
  | { readonly do: 'set_rules'; readonly from: Severity }
  /** Null: the destination is switched off. */
  | { readonly do: 'set_key'; readonly key: string | null }
  | {
      readonly do: 'attempt';
      readonly end: End;
      /** Whether it is the last attempt. */
      readonly isLast: boolean;
      /** What happens to the event while the request is under way. */
      readonly meanwhile: Revision | null;
    }
  | { readonly do: 'expire' };

const revision: fc.Arbitrary<Revision> = fc.record({
  do: fc.constant('revise' as const),
  severity: fc.constantFrom(...SEVERITIES),
  isResolved: fc.boolean(),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: revision },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('attempt' as const),
      end: fc.constantFrom(...(Object.keys(ENDS) as End[])),
      isLast: fc.boolean(),
      meanwhile: fc.option(revision),
    }),
  },
  fc.record({ do: fc.constant('set_rules' as const), from: fc.constantFrom(...SEVERITIES) }),
  fc.record({ do: fc.constant('set_key' as const), key: fc.constantFrom(...KEYS, null) }),
  fc.record({ do: fc.constant('expire' as const) }),
);

type Row = { -readonly [K in keyof DeliveryHistory]: DeliveryHistory[K] };

/** One event's life here, and what a destination that loses requests and answers makes of it. */
class World {
  readonly rows: Row[] = [];
  /** The keys through which the event is open at the destination: the truth, which nobody here can see. */
  readonly openThrough = new Set<string>();
  private readonly mayBeOpenThrough = new Set<string>();
  private event: { severity: Severity; resolved_at: number | null } | null = null;
  private from: Severity = 'critical';
  private key: string | null = KEYS[0];

  run(steps: readonly Step[]): this {
    for (const next of steps) this.take(next);
    return this;
  }

  /** Sends everything that waits; from now on the destination is well. */
  drain(): this {
    while (this.pending !== undefined) {
      this.take({ do: 'attempt', end: 'delivered', isLast: false, meanwhile: null });
    }
    return this;
  }

  private get pending(): Row | undefined {
    return this.rows.find(({ status }) => status === 'pending');
  }

  private take(next: Step): void {
    if (next.do === 'revise') this.revise(next);
    if (next.do === 'set_rules') this.from = next.from;
    if (next.do === 'set_key') this.key = next.key;
    if (next.do === 'attempt') this.attempt(next);
    if (next.do === 'expire' && this.pending !== undefined) this.pending.status = 'dead';
  }

  private revise({ severity, isResolved }: Revision): void {
    this.event = { severity, resolved_at: isResolved ? 1 : null };
    const routed = { ...ROUTED, severity };
    const wishes = builtInRules(this.from, [HERE]).wishesFor(routed, NOW);
    for (const decision of decide(this.event, wishes, this.rows, NOW)) this.apply(decision, severity);
  }

  private apply(decision: Decision, severity: Severity): void {
    if (decision.do === 'hasten') throw new Error('nothing is held here');
    if (decision.do === 'skip') {
      const row = this.rows[decision.delivery_id];
      expect(row).toMatchObject({ action: 'trigger', status: 'pending', is_attempted: false });
      row!.status = 'skipped';
      return;
    }
    if (decision.do === 'send' && decision.action === 'trigger') this.expectNoneOrLess(severity);
    const { action, destination } = decision;
    const status = decision.do === 'send' ? 'pending' : 'skipped';
    this.rows.push(pastDelivery({ id: this.rows.length, action, destination, status, severity }));
  }

  /** Never two triggers in a row without a raise or a dead one between them. */
  private expectNoneOrLess(severity: Severity): void {
    const newest = this.rows.findLast(({ status }) => status !== 'skipped');
    if (newest?.action !== 'trigger' || newest.status === 'dead') return;
    expect(rankOf(severity)).toBeGreaterThan(rankOf(newest.severity));
  }

  private attempt({ end, isLast, meanwhile }: Step & { do: 'attempt' }): void {
    const row = this.pending;
    if (row === undefined) return;
    const turn = takeTurn(row, this.rows, this.key);
    if (turn.do === 'skip') {
      row.status = 'skipped';
      return;
    }
    row.credential = turn.credential;
    row.severity = this.event!.severity;
    const mightHaveArrived = row.may_have_arrived;
    // As long as it is under way, it counts as possibly arrived.
    Object.assign(row, { is_attempted: true, may_have_arrived: true });
    if (meanwhile !== null) this.revise(meanwhile);
    row.may_have_arrived = mightHaveArrived || ENDS[end].mayHaveArrived;
    if (end === 'delivered') row.status = 'delivered';
    else if (end === 'refused' || isLast) row.status = 'dead';
    this.arrive(row, turn.credential, end);
  }

  private arrive({ action }: Row, key: string, end: End): void {
    if (action === 'resolve') {
      // Never a resolve before a trigger, nor through another key than its trigger's.
      expect([...this.mayBeOpenThrough]).toContain(key);
      if (ENDS[end].hasArrived) this.openThrough.delete(key);
      return;
    }
    if (ENDS[end].mayHaveArrived) this.mayBeOpenThrough.add(key);
    if (ENDS[end].hasArrived) this.openThrough.add(key);
  }
}

const SWITCHED_ON: Step = { do: 'set_key', key: KEYS[0] };

const steps = fc.array(step, { maxLength: 25 });

describe('whatever happens to an event, the rules, the key and the requests', () => {
  it('is closed at the destination once it is resolved and the destination is well', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(...SEVERITIES), (life, severity) => {
        const world = new World().run([...life, { do: 'revise', severity, isResolved: true }]).drain();
        expect([...world.openThrough]).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is open at the destination once it is critical again and the destination is well', () => {
    fc.assert(
      fc.property(steps, (life) => {
        const world = new World()
          .run([...life, SWITCHED_ON, { do: 'revise', severity: 'critical', isResolved: false }])
          .drain();
        expect(world.openThrough.size).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends every delivery as delivered, dead or skipped', () => {
    fc.assert(
      fc.property(steps, (life) => {
        const { rows } = new World().run(life).drain();
        expect(rows.filter(({ status }) => status === 'pending')).toEqual([]);
      }),
    );
  });
});
