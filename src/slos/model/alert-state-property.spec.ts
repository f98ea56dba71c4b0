import fc from 'fast-check';
import { DAY_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import {
  advanceAlert,
  MAX_GAP_MS,
  QUIET,
  type AlertState,
  type AlertStep,
  type Reading,
} from './alert-state';

const START = Date.UTC(2031, 4, 6);

interface Taken {
  readonly reading: Reading;
  /** How much later the clock says it is than at the reading before; below 0 where it was set back. */
  readonly afterMs: number;
}

interface Judged extends AlertStep {
  readonly reading: Reading;
  readonly at: number;
}

const anyPatience = fc.record({
  for_ms: fc.nat(10).map((minutes) => minutes * MINUTE_MS),
  clear_for_ms: fc.nat(10).map((minutes) => minutes * MINUTE_MS),
});

const anyReading = fc.constantFrom<Reading>('above', 'between', 'below', 'unknown');

/** Mostly a minute; now and then a pause, or a step of the clock in either direction. */
const anyAfter = fc.oneof(
  { weight: 20, arbitrary: fc.constant(MINUTE_MS) },
  { weight: 1, arbitrary: fc.integer({ min: -DAY_MS, max: DAY_MS }) },
);

/** Stretches of the same reading, as they come about. */
const anyReadings: fc.Arbitrary<Taken[]> = fc
  .array(fc.tuple(anyReading, fc.array(anyAfter, { minLength: 1, maxLength: 15 })), { maxLength: 20 })
  .map((stretches) =>
    stretches.flatMap(([reading, afters]) => afters.map((afterMs) => ({ reading, afterMs }))),
  );

/** All steps of a course, each made with a state that was JSON in between. */
function courseOf(readings: readonly Taken[], patience: { for_ms: number; clear_for_ms: number }): Judged[] {
  let state = QUIET;
  let at = START;
  return readings.map(({ reading, afterMs }) => {
    at += afterMs;
    const before = JSON.parse(JSON.stringify(state)) as AlertState;
    const step = advanceAlert(before, reading, patience, at);
    ({ state } = step);
    return { ...step, reading, at };
  });
}

/**
 * For how long up to a step all readings said what was asked for, without a gap that is too long or a clock that was
 * set back, told from the readings alone.
 */
function heldMs(course: readonly Judged[], place: number, wanted: Reading): number {
  const known = course.slice(0, place + 1).filter(({ reading }) => reading !== 'unknown');
  let held = 0;
  for (let index = known.length - 1; index > 0; index -= 1) {
    const gapMs = known[index]!.at - known[index - 1]!.at;
    if (known[index - 1]!.reading !== wanted || gapMs < 0 || gapMs > MAX_GAP_MS) break;
    held += gapMs;
  }
  return held;
}

describe('an alert, whatever is read and whatever the clock does', () => {
  it('opens and resolves in turn, beginning with open', () => {
    fc.assert(
      fc.property(anyReadings, anyPatience, (readings, patience) => {
        const done = courseOf(readings, patience).flatMap(({ effect }) => (effect ? [effect] : []));
        done.forEach((effect, place) => {
          expect(effect.do).toBe(place % 2 === 0 ? 'open' : 'resolve');
          // What is resolved is what was opened, and it ended no earlier than it began.
          if (effect.do === 'open') return;
          expect(effect.since_at).toBe(done[place - 1]!.since_at);
          expect(effect.resolved_at).toBeGreaterThanOrEqual(effect.since_at);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('opens as soon as its condition has been read for so long, and no sooner', () => {
    fc.assert(
      fc.property(anyReadings, anyPatience, (readings, patience) => {
        const course = courseOf(readings, patience);
        course.forEach(({ reading, effect }, place) => {
          const isOpen = place > 0 && course[place - 1]!.state.phase === 'open';
          const isDue = reading === 'above' && heldMs(course, place, 'above') >= patience.for_ms;
          expect(effect?.do === 'open').toBe(isDue && !isOpen);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('resolves as soon as that has been read to be over for so long, and no sooner', () => {
    fc.assert(
      fc.property(anyReadings, anyPatience, (readings, patience) => {
        const course = courseOf(readings, patience);
        course.forEach(({ reading, effect }, place) => {
          const isOpen = place > 0 && course[place - 1]!.state.phase === 'open';
          const isDue = reading === 'below' && heldMs(course, place, 'below') >= patience.clear_for_ms;
          expect(effect?.do === 'resolve').toBe(isDue && isOpen);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('is left as it is by what is not known', () => {
    fc.assert(
      fc.property(anyReadings, anyPatience, (readings, patience) => {
        const state = courseOf(readings, patience).at(-1)?.state ?? QUIET;
        expect(advanceAlert(state, 'unknown', patience, START + DAY_MS)).toEqual({ state, effect: null });
      }),
    );
  });
});
