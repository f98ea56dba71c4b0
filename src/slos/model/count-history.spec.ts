import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import { burnRateOf } from './budget';
import { CountHistory, historyOf, type MinuteCounts } from './count-history';
import { addCounts, NO_COUNTS, type Counts } from './counts';
import { DEFAULT_OBJECTIVES } from './default-objectives';
import { windowUntil } from './history';
import { BURN_WINDOWS } from './objective';
import { tallyOf } from './tally';

const START = Date.UTC(2031, 4, 6);

const anyCounts: fc.Arbitrary<Counts> = fc.record({
  good: fc.nat(1e6),
  bad: fc.nat(1e6),
  unseen: fc.nat(10),
});

/** In any order, and several of a minute, as several processes write them. */
const anyRows: fc.Arbitrary<MinuteCounts[]> = fc.array(
  fc.record({ minute_at: fc.nat(400).map((minute) => START + minute * MINUTE_MS), counts: anyCounts }),
);

/** Minute by minute from the start on. */
function rowsOf(...bad: number[]): MinuteCounts[] {
  return bad.map((count, minute) => ({
    minute_at: START + minute * MINUTE_MS,
    counts: { good: 100 - count, bad: count, unseen: 0 },
  }));
}

describe('a history of counts', () => {
  it('counts the minutes that begin within a span', () => {
    const history = new CountHistory(rowsOf(1, 2, 4, 8));
    const bad = (fromMinute: number, untilMinute: number): number =>
      history.within({ from_at: START + fromMinute * MINUTE_MS, until_at: START + untilMinute * MINUTE_MS })
        .bad;
    expect([bad(0, 4), bad(1, 3), bad(2, 2), bad(3, 1), bad(-9, 99), bad(4, 99)]).toEqual([
      15, 6, 0, 0, 15, 0,
    ]);
  });

  it('says of any span what adding its rows up says', () => {
    fc.assert(
      fc.property(anyRows, fc.nat(400), fc.nat(400), (rows, one, other) => {
        const span = {
          from_at: START + Math.min(one, other) * MINUTE_MS,
          until_at: START + Math.max(one, other) * MINUTE_MS,
        };
        const concerned = rows.filter(
          ({ minute_at }) => span.from_at <= minute_at && minute_at < span.until_at,
        );
        expect(new CountHistory(rows).within(span)).toEqual(addCounts(concerned.map(({ counts }) => counts)));
      }),
    );
  });

  it('has burn rates over merged windows that are those of the whole', () => {
    fc.assert(
      fc.property(anyRows, fc.array(fc.nat(400), { minLength: 1, maxLength: 5 }), (rows, cuts) => {
        const edges = [0, ...cuts.sort((one, other) => one - other), 400].map((at) => START + at * MINUTE_MS);
        const history = new CountHistory(rows);
        const parts = edges
          .slice(1)
          .map((until_at, place) => history.within({ from_at: edges[place]!, until_at }));
        const whole = history.within({ from_at: edges[0]!, until_at: edges.at(-1)! });
        expect(burnRateOf(addCounts(parts), 1_000)).toBe(burnRateOf(whole, 1_000));
      }),
    );
  });

  it('is the same for one process as for two, and in whatever order rows come', () => {
    fc.assert(
      fc.property(anyRows, anyRows, fc.nat(400), (one, other, minute) => {
        const now = START + minute * MINUTE_MS;
        const merged = new CountHistory([...one, ...other]).burns(now);
        expect(merged).toEqual(new CountHistory([...other, ...one]).burns(now));
        const apart = [new CountHistory(one).burns(now), new CountHistory(other).burns(now)];
        expect(merged['1h']).toEqual(addCounts(apart.map((burns) => burns['1h'])));
      }),
    );
  });

  it('reads an objective out of what processes saw', () => {
    const [availability] = DEFAULT_OBJECTIVES;
    const tally = tallyOf([
      { status: 202, is_whole: true, duration_ms: 10 },
      { status: 503, is_whole: true, duration_ms: 10 },
    ]);
    const history = historyOf(availability!, [
      { minute_at: START, tally },
      { minute_at: START, tally },
    ]);
    expect(history.newest(MINUTE_MS, START)).toEqual({ good: 2, bad: 2, unseen: 0 });
  });
});

describe('the newest window', () => {
  it('ends with the minute that goes on', () => {
    const window = { from_at: START - 4 * MINUTE_MS, until_at: START + MINUTE_MS };
    expect(windowUntil(START, 5 * MINUTE_MS)).toEqual(window);
    expect(windowUntil(START + MINUTE_MS - 1, 5 * MINUTE_MS)).toEqual(window);
  });

  it('has as many minutes as its name says', () => {
    const history = new CountHistory(
      Array.from({ length: (4 * DAY_MS) / MINUTE_MS }, (_, minute) => ({
        minute_at: START + minute * MINUTE_MS,
        counts: { good: 1, bad: 0, unseen: 0 },
      })),
    );
    const burns = history.burns(START + 4 * DAY_MS - 1);
    expect(Object.values(burns).map(({ good }) => good)).toEqual([5, 30, 60, 120, 360, 1_440, 4_320]);
    expect(Object.keys(burns)).toEqual(Object.keys(BURN_WINDOWS));
  });

  it('leaves out what lies ahead once the clock was set back, and has it again when its time has come', () => {
    const history = new CountHistory(rowsOf(...Array<number>(60).fill(1)));
    const before = history.newest(HOUR_MS, START + HOUR_MS - 1);
    expect(before.bad).toBe(60);
    expect(history.newest(HOUR_MS, START + HOUR_MS / 2 - 1).bad).toBe(30);
    expect(history.newest(HOUR_MS, START - HOUR_MS)).toEqual(NO_COUNTS);
    expect(history.newest(HOUR_MS, START + HOUR_MS - 1)).toEqual(before);
  });
});
