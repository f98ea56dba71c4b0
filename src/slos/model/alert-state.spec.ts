import { DAY_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import { advanceAlert, QUIET, stopAlert, type AlertState, type Patience, type Reading } from './alert-state';

const START = Date.UTC(2031, 4, 6);
const FIVE: Patience = { for_ms: 5 * MINUTE_MS, clear_for_ms: 2 * MINUTE_MS };
const AT_ONCE: Patience = { for_ms: 0, clear_for_ms: 0 };

const WORDS: Readonly<Record<string, Reading>> = { '^': 'above', '-': 'between', v: 'below', '?': 'unknown' };

/** What was done at which minute, where there is one reading a minute. A reading is `^`, `-`, `v` or `?`. */
function course(readings: string, patience: Patience): string[] {
  let state = QUIET;
  return [...readings].flatMap((reading, minute) => {
    const step = advanceAlert(state, WORDS[reading]!, patience, START + minute * MINUTE_MS);
    ({ state } = step);
    const { effect } = step;
    if (effect === null) return [];
    const at = effect.do === 'open' ? effect.since_at : effect.resolved_at;
    return [`${effect.do} in ${minute} as of ${(at - START) / MINUTE_MS}`];
  });
}

describe('an alert', () => {
  it.each<[what: string, readings: string, done: string[]]>([
    ['opens once its condition has held for so long', '^^^^^^', ['open in 5 as of 0']],
    ['does not open a minute earlier', '^^^^^', []],
    ['begins anew where the condition did not hold', '^^^^v^^^^^^', ['open in 10 as of 5']],
    ['begins anew where the condition only nearly held', '^^^^-^^^^^', []],
    ['opens once', '^^^^^^^^^^^^', ['open in 5 as of 0']],
    [
      'resolves once that has been over for so long',
      '^^^^^^vvv',
      ['open in 5 as of 0', 'resolve in 8 as of 6'],
    ],
    ['does not resolve a minute earlier', '^^^^^^vv', ['open in 5 as of 0']],
    ['stays open where it is over for a moment', '^^^^^^vv^vv-vv', ['open in 5 as of 0']],
    ['opens again', '^^^^^^vvv^^^^^^', ['open in 5 as of 0', 'resolve in 8 as of 6', 'open in 14 as of 9']],
    ['waits where nothing is known', '^??^^^', ['open in 5 as of 0']],
    ['does not open by what is not known', '^?????', []],
    ['counts anew where too long nothing was known', '^???^^^^^', []],
    ['does not resolve by what is not known', '^^^^^^????????', ['open in 5 as of 0']],
  ])('%s', (_what, readings, done) => {
    expect(course(readings, FIVE)).toEqual(done);
  });

  it('opens and resolves at once where it needs no patience', () => {
    expect(course('v^-v^v', AT_ONCE)).toEqual([
      'open in 1 as of 1',
      'resolve in 3 as of 3',
      'open in 4 as of 4',
      'resolve in 5 as of 5',
    ]);
  });

  it.each([
    ['forward by a day', DAY_MS],
    ['back by a day', -DAY_MS],
  ])('neither opens nor resolves because the clock is set %s', (_what, stepMs) => {
    const pending: AlertState = { phase: 'pending', since_at: START, read_at: START + MINUTE_MS };
    const now = START + 2 * MINUTE_MS + stepMs;
    expect(advanceAlert(pending, 'above', FIVE, now)).toEqual({
      state: { phase: 'pending', since_at: now, read_at: now },
      effect: null,
    });
    const open: AlertState = { phase: 'open', since_at: START, clear_at: START, read_at: START };
    expect(advanceAlert(open, 'below', FIVE, now)).toEqual({
      state: { phase: 'open', since_at: START, clear_at: now, read_at: now },
      effect: null,
    });
  });

  it('never ends before it began', () => {
    const open: AlertState = { phase: 'open', since_at: START, clear_at: null, read_at: START };
    const { effect } = advanceAlert(open, 'below', AT_ONCE, START - DAY_MS);
    expect(effect).toEqual({ do: 'resolve', since_at: START, resolved_at: START });
  });

  it('is resolved where nobody watches any longer', () => {
    const open: AlertState = { phase: 'open', since_at: START, clear_at: null, read_at: START };
    const resolved = { do: 'resolve', since_at: START, resolved_at: START + MINUTE_MS };
    expect(stopAlert(open, START + MINUTE_MS)).toEqual({ state: QUIET, effect: resolved });
    const pending: AlertState = { phase: 'pending', since_at: START, read_at: START };
    expect(stopAlert(pending, START)).toEqual({ state: QUIET, effect: null });
  });
});
