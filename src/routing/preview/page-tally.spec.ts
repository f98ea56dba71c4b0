import fc from 'fast-check';
import { rankOf, SEVERITIES } from '../../normalization/normalized-event';
import { madeRoute as route } from '../../../test/routing/made-route';
import { AccountRules } from '../account-rules';
import { CompiledRoutes } from '../compiled-routes';
import type { Route } from '../route';
import type { Rules } from '../wishes';
import { PageTally } from './page-tally';
import { simulatedPages, type SimulatedPage } from './simulated-pages';
import type { KnownState, StoredLife } from './stored-life';

const SECOND_MS = 1_000;
const END_S = 40;
const END = END_S * SECOND_MS;

function rulesOf(...routes: Route[]): Rules {
  return new AccountRules(new CompiledRoutes(routes), 'critical', ['a', 'b']);
}

/** Instants in seconds. */
function life(
  startedAt: number,
  ...states: readonly (readonly [number, KnownState['severity'], number?])[]
): StoredLife {
  return {
    event: {
      account_id: 'acme',
      event_id: 'evt_1',
      source: 'app',
      service: 'shop',
      kind: 'incident',
      type: 'outage',
      started_at: startedAt * SECOND_MS,
    },
    states: states.map(([at, severity, resolved]) => ({
      at: at * SECOND_MS,
      severity,
      resolved_at: resolved === undefined ? null : resolved * SECOND_MS,
    })),
  };
}

function inSeconds(pages: readonly SimulatedPage[]): string[] {
  return pages.map(({ destination, at }) => `${destination} ${at / SECOND_MS}`);
}

const AT_A = route('all', ['a']);
const AFTER_10_S = route('all', ['a'], { min_duration_s: 10 });
const CRITICAL = route('critical', ['a'], { match: { severity: ['critical'] } });
const SILENCE = route('rest', []);

describe('the pages of an event', () => {
  it.each<[what: string, rules: Rules, of: StoredLife, pages: string[]]>([
    ['one when it comes', rulesOf(AT_A), life(1, [2, 'info']), ['a 2']],
    ['none where it was over before', rulesOf(AT_A), life(1, [2, 'critical', 2]), []],
    [
      'those of what stands behind a route in shadow',
      rulesOf(route('shadow', ['a'], { shadow: true }), route('all', ['b'])),
      life(1, [2, 'info']),
      ['b 2'],
    ],
    [
      'none where the route is for no percent of events',
      rulesOf(route('all', ['a'], { percent: 0 })),
      life(1, [2, 'info']),
      [],
    ],
    ['none where nobody wants it', rulesOf(SILENCE), life(1, [2, 'critical']), []],
    [
      'one more when it gets worse',
      rulesOf(AT_A),
      life(1, [2, 'info'], [3, 'critical'], [4, 'warning']),
      ['a 2', 'a 3'],
    ],
    [
      'one when it gets bad enough',
      rulesOf(CRITICAL, SILENCE),
      life(1, [2, 'info'], [3, 'critical']),
      ['a 3'],
    ],
    [
      'one more when it comes back',
      rulesOf(AT_A),
      life(1, [2, 'info'], [3, 'info', 3], [4, 'info']),
      ['a 2', 'a 4'],
    ],
    ['one when it has lasted', rulesOf(AFTER_10_S), life(1, [2, 'info']), ['a 11']],
    ['none where it did not last', rulesOf(AFTER_10_S), life(1, [2, 'info'], [10, 'info', 9]), []],
    ['one at once when it had lasted before', rulesOf(AFTER_10_S), life(1, [15, 'info']), ['a 15']],
    [
      'one when it gets worse before it has lasted',
      rulesOf(AFTER_10_S),
      life(1, [2, 'info'], [5, 'warning']),
      ['a 5'],
    ],
    ['none that is not due by the end', rulesOf(AFTER_10_S), life(38, [38, 'info']), []],
  ])('are %s', (_what, rules, of, pages) => {
    expect(inSeconds(simulatedPages(of, rules, END))).toEqual(pages);
  });

  it('are of those on duty when it has lasted', () => {
    const time = { from: '00:00', to: '00:01', timezone: 'UTC' };
    const rules = rulesOf(
      route('day', ['a'], { match: { time }, min_duration_s: 10 }),
      route('night', ['b']),
    );
    expect(inSeconds(simulatedPages(life(55, [55, 'critical']), rules, 120_000))).toEqual(['b 65']);
  });

  it('are those of a simulation that looks at every second', () => {
    const severities = fc.constantFrom(...SEVERITIES);
    const states = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 0, max: END_S - 1 }), severities, fc.boolean()), {
        minLength: 1,
        maxLength: 6,
        selector: ([at]) => at,
      })
      .map((all) => [...all].sort(([a], [b]) => a - b))
      .map((all) => all.map(([at, severity, isOver]) => [at, severity, isOver ? at : undefined] as const));
    const routes = fc.array(
      fc.record({
        severity: fc.uniqueArray(severities, { minLength: 1 }),
        to: fc.subarray(['a', 'b']),
        seconds: fc.option(fc.integer({ min: 0, max: 20 })),
        isLast: fc.boolean(),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), states, routes, (startedAt, all, drafts) => {
        const rules = rulesOf(
          ...drafts.map(({ severity, to, seconds, isLast }, n) =>
            route(`r-${n}`, to, { match: { severity }, min_duration_s: seconds, continue: !isLast }),
          ),
        );
        const one = life(startedAt, ...all);
        const sorted = (pages: readonly SimulatedPage[]): string[] => inSeconds(pages).sort();
        expect(sorted(simulatedPages(one, rules, END))).toEqual(sorted(pagesBySecond(one, rules)));
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Looks at every second what is new, and what is due. */
function pagesBySecond({ event, states }: StoredLife, rules: Rules): SimulatedPage[] {
  const pages: SimulatedPage[] = [];
  const told: Record<string, number> = {};
  const due: Record<string, { at: number; rank: number; since: number }> = {};
  let state: KnownState | undefined;
  const forget = (record: object): void =>
    Object.keys(record).forEach((key) => Reflect.deleteProperty(record, key));
  for (let now = 0; now < END; now += SECOND_MS) {
    const news = states.find(({ at }) => at === now);
    state = news ?? state;
    if (state === undefined) continue;
    if (state.resolved_at !== null) {
      forget(told);
      forget(due);
      continue;
    }
    const rank = rankOf(state.severity);
    for (const destination of ['pagerduty', 'a', 'b']) {
      const waiting = due[destination];
      const isDue = waiting !== undefined && waiting.at === now;
      const started_at = Math.min(event.started_at, isDue ? waiting.since : now);
      const wishes = rules.wishesFor({ ...event, severity: state.severity, started_at }, now).wanted;
      const wish = wishes.find((one) => one.destination === destination);
      const send = (): void => {
        pages.push({ destination, at: now });
        told[destination] = rank;
        delete due[destination];
      };
      if (told[destination] !== undefined) {
        if (rank > told[destination]) send();
      } else if (wish === undefined) {
        if (isDue) delete due[destination];
      } else if (news !== undefined && waiting !== undefined && rank > waiting.rank) {
        send();
      } else if (news !== undefined || isDue) {
        if (wish.hold === null) send();
        else if (waiting === undefined || isDue || wish.hold.until < waiting.at)
          due[destination] = {
            at: wish.hold.until,
            rank: waiting?.rank ?? rank,
            since: waiting?.since ?? now,
          };
      }
    }
  }
  return pages;
}

describe('two sets of rules', () => {
  it('are compared page by page', () => {
    const tally = new PageTally(rulesOf(AT_A), rulesOf(CRITICAL, route('rest', ['b'])), END);
    tally.add(life(1, [2, 'info']));
    tally.add(life(1, [2, 'critical']));
    tally.add(life(1, [2, 'info'], [3, 'critical']));
    expect(tally.events).toBe(3);
    expect(tally.now).toEqual({ total: 4, by_destination: new Map([['a', 4]]) });
    expect(tally.draft.total).toBe(5);
    expect(Object.fromEntries(tally.draft.by_destination)).toEqual({ a: 2, b: 3 });
    expect(tally.addedTotal).toBe(3);
    expect(inSeconds(tally.added)).toEqual(['b 2', 'b 2', 'b 3']);
    expect(tally.removedTotal).toBe(2);
    expect(inSeconds(tally.removed)).toEqual(['a 2', 'a 3']);
  });

  it('show the first hundred differences, and count all', () => {
    const tally = new PageTally(rulesOf(SILENCE), rulesOf(AT_A), END);
    for (let n = 0; n < 150; n++) tally.add(life(1, [2, 'info']));
    expect(tally.added).toHaveLength(100);
    expect(tally.addedTotal).toBe(150);
    expect(tally.removed).toEqual([]);
  });
});
