import fc from 'fast-check';
import { readDefinition } from './definition';
import { FLAPPING_WINDOW_MS, type Effect, type Incident } from './incident';
import { RESULT_CLASSES, type CheckResult, type HttpMonitorDefinition, type ResultClass } from './monitor';
import { advance, INITIAL_STATE, isConfirming, type MonitorState } from './state';
import { isBad } from './verdict';

const START = Date.UTC(2031, 4, 6);
const PAGING_SEVERITIES = ['info', 'warning', 'critical'] as const;

/** A check, and how long after the one before it began. */
interface Check {
  readonly class: ResultClass;
  readonly afterMs: number;
  readonly isInMaintenance: boolean;
}

interface Judged extends Check {
  readonly result: CheckResult;
  readonly before: MonitorState;
  readonly state: MonitorState;
  readonly effects: readonly Effect[];
}

const anyDefinition = fc
  .record({
    failure_threshold: fc.integer({ min: 1, max: 4 }),
    success_threshold: fc.integer({ min: 1, max: 4 }),
    severity: fc.constantFrom(...PAGING_SEVERITIES),
  })
  .map((fields) => {
    const reading = readDefinition({ name: 'API', url: 'https://api.example.com/', ...fields });
    if ('faults' in reading) throw new Error(JSON.stringify(reading));
    return reading.definition as HttpMonitorDefinition;
  });

const anyPause = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(15_000, 60_000) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 * FLAPPING_WINDOW_MS }) },
);

/** Stretches of the same, as they come about, and every other order too. */
const anyStretch = fc
  .record({
    class: fc.constantFrom(...RESULT_CLASSES),
    afterMs: anyPause,
    isInMaintenance: fc.oneof(
      { weight: 5, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.boolean() },
    ),
    times: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ times, ...check }) => new Array<Check>(times).fill(check));

const anyChecks: fc.Arbitrary<Check[]> = fc.array(anyStretch, { maxLength: 40 }).map((list) => list.flat());

const withoutMaintenance = anyChecks.map((checks) =>
  checks.map((check) => ({ ...check, isInMaintenance: false })),
);

function resultOf(resultClass: ResultClass, started_at: number): CheckResult {
  const nothing = { timings: null, http_status: null, tls_days_left: null, limit_ms: null };
  return { class: resultClass, reason: null, failed: [], started_at, duration_ms: 100, ...nothing };
}

/** All steps of a course, each made with a state that was JSON in between. */
function courseOf(checks: readonly Check[], definition: HttpMonitorDefinition): Judged[] {
  let state = INITIAL_STATE;
  let at = START;
  return checks.map((check) => {
    at += check.afterMs;
    const before = JSON.parse(JSON.stringify(state)) as MonitorState;
    const result = resultOf(check.class, at);
    const moment = { now: at + 100, isInMaintenance: check.isInMaintenance };
    const step = advance(before, result, definition, moment);
    ({ state } = step);
    return { ...check, result, before, ...step };
  });
}

function effectsOf(course: readonly Judged[]): Effect[] {
  return course.flatMap(({ effects }) => effects);
}

function whateverComes(
  check: (course: Judged[], definition: HttpMonitorDefinition) => void,
  checks: fc.Arbitrary<Check[]> = anyChecks,
): void {
  fc.assert(
    fc.property(checks, anyDefinition, (list, definition) => check(courseOf(list, definition), definition)),
    { numRuns: 300 },
  );
}

describe('whatever results come', () => {
  it('at most one incident is open, openings and resolutions alternate, and nothing recovers without an outage', () => {
    whateverComes((course) => {
      let open: Incident | null = null;
      for (const { effects, state } of course) {
        for (const effect of effects) {
          if (effect.do === 'open') expect(open).toBeNull();
          else expect(open?.started_at).toBe(effect.incident.started_at);
          open = effect.do === 'resolve' ? null : effect.incident;
        }
        expect(state.incident).toEqual(open);
      }
    });
  });

  it('of one incident a step tells at most one state', () => {
    whateverComes((course) => {
      for (const { effects } of course) {
        const states = effects.filter(({ do: kind }) => kind !== 'notice');
        expect(new Set(states.map(({ incident }) => incident.started_at)).size).toBe(states.length);
      }
    });
  });

  it('an incident begins with a bad check and ends with a good one, which is later', () => {
    whateverComes((course) => {
      const classAt = new Map(course.map(({ result }) => [result.started_at, result.class]));
      for (const effect of effectsOf(course)) {
        const { started_at, down_since_at, state } = effect.incident;
        expect(['degraded', 'down']).toContain(classAt.get(started_at));
        if (state === 'down') expect(classAt.get(down_since_at ?? NaN)).toBe('down');
        if (effect.do !== 'resolve') continue;
        expect(classAt.get(effect.resolved_at)).toBe('up');
        expect(effect.resolved_at).toBeGreaterThan(started_at);
      }
    });
  });

  it('no two incidents begin at the same instant, so that their ids differ', () => {
    whateverComes((course) => {
      const starts = effectsOf(course).filter((effect) => effect.do === 'open');
      expect(new Set(starts.map(({ incident }) => incident.started_at)).size).toBe(starts.length);
    });
  });

  it('an incident is open exactly while the verdict is bad, but for flapping and maintenance', () => {
    whateverComes((course) => {
      for (const { state } of course) {
        if (state.incident?.is_flapping === true) continue;
        expect(state.incident !== null).toBe(isBad(state.verdict));
        expect(state.incident?.state).toBe(isBad(state.verdict) ? state.verdict : undefined);
      }
    }, withoutMaintenance);
  });

  it('no resolution is lost: it is up, and stays so, and half an hour later nothing is open', () => {
    whateverComes((course, definition) => {
      const good: Check[] = new Array<Check>(40).fill({
        class: 'up',
        afterMs: 60_000,
        isInMaintenance: false,
      });
      const checks = course.map(({ class: resultClass, afterMs, isInMaintenance }) => {
        return { class: resultClass, afterMs, isInMaintenance };
      });
      expect(courseOf([...checks, ...good], definition).at(-1)?.state).toMatchObject({
        verdict: 'up',
        incident: null,
      });
    });
  });

  it('no outage is lost: it is down, and stays so, and it is told as down', () => {
    whateverComes((course, definition) => {
      const bad: Check[] = new Array<Check>(8).fill({
        class: 'down',
        afterMs: 60_000,
        isInMaintenance: false,
      });
      const checks = course.map(({ class: resultClass, afterMs, isInMaintenance }) => {
        return { class: resultClass, afterMs, isInMaintenance };
      });
      expect(courseOf([...checks, ...bad], definition).at(-1)?.state.incident).toMatchObject({
        state: 'down',
        severity: definition.severity,
      });
    });
  });

  it('what could not be looked at changes no verdict and has no effect', () => {
    whateverComes((course) => {
      for (const { class: resultClass, before, state, effects } of course) {
        if (resultClass !== 'unknown') continue;
        const { unknown, judged_at } = state;
        expect({ state, effects }).toEqual({ state: { ...before, unknown, judged_at }, effects: [] });
      }
    });
  });

  it('the same results without those that could not look have the same effects', () => {
    const steady = withoutMaintenance.map((checks) => checks.map((check) => ({ ...check, afterMs: 15_000 })));
    whateverComes((course, definition) => {
      const kinds = effectsOf(course).map(({ do: kind }) => kind);
      let passedMs = 0;
      const known = course.flatMap(({ class: resultClass, afterMs, isInMaintenance }): Check[] => {
        passedMs += afterMs;
        if (resultClass === 'unknown') return [];
        const check = { class: resultClass, afterMs: passedMs, isInMaintenance };
        passedMs = 0;
        return [check];
      });
      expect(effectsOf(courseOf(known, definition)).map(({ do: kind }) => kind)).toEqual(kinds);
    }, steady);
  });

  it('a result that is judged twice changes nothing the second time', () => {
    whateverComes((course, definition) => {
      for (const { result, state, isInMaintenance } of course) {
        const moment = { now: result.started_at + 200, isInMaintenance };
        expect(advance(state, result, definition, moment)).toEqual({ state, effects: [] });
      }
    });
  });

  it('nothing is opened or gets worse in maintenance', () => {
    whateverComes((course) => {
      const inMaintenance = course.filter(({ isInMaintenance }) => isInMaintenance);
      for (const { before, effects } of inMaintenance) {
        for (const effect of effects) {
          expect(['update', 'resolve']).toContain(effect.do);
          if (before.incident?.state === 'degraded') expect(effect.incident.state).toBe('degraded');
        }
      }
    });
  });

  it('of four changes within 30 minutes the fourth is told as flapping', () => {
    whateverComes((course) => {
      const told = course.filter(({ effects, before, isInMaintenance }) => {
        // What ends flapping is no change: that was half an hour ago.
        if (isInMaintenance || before.incident?.is_flapping === true) return false;
        const kinds = effects.map(({ do: kind }) => kind);
        return !kinds.includes('notice') && (kinds.includes('open') || kinds.includes('resolve'));
      });
      told.forEach(({ result }, place) => {
        const fourth = told[place + 3];
        if (fourth === undefined) return;
        expect(fourth.result.started_at - result.started_at).toBeGreaterThanOrEqual(FLAPPING_WINDOW_MS);
      });
    });
  });

  it('a flapping incident has one notice, and then only gets worse, until it is resolved or the mark is taken off', () => {
    whateverComes((course) => {
      let told: Incident | null = null;
      let isNoticeDue = false;
      for (const { do: kind, incident } of effectsOf(course)) {
        expect(kind === 'notice').toBe(isNoticeDue);
        if (kind === 'update' && told?.is_flapping === true && incident.is_flapping) {
          expect([told.state, incident.state]).toEqual(['degraded', 'down']);
        }
        isNoticeDue = kind !== 'notice' && incident.is_flapping && told?.is_flapping !== true;
        told = kind === 'resolve' ? null : incident;
      }
      expect(isNoticeDue).toBe(false);
    });
  });

  it('a verdict that the newest result confirms is not checked faster', () => {
    whateverComes((course) => {
      for (const { class: resultClass, state } of course) {
        if (resultClass !== 'unknown') expect(isConfirming(state)).toBe(resultClass !== state.verdict);
      }
    });
  });

  it('as many in a row as it asks for make the verdict', () => {
    whateverComes((course, { failure_threshold, success_threshold }) => {
      const known = course.filter(({ class: resultClass }) => resultClass !== 'unknown');
      known.forEach(({ state }, place) => {
        const newest = (count: number): ResultClass[] =>
          known.slice(Math.max(0, place + 1 - count), place + 1).map(({ class: resultClass }) => resultClass);
        const are = (count: number, classes: readonly ResultClass[]): boolean =>
          newest(count).length === count && newest(count).every((one) => classes.includes(one));
        if (are(failure_threshold, ['down'])) expect(state.verdict).toBe('down');
        else if (are(failure_threshold, ['down', 'degraded'])) expect(isBad(state.verdict)).toBe(true);
        if (are(success_threshold, ['up'])) expect(state.verdict).toBe('up');
        else if (are(success_threshold, ['up', 'degraded'])) expect(state.verdict).not.toBe('down');
      });
    });
  });
});
