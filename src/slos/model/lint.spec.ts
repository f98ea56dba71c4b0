import { DEFAULT_OBJECTIVES } from './default-objectives';
import { lintChecks, lintObjective, type Checks } from './lint';
import type { Objective } from './objective';

function keeping(objective: number): Objective {
  return { ...DEFAULT_OBJECTIVES.find(({ kind }) => kind === 'monitor')!, objective };
}

describe('an objective', () => {
  it.each(DEFAULT_OBJECTIVES.map((objective) => [objective.id, objective] as const))(
    '%s can page',
    (_id, objective) => {
      expect(lintObjective(objective)).toEqual([]);
    },
  );

  // All failing burns at 1/(1 - objective), which has to be above 14.4, or above 6: 1 - 1/14.4 is 0.93055….
  it.each([
    [0.999_999, []],
    [0.930_556, []],
    [0.930_555, ['warn: is so low that the alert at 14.4 × over 1h and 5m cannot fire']],
    [0.833_334, ['warn: is so low that the alert at 14.4 × over 1h and 5m cannot fire']],
    [0.833_333, ['refuse: is so low that nobody could ever be paged for it']],
    [0.5, ['refuse: is so low that nobody could ever be paged for it']],
  ])('of %d', (objective, findings) => {
    expect(lintObjective(keeping(objective)).map(({ level, message }) => `${level}: ${message}`)).toEqual(
      findings,
    );
  });
});

describe('a failed check', () => {
  it.each<[what: string, objective: number, checks: Checks, findings: number]>([
    ['that others have to confirm', 0.999_999, { failure_threshold: 2, interval_s: 3_600 }, 0],
    // Down for up to 5 minutes: 6 minutes may be bad of 60, 10 %; 14.4 × 0.1 % is 1.44 %.
    ['of a monitor that is down at once', 0.999, { failure_threshold: 1, interval_s: 300 }, 1],
    // 60 s may take half of two minutes each: 2 of 60 are 3.3 %, and 2 of 5 are 40 %.
    ['every minute', 0.999, { failure_threshold: 1, interval_s: 60 }, 1],
    // 59 s take half of no more than one, and a single bad minute is no alert.
    ['nearly every minute', 0.999, { failure_threshold: 1, interval_s: 59 }, 0],
    ['every ten seconds', 0.999, { failure_threshold: 1, interval_s: 10 }, 0],
    // 6 × 5 % is 30 %: 6 of 60 are 10 %, 6 of 360 less.
    ['of what may fail often', 0.95, { failure_threshold: 1, interval_s: 300 }, 0],
    // 61 minutes: all of an hour, 100 %, more than 14.4 × 5 %.
    ['every hour, of what may fail often', 0.95, { failure_threshold: 1, interval_s: 3_600 }, 1],
  ])('%s', (_what, objective, checks, findings) => {
    expect(lintChecks(keeping(objective), checks)).toHaveLength(findings);
  });

  it('is told with what it does', () => {
    const [finding] = lintChecks(keeping(0.999), { failure_threshold: 1, interval_s: 300 });
    expect(finding).toEqual({
      level: 'warn',
      message:
        'would page for one failed check, which counts as 6 minutes (14.4 × over 1h and 5m): such a monitor should take more to be down',
    });
  });
});
