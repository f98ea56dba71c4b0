import fc from 'fast-check';
import {
  isMassFailure,
  isOwnFailure,
  isRecovery,
  nextOutcome,
  takeCensus,
  type Outcome,
  type OutcomeKind,
} from './mass-failure';

const NOW = Date.UTC(2030, 0, 1);
const WINDOW_MS = 30_000;

const outcome = (kind: OutcomeKind, endedAgoMs: number, failingForMs = endedAgoMs): Outcome => ({
  kind,
  endedAt: NOW - endedAgoMs,
  failingSince: kind === 'good' ? null : NOW - failingForMs,
});

const kinds = fc.constantFrom<OutcomeKind>('good', 'bad', 'ours');
const outcomes = fc.array(
  fc
    .record({
      kind: kinds,
      ended: fc.integer({ min: 0, max: 60_000 }),
      before: fc.integer({ min: 0, max: 400_000 }),
    })
    .map(({ kind, ended, before }) => outcome(kind, ended, ended + before)),
);

describe('nextOutcome', () => {
  it('remembers when a row of failures began, of whatever kind they are', () => {
    const first = nextOutcome(undefined, 'bad', 1);
    const second = nextOutcome(first, 'ours', 2);
    expect(second).toEqual({ kind: 'ours', endedAt: 2, failingSince: 1 });
    expect(nextOutcome(second, 'good', 3)).toEqual({ kind: 'good', endedAt: 3, failingSince: null });
    expect(nextOutcome(nextOutcome(second, 'good', 3), 'bad', 4)).toMatchObject({ failingSince: 4 });
  });
});

describe('takeCensus', () => {
  it('counts each monitor that was checked within the window', () => {
    const all = [
      outcome('good', 0),
      outcome('bad', 29_999),
      outcome('bad', 30_000),
      outcome('ours', 10_000),
      outcome('good', 40_000),
    ];
    expect(takeCensus(all, NOW, WINDOW_MS)).toEqual({ watched: 3, good: 1, failing: 2, ours: 1 });
    expect(takeCensus(all, NOW, 60_000)).toEqual({ watched: 5, good: 2, failing: 3, ours: 1 });
  });

  it('does not count as failing at once what has failed for five minutes', () => {
    const all = [outcome('bad', 0, 299_999), outcome('bad', 0, 300_000), outcome('ours', 0, 900_000)];
    expect(takeCensus(all, NOW, WINDOW_MS)).toEqual({ watched: 3, good: 0, failing: 1, ours: 0 });
  });

  it('never counts a monitor twice', () => {
    fc.assert(
      fc.property(outcomes, (all) => {
        const { watched, good, failing, ours } = takeCensus(all, NOW, WINDOW_MS);
        expect(good + failing).toBeLessThanOrEqual(watched);
        expect(ours).toBeLessThanOrEqual(failing);
      }),
    );
  });
});

describe('a mass failure', () => {
  it.each([
    [3, 5, true],
    [3, 6, false],
    [2, 2, false],
    [3, 3, true],
    [500, 999, true],
    [500, 1_000, false],
  ])('of %d of %d monitors: %s', (failing, watched, isMass) => {
    expect(isMassFailure({ watched, good: watched - failing, failing, ours: 0 })).toBe(isMass);
  });

  it('that could not be looked at is one too, and never a recovery', () => {
    fc.assert(
      fc.property(outcomes, (all) => {
        const census = takeCensus(all, NOW, WINDOW_MS);
        if (isOwnFailure(census)) expect(isMassFailure(census)).toBe(true);
        if (isMassFailure(census)) expect(isRecovery(census)).toBe(false);
      }),
    );
  });
});
