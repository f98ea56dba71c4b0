import fc from 'fast-check';
import {
  countOf,
  EMPTY_SKETCH,
  mergeSketches,
  percentilesOf,
  quantileOf,
  readSketch,
  RELATIVE_ERROR,
  sketchOf,
  sketchText,
  valuesOf,
  weightedQuantile,
} from './latency-sketch';

const anyDuration = fc.oneof(
  fc.integer({ min: 0, max: 86_400_000 }),
  fc.double({ min: 0.001, max: 86_400_000, noNaN: true }),
  fc.integer({ min: 80, max: 120 }),
);
const anyDurations = fc.array(anyDuration, { minLength: 1, maxLength: 500 });
const anyQ = fc.oneof(fc.constantFrom(0, 0.5, 0.95, 0.99, 1), fc.double({ min: 0, max: 1, noNaN: true }));

/** The true quantile: the one that the sketch is to come near to. */
function quantileOfAll(durationsMs: readonly number[], q: number): number {
  const ordered = [...durationsMs].sort((one, other) => one - other);
  return ordered[Math.floor(q * (ordered.length - 1))] ?? NaN;
}

describe('a sketch of durations', () => {
  it('knows every quantile to within 1 %', () => {
    fc.assert(
      fc.property(anyDurations, anyQ, (durationsMs, q) => {
        const exact = quantileOfAll(durationsMs, q);
        const error = Math.abs((quantileOf(sketchOf(durationsMs), q) ?? NaN) - exact);
        expect(error).toBeLessThanOrEqual(exact * RELATIVE_ERROR * (1 + 1e-9));
      }),
    );
  });

  it('is exactly that of the whole when those of parts are merged, in any order', () => {
    fc.assert(
      fc.property(fc.array(anyDurations), (parts) => {
        const whole = sketchOf(parts.flat());
        const sketches = parts.map((part) => sketchOf(part));
        const [first = EMPTY_SKETCH, ...others] = sketches;
        expect(mergeSketches(sketches)).toEqual(whole);
        expect(mergeSketches([...sketches].reverse())).toEqual(whole);
        expect(mergeSketches([first, mergeSketches(others)])).toEqual(whole);
      }),
    );
  });

  it('is the same after it was text', () => {
    fc.assert(
      fc.property(anyDurations, (durationsMs) => {
        const sketch = sketchOf(durationsMs);
        expect(readSketch(sketchText(sketch))).toEqual(sketch);
      }),
    );
  });

  it('counts every duration, and has no more buckets than there can be', () => {
    fc.assert(
      fc.property(anyDurations, (durationsMs) => {
        expect(countOf(sketchOf(durationsMs))).toBe(durationsMs.length);
      }),
    );
    const all = sketchOf(Array.from({ length: 20_000 }, (_, index) => 1e-6 * 1.002 ** index));
    expect(all.buckets.length).toBeLessThanOrEqual(1_268);
    expect(Math.max(...valuesOf(all).map(([ms]) => ms))).toBeLessThanOrEqual(1.01e8);
  });

  it('is short text, as most durations are alike', () => {
    const durationsMs = Array.from({ length: 3_600 }, (_, index) => 100 + (index % 50));
    expect(sketchText(sketchOf(durationsMs)).length).toBeLessThan(250);
    expect(sketchText(sketchOf([0, 1, 1, 250]))).toBe('[1,1,[0,2,277,1]]');
  });

  it('of nothing has no quantiles', () => {
    expect(quantileOf(EMPTY_SKETCH, 0.5)).toBeNull();
    expect(percentilesOf(EMPTY_SKETCH)).toBeNull();
    expect(sketchOf([])).toEqual(EMPTY_SKETCH);
    expect(mergeSketches([])).toEqual(EMPTY_SKETCH);
  });

  it('tells people whole milliseconds', () => {
    const durationsMs = Array.from({ length: 1_000 }, (_, index) => index + 1);
    expect(percentilesOf(sketchOf(durationsMs))).toEqual({ p50_ms: 498, p95_ms: 944, p99_ms: 983 });
    expect(percentilesOf(sketchOf([0]))).toEqual({ p50_ms: 0, p95_ms: 0, p99_ms: 0 });
  });

  it.each([-1, NaN])('holds no duration of %d', (durationMs) => {
    expect(() => sketchOf([durationMs])).toThrow(RangeError);
  });

  it('of another version is not read as one of this', () => {
    expect(() => readSketch('[2,0,[]]')).toThrow('a latency sketch of version 2, not 1');
  });
});

describe('a quantile of weighted values', () => {
  it('is that of all values, one by one', () => {
    const weighted = fc.array(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(weighted, anyQ, (values, q) => {
        const ordered = values.sort(([one], [other]) => one - other);
        const all = ordered.flatMap(([value, count]) => new Array<number>(count).fill(value));
        expect(weightedQuantile(ordered, q)).toBe(quantileOfAll(all, q));
      }),
    );
  });
});
