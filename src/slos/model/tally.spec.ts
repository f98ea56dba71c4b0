import fc from 'fast-check';
import { sliOf } from './counts';
import { DEFAULT_OBJECTIVES } from './default-objectives';
import { countOf } from './histogram';
import type { Objective } from './objective';
import { addTallies, countsOf, NO_TALLY, outcomeOf, plainRatioOf, tallyOf, type Ending } from './tally';

function objectiveOf(id: string): Objective {
  return DEFAULT_OBJECTIVES.find((objective) => objective.id === id)!;
}

function requests(count: number, status: number | null, duration_ms = 10, is_whole = true) {
  return Array.from({ length: count }, () => ({ status, duration_ms, is_whole }));
}

const anyRequests = fc.array(
  fc.record({
    status: fc.constantFrom(200, 202, 304, 400, 408, 429, 500, 503, null),
    is_whole: fc.boolean(),
    duration_ms: fc.nat(20_000),
  }),
);

describe('a request', () => {
  it.each<[ending: Ending, outcome: string]>([
    [{ status: 200, is_whole: true }, 'good'],
    [{ status: 202, is_whole: true }, 'good'],
    [{ status: 304, is_whole: true }, 'good'],
    [{ status: 400, is_whole: true }, 'refused'],
    [{ status: 408, is_whole: false }, 'refused'],
    [{ status: 413, is_whole: false }, 'refused'],
    [{ status: 429, is_whole: true }, 'refused'],
    [{ status: 500, is_whole: true }, 'bad'],
    [{ status: 503, is_whole: true }, 'bad'],
    [{ status: 503, is_whole: false }, 'bad'],
    // The client waited for an answer, and none came.
    [{ status: null, is_whole: true }, 'bad'],
    // The client hung up before it had said what it wanted.
    [{ status: null, is_whole: false }, 'refused'],
  ])('that ends as %j is %s', (ending, outcome) => {
    expect(outcomeOf(ending)).toBe(outcome);
  });
});

describe('a tally', () => {
  // 1,000 requests: 890 good (of them 40 slow), 100 refused, 10 bad.
  const tally = tallyOf([
    ...requests(850, 202, 150),
    ...requests(40, 202, 350),
    ...requests(60, 400),
    ...requests(40, 429),
    ...requests(6, 503, 15_000),
    ...requests(3, 500),
    ...requests(1, null, 15_000),
  ]);

  it('leaves what clients did wrong out of availability, and keeps it in the plain ratio', () => {
    expect(countsOf(objectiveOf('events-availability'), tally)).toEqual({ good: 890, bad: 10, unseen: 0 });
    // 890 of 900, and 890 of 1,000.
    expect(sliOf(countsOf(objectiveOf('events-availability'), tally))).toBe(890 / 900);
    expect(plainRatioOf(tally)).toBe(0.89);
    expect(plainRatioOf(NO_TALLY)).toBeNull();
  });

  it('has an error rate of what was bad in all', () => {
    // 10 of 1,000.
    expect(countsOf(objectiveOf('error-rate'), tally)).toEqual({ good: 990, bad: 10, unseen: 0 });
  });

  it('has latencies of what was good alone: what fails at once is not quick', () => {
    // 850 of 890 below 200 ms, all of them below 500 ms.
    expect(countsOf(objectiveOf('events-latency-p95'), tally)).toEqual({ good: 850, bad: 40, unseen: 0 });
    expect(countsOf(objectiveOf('events-latency-p99'), tally)).toEqual({ good: 890, bad: 0, unseen: 0 });
    expect(countOf(tally.latencies)).toBe(890);
  });

  it.each(['queue-latency', 'delivery-latency'])('of jobs says how many came in time (%s)', (id) => {
    const jobs = tallyOf([...requests(19, 200, 4_999), ...requests(1, 200, 5_000)]);
    expect(countsOf(objectiveOf(id), jobs)).toEqual({ good: 19, bad: 1, unseen: 0 });
  });

  it.each(['monitor-availability', 'vendor-availability'])('of minutes says which were seen (%s)', (id) => {
    const minutes = { ...NO_TALLY, good: 50, bad: 2, unseen: 8 };
    expect(countsOf(objectiveOf(id), minutes)).toEqual({ good: 50, bad: 2, unseen: 8 });
  });

  it('of two processes, or of one before and after a restart, is that of all requests', () => {
    fc.assert(
      fc.property(anyRequests, anyRequests, (one, other) => {
        expect(addTallies([tallyOf(one), tallyOf(other)])).toEqual(tallyOf([...other, ...one]));
      }),
    );
    expect(addTallies([])).toEqual(NO_TALLY);
  });
});
