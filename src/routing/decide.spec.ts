import fc from 'fast-check';
import { HERE, pastDelivery, ROUTED } from '../../test/delivery/past-deliveries';
import { rankOf, SEVERITIES, type NormalizedEvent, type Severity } from '../normalization/normalized-event';
import { builtInRules } from '../../test/routing/built-in-rules';
import { decide } from './decide';
import type { Decision } from './decision';
import { isOpenOrPossiblyOpen, type EarlierDelivery } from './earlier-delivery';
import type { Rules } from './wishes';

const RULES = builtInRules('warning', [HERE]);
const NOW = Date.UTC(2031, 4, 5);
const RESOLVED_AT = Date.UTC(2031, 4, 6);

type Row = Omit<EarlierDelivery, 'id' | 'destination'>;

function row(
  action: EarlierDelivery['action'],
  status: EarlierDelivery['status'],
  fields: Partial<Row> = {},
): Row {
  return pastDelivery({ action, status, ...fields });
}

const ARRIVED = { may_have_arrived: true };

const UNSENT = row('trigger', 'pending');
const BACKING_OFF = row('trigger', 'pending', { is_attempted: true });
const TRIGGERED = row('trigger', 'delivered');
const DEAD = row('trigger', 'dead');
const DEAD_ARRIVED = row('trigger', 'dead', ARRIVED);
const NEVER_SENT = row('trigger', 'skipped');
const RESOLVED = row('resolve', 'delivered');
const RESOLVING = row('resolve', 'pending');
const RESOLVE_DEAD = row('resolve', 'dead');
const RESOLVE_DEAD_ARRIVED = row('resolve', 'dead', ARRIVED);
const RESOLVE_SKIPPED = row('resolve', 'skipped');

/** Rows in order, with ids from 1 on. */
function history(rows: readonly Row[], destination = HERE): EarlierDelivery[] {
  return rows.map((fields, index) => ({ ...fields, id: index + 1, destination }));
}

/** What is decided about a state where these rules are in force. */
function decideBy(
  rules: Rules,
  event: Pick<NormalizedEvent, 'severity' | 'resolved_at'>,
  earlier: readonly EarlierDelivery[],
): readonly Decision[] {
  return decide(event, rules.wishesFor({ ...ROUTED, ...event }, NOW), earlier, NOW);
}

/** Decisions in short: `trigger`, `resolve`, `skip 1`, `resolve skipped (reason)`. */
function inShort(decisions: readonly Decision[]): string {
  const words = decisions.map((decision) => {
    if (decision.do === 'send') return decision.action;
    if (decision.do === 'skip') return `skip ${decision.delivery_id} (${decision.reason})`;
    if (decision.do === 'hasten') return `hasten ${decision.delivery_id}`;
    return `${decision.action} skipped (${decision.reason})`;
  });
  return words.join(', ') || 'nothing';
}

function open(severity: Severity): { severity: Severity; resolved_at: null } {
  return { severity, resolved_at: null };
}

function resolved(severity: Severity = 'warning'): { severity: Severity; resolved_at: number } {
  return { severity, resolved_at: RESOLVED_AT };
}

const NOTHING = 'nothing';
const NOT_SENT = 'resolve skipped (resolved_before_sent)';
const NO_TRIGGER = 'resolve skipped (trigger_dead)';

describe('decide', () => {
  // The state there: what an event that is as severe as before (and wanted), worse, no longer wanted, or
  // resolved makes of it.
  it.each<[there: string, rows: Row[], same: string, worse: string, unwanted: string, resolved: string]>([
    ['nothing', [], 'trigger', 'trigger', NOTHING, NOTHING],
    [
      'an unsent trigger',
      [UNSENT],
      NOTHING,
      'trigger',
      NOTHING,
      `skip 1 (resolved_before_sent), ${NOT_SENT}`,
    ],
    ['a trigger that is being tried', [BACKING_OFF], NOTHING, 'trigger', NOTHING, 'resolve'],
    ['a delivered trigger', [TRIGGERED], NOTHING, 'trigger', NOTHING, 'resolve'],
    ['a dead trigger', [DEAD], 'trigger', 'trigger', NOTHING, NO_TRIGGER],
    ['a dead trigger that may have arrived', [DEAD_ARRIVED], 'trigger', 'trigger', NOTHING, 'resolve'],
    ['a skipped trigger', [NEVER_SENT, RESOLVE_SKIPPED], 'trigger', 'trigger', NOTHING, NOTHING],
    ['an answered dead trigger', [DEAD, RESOLVE_SKIPPED], 'trigger', 'trigger', NOTHING, NOTHING],
    ['a resolve', [TRIGGERED, RESOLVED], 'trigger', 'trigger', NOTHING, NOTHING],
    ['a resolve under way', [TRIGGERED, RESOLVING], 'trigger', 'trigger', NOTHING, NOTHING],
    ['a resolve after a lost answer', [DEAD_ARRIVED, RESOLVED], 'trigger', 'trigger', NOTHING, NOTHING],
    ['a refused resolve', [TRIGGERED, RESOLVE_DEAD], NOTHING, 'trigger', NOTHING, 'resolve'],
    [
      'a dead resolve that may have arrived',
      [TRIGGERED, RESOLVE_DEAD_ARRIVED],
      'trigger',
      'trigger',
      NOTHING,
      'resolve',
    ],
    [
      'an open one whose second trigger is dead',
      [TRIGGERED, row('trigger', 'dead', { severity: 'critical' })],
      NOTHING,
      'trigger',
      NOTHING,
      'resolve',
    ],
    [
      'an open one whose second trigger is unsent',
      [TRIGGERED, UNSENT],
      NOTHING,
      'trigger',
      NOTHING,
      'skip 2 (resolved_before_sent), resolve',
    ],
    [
      'a dead trigger and an unsent one',
      [DEAD, UNSENT],
      NOTHING,
      'trigger',
      NOTHING,
      `skip 2 (resolved_before_sent), ${NOT_SENT}`,
    ],
    [
      'a dead trigger that may have arrived and an unsent one',
      [DEAD_ARRIVED, UNSENT],
      NOTHING,
      'trigger',
      NOTHING,
      'skip 2 (resolved_before_sent), resolve',
    ],
    [
      'two unsent triggers',
      [UNSENT, UNSENT],
      NOTHING,
      'trigger',
      NOTHING,
      `skip 1 (resolved_before_sent), skip 2 (resolved_before_sent), ${NOT_SENT}`,
    ],
    [
      'a reopened one whose trigger is unsent behind the resolve',
      [TRIGGERED, RESOLVING, UNSENT],
      NOTHING,
      'trigger',
      NOTHING,
      `skip 3 (resolved_before_sent), ${NOT_SENT}`,
    ],
    ['a reopened one', [TRIGGERED, RESOLVED, TRIGGERED], NOTHING, 'trigger', NOTHING, 'resolve'],
    [
      'a reopened one whose trigger is dead',
      [TRIGGERED, RESOLVED, DEAD],
      'trigger',
      'trigger',
      NOTHING,
      NO_TRIGGER,
    ],
  ])('decides what follows where there is %s', (_there, rows, same, worse, unwanted, atResolution) => {
    const earlier = history(rows);
    expect({
      same: inShort(decideBy(RULES, open('warning'), earlier)),
      worse: inShort(decideBy(RULES, open('critical'), earlier)),
      unwanted: inShort(decideBy(RULES, open('info'), earlier)),
      resolved: inShort(decideBy(RULES, resolved(), earlier)),
    }).toEqual({ same, worse, unwanted, resolved: atResolution });
  });

  it.each(SEVERITIES)('routes nothing for an event that arrives resolved, of severity %s', (severity) => {
    expect(decideBy(builtInRules('info', [HERE]), resolved(severity), [])).toEqual([]);
  });

  it.each<[from: Severity, severity: Severity, decision: string]>([
    ['critical', 'critical', 'trigger'],
    ['critical', 'warning', NOTHING],
    ['critical', 'info', NOTHING],
    ['warning', 'critical', 'trigger'],
    ['warning', 'warning', 'trigger'],
    ['warning', 'info', NOTHING],
    ['info', 'info', 'trigger'],
  ])('with rules from %s on, makes of a new %s event: %s', (from_severity, severity, decision) => {
    expect(inShort(decideBy(builtInRules(from_severity, [HERE]), open(severity), []))).toBe(decision);
  });

  it('compares with what the newest trigger said, not with an earlier one', () => {
    const earlier = history([TRIGGERED, row('trigger', 'delivered', { severity: 'critical' })]);
    expect(inShort(decideBy(RULES, open('critical'), earlier))).toBe(NOTHING);
  });

  it('says that an open event got worse, although the rules would not page for it any more', () => {
    const earlier = history([row('trigger', 'delivered', { severity: 'info' })]);
    const rules = builtInRules('critical', [HERE]);
    expect(inShort(decideBy(rules, open('warning'), earlier))).toBe('trigger');
  });

  it('closes what is open at a destination that the rules no longer know', () => {
    const rules = builtInRules('warning', []);
    expect(inShort(decideBy(rules, resolved(), history([TRIGGERED])))).toBe('resolve');
  });

  it('decides for each destination by what went there', () => {
    const rules = builtInRules('warning', ['new', HERE]);
    const earlier = [...history([TRIGGERED, RESOLVED]), ...history([TRIGGERED], 'old')];
    expect(decideBy(rules, open('warning'), earlier)).toMatchObject([
      { do: 'send', destination: 'new', action: 'trigger', hold: null, route_id: 'default' },
      { do: 'send', destination: HERE, action: 'trigger', hold: null, route_id: 'default' },
    ]);
    expect(decideBy(rules, resolved(), earlier)).toMatchObject([
      { do: 'send', destination: 'old', action: 'resolve', hold: null, route_id: null },
    ]);
  });
});

const anySeverity = fc.constantFrom(...SEVERITIES);

const anyRules: fc.Arbitrary<Rules> = fc
  .tuple(anySeverity, fc.constantFrom([], [HERE], [HERE, 'other']))
  .map(([from, destinations]) => builtInRules(from, destinations));

/** Any rows at all, also such as would never come about. */
const anyHistory: fc.Arbitrary<EarlierDelivery[]> = fc
  .array(
    fc.record({
      action: fc.constantFrom('trigger', 'resolve'),
      status: fc.constantFrom('pending', 'delivered', 'dead', 'skipped'),
      severity: anySeverity,
      is_attempted: fc.boolean(),
      may_have_arrived: fc.boolean(),
    }),
    { maxLength: 8 },
  )
  .map((rows) => history(rows.map((fields) => row(fields.action, fields.status, fields))));

function sent(decisions: readonly Decision[], action: EarlierDelivery['action']): Decision[] {
  return decisions.filter((decision) => decision.do === 'send' && decision.action === action);
}

describe('whatever was sent before', () => {
  it('resolves whatever is open or possibly open, and whatever the rules have become', () => {
    fc.assert(
      fc.property(anyHistory, anySeverity, anyRules, (earlier, severity, rules) => {
        const tried = earlier.filter(({ action, status, is_attempted }) => {
          return action !== 'trigger' || status !== 'pending' || is_attempted;
        });
        const resolves = sent(decideBy(rules, resolved(severity), earlier), 'resolve');
        expect(resolves).toHaveLength(isOpenOrPossiblyOpen(tried) ? 1 : 0);
      }),
    );
  });

  it('skips exactly the triggers that were never attempted when the event resolves, and triggers nothing', () => {
    fc.assert(
      fc.property(anyHistory, anySeverity, anyRules, (earlier, severity, rules) => {
        const decisions = decideBy(rules, resolved(severity), earlier);
        const skips = decisions.flatMap((decision) =>
          decision.do === 'skip' ? [earlier[decision.delivery_id - 1]] : [],
        );
        const unsent = earlier.filter(
          (delivery) =>
            delivery.action === 'trigger' && delivery.status === 'pending' && !delivery.is_attempted,
        );
        expect(skips).toEqual(unsent);
        expect(sent(decisions, 'trigger')).toEqual([]);
      }),
    );
  });

  it('never triggers twice in a row, unless it is worse than before', () => {
    fc.assert(
      fc.property(anyHistory, anySeverity, anyRules, (earlier, severity, rules) => {
        const newest = earlier.findLast(({ status }) => status !== 'skipped');
        fc.pre(newest?.action === 'trigger' && newest.status !== 'dead');
        const triggers = sent(decideBy(rules, open(severity), earlier), 'trigger').filter(
          (decision) => decision.do === 'send' && decision.destination === HERE,
        );
        const isWorse = newest !== undefined && rankOf(severity) > rankOf(newest.severity);
        expect(triggers).toHaveLength(isWorse ? 1 : 0);
      }),
    );
  });

  it('never resolves, nor skips anything, while the event is unresolved', () => {
    fc.assert(
      fc.property(anyHistory, anySeverity, anyRules, (earlier, severity, rules) => {
        for (const decision of decideBy(rules, open(severity), earlier)) {
          expect(decision).toMatchObject({ do: 'send', action: 'trigger' });
        }
      }),
    );
  });
});
