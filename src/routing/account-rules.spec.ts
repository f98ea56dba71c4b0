import fc from 'fast-check';
import { SEVERITIES } from '../normalization/normalized-event';
import { madeRoute } from '../../test/routing/made-route';
import { AccountRules } from './account-rules';
import { CompiledRoutes } from './compiled-routes';
import type { Route, RouteMatch } from './route';
import type { RoutedEvent, Wishes } from './wishes';

const NOW = Date.UTC(2026, 0, 16, 10);
const MINUTE_MS = 60_000;

const EVENT: RoutedEvent = {
  account_id: 'acme',
  event_id: 'evt_1',
  source: 'stripe',
  service: 'payments',
  kind: 'incident',
  severity: 'critical',
  type: 'payout.failed',
  started_at: NOW,
};

let made = 0;

const route = (to: readonly string[], changes: Partial<Route> = {}): Route =>
  madeRoute(`r-${++made}`, to, changes);

/** What routes want of the event, in an account whose destinations a, b and c are switched on. */
function wishesOf(routes: readonly Route[], changes: Partial<RoutedEvent> = {}): Wishes {
  return new AccountRules(new CompiledRoutes(routes), 'critical', ['a', 'b', 'c']).wishesFor(
    { ...EVENT, ...changes },
    NOW,
  );
}

function destinations(routes: readonly Route[], changes: Partial<RoutedEvent> = {}): readonly string[] {
  return wishesOf(routes, changes).wanted.map(({ destination }) => destination);
}

const EVERYWHERE = ['pagerduty', 'a', 'b', 'c'];

describe('the rules of an account', () => {
  it.each<[what: string, routes: Route[], severity: RoutedEvent['severity'], to: readonly string[]]>([
    ['are the built-in one where there is no other', [], 'critical', EVERYWHERE],
    ['of which the built-in one wants nothing that is less severe', [], 'warning', []],
    ['follow the first that matches', [route(['a']), route(['b'])], 'critical', ['a']],
    [
      'pass over what does not match',
      [route(['a'], { match: { kind: ['payment'] } }), route(['b'])],
      'critical',
      ['b'],
    ],
    ['pass over what is switched off', [route(['a'], { enabled: false }), route(['b'])], 'critical', ['b']],
    [
      'go on where a route says so',
      [route(['a'], { continue: true }), route(['b']), route(['c'])],
      'critical',
      ['a', 'b'],
    ],
    [
      'end in the built-in one where none ended them',
      [route(['a'], { continue: true })],
      'critical',
      ['a', 'pagerduty', 'b', 'c'],
    ],
    ['also for less severe events', [route(['a'], { continue: true })], 'info', ['a']],
    ['may want silence', [route([])], 'critical', []],
    ['want nothing at what is switched off', [route(['gone', 'a'])], 'critical', ['a']],
  ])('%s', (_what, routes, severity, to) => {
    expect(destinations(routes, { severity })).toEqual(to);
  });

  it.each<[match: RouteMatch, isMet: boolean]>([
    [{ source: ['str*'], service: ['payments'], type: ['*.failed'] }, true],
    [{ kind: ['incident', 'status'], severity: ['critical'] }, true],
    [{ source: ['stripe'], severity: ['info'] }, false],
    [{ time: { days: ['fri'], from: '09:00', to: '11:30', timezone: 'Europe/Berlin' } }, true],
    [{ time: { days: ['fri'], from: '09:00', to: '11:00', timezone: 'Europe/Berlin' } }, false],
  ])('compare every condition: %j', (match, isMet) => {
    expect(destinations([route(['a'], { match }), route([])])).toEqual(isMet ? ['a'] : []);
  });

  it('tell which route wants it', () => {
    const [first, second] = [route(['a'], { continue: true, id: 'x' }), route(['a', 'b'], { id: 'y' })];
    expect(wishesOf([first, second]).wanted.map(({ route_id }) => route_id)).toEqual(['x', 'y']);
    expect(wishesOf([]).wanted[0]).toMatchObject({ destination: 'pagerduty', route_id: 'default' });
  });

  const mute = { reason: 'mute', until: NOW + MINUTE_MS };

  it.each<[what: string, changes: Partial<Route>, startedAt: number, hold: unknown, worse: unknown]>([
    ['nothing', {}, NOW, null, null],
    ['a mute', { mute_until: NOW + MINUTE_MS }, NOW, mute, mute],
    ['no mute that is over', { mute_until: NOW }, NOW, null, null],
    [
      'what of the duration is left',
      { min_duration_s: 120 },
      NOW - MINUTE_MS,
      { reason: 'duration', until: NOW + MINUTE_MS },
      null,
    ],
    ['no duration that is over', { min_duration_s: 60 }, NOW - MINUTE_MS, null, null],
    [
      'a start in the future for no longer',
      { min_duration_s: 60 },
      NOW + MINUTE_MS,
      { reason: 'duration', until: NOW + MINUTE_MS },
      null,
    ],
    ['the longer of the two', { min_duration_s: 30, mute_until: NOW + MINUTE_MS }, NOW, mute, mute],
  ])('hold for %s', (_what, changes, started_at, hold, worse) => {
    expect(wishesOf([route(['a'], changes)], { started_at }).wanted).toMatchObject([
      { hold, hold_when_worse: worse },
    ]);
  });

  it('want it once where it is wanted twice: by the earliest hold and the shortest reminder', () => {
    const muted = route(['a'], { continue: true, mute_until: NOW + MINUTE_MS, remind_every_s: 600 });
    const held = route(['a'], { continue: true, min_duration_s: 30, remind_every_s: 900, id: 'held' });
    const never = route(['a'], { continue: true, mute_until: NOW + 2 * MINUTE_MS });
    expect(wishesOf([muted, held, never, route([])]).wanted).toEqual([
      {
        destination: 'a',
        route_id: 'held',
        hold: { reason: 'duration', until: NOW + 30_000 },
        hold_when_worse: null,
        remind_every_s: 600,
        shadow: false,
      },
    ]);
  });

  it('go on behind a route in shadow, whose wishes count only where no other wants anything', () => {
    const trial = { shadow: true, remind_every_s: 60, mute_until: NOW + MINUTE_MS, fallback: 'c' };
    const shadow = route(['a', 'b'], { ...trial, id: 'shadow' });
    const real = route(['b'], { id: 'real' });
    const expected = [
      { destination: 'a', route_id: 'shadow', shadow: true },
      { destination: 'b', route_id: 'real', shadow: false, hold: null, remind_every_s: null },
    ];
    const { wanted, fallbacks } = wishesOf([shadow, real]);
    expect(wanted).toMatchObject(expected);
    expect(fallbacks).toEqual([]);
    const reversed = wishesOf([{ ...real, continue: true }, shadow, route([])]);
    expect(reversed.wanted).toMatchObject(expected.toReversed());
    expect(destinations([route(['a'], { shadow: true })])).toEqual(['a', 'pagerduty', 'b', 'c']);
  });

  it('leave an event to the routes behind one that is for some percent of events, and is not for it', () => {
    const isFor = (event_id: string, percent: number): boolean =>
      destinations([route(['a'], { percent }), route(['b'])], { event_id }).includes('a');
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(100), fc.nat(100), (id, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        expect(isFor(id, more) || !isFor(id, less)).toBe(true);
        expect([isFor(id, 0), isFor(id, 100)]).toEqual([false, true]);
      }),
    );
  });

  it('name who stands in for whom, where both are switched on', () => {
    const from = (changes: Partial<Route>): Route =>
      route(['a', 'gone'], { continue: true, fallback: 'b', ...changes });
    expect(wishesOf([from({ id: 'x' }), route([])]).fallbacks).toEqual([
      { destination: 'b', route_id: 'x', of: ['a'], after_s: 300 },
    ]);
    expect(wishesOf([from({ fallback: 'gone' }), route([])]).fallbacks).toEqual([]);
    expect(wishesOf([from({ to: ['gone'] }), route([])]).fallbacks).toEqual([]);
    expect(
      wishesOf([from({}), from({ to: ['c'], fallback_after_s: 60, id: 'y' }), route([])]).fallbacks,
    ).toEqual([{ destination: 'b', route_id: 'y', of: ['a', 'c'], after_s: 60 }]);
  });

  it('want the same of an event, however many others were asked about before', () => {
    const matches = fc.record(
      {
        source: fc.constantFrom(['stripe'], ['app*', 'x']),
        kind: fc.constantFrom(['incident'] as const, ['status', 'payment'] as const),
        severity: fc.constantFrom(['critical'] as const, ['info', 'warning'] as const),
        time: fc.constant({ from: '00:00', to: '10:00', timezone: 'UTC' }),
      },
      { requiredKeys: [] },
    );
    const routes = fc.array(
      fc.record({
        match: matches,
        isLast: fc.boolean(),
        enabled: fc.boolean(),
        shadow: fc.boolean(),
        percent: fc.constantFrom(0, 50, 100),
        to: fc.subarray(['a', 'b']),
      }),
      { maxLength: 6 },
    );
    const events = fc.array(
      fc.record({
        source: fc.constantFrom('stripe', 'app', 'x'),
        kind: fc.constantFrom('incident' as const, 'status' as const),
        severity: fc.constantFrom(...SEVERITIES),
        event_id: fc.constantFrom('evt_1', 'evt_2'),
      }),
      { minLength: 1, maxLength: 10 },
    );
    fc.assert(
      fc.property(routes, events, (drafts, sorts) => {
        const all = drafts.map(({ to, isLast, ...fields }) => route(to, { ...fields, continue: !isLast }));
        const asked = new AccountRules(new CompiledRoutes(all), 'critical', ['a', 'b']);
        for (const [index, sort] of sorts.entries()) {
          const at = NOW + (index % 2) * 3_600_000;
          const fresh = new AccountRules(new CompiledRoutes(all), 'critical', ['a', 'b']);
          const event = { ...EVENT, ...sort };
          expect(asked.wishesFor(event, at).wanted).toEqual(fresh.wishesFor(event, at).wanted);
          expect(asked.deciding(event, at)).toEqual(decidingNaively(all, event, at));
        }
      }),
    );
  });
});

/** Asks each route by itself, and walks through those that it would match. */
function decidingNaively(routes: readonly Route[], event: RoutedEvent, at: number): unknown[] {
  const found: unknown[] = [];
  for (const one of routes) {
    if (new CompiledRoutes([one]).matching(event, at).length === 0) continue;
    found.push(one);
    if (!one.continue && !one.shadow) return found;
  }
  return event.severity === 'critical' ? [...found, expect.objectContaining({ id: 'default' })] : found;
}
