import { readDefinition } from './definition';
import { incidentEventId, type Effect, type Incident } from './incident';
import type { CheckResult, MonitorDefinition, ResultClass } from './monitor';
import { advance, INITIAL_STATE, isConfirming, shownState, stopWatching, type MonitorState } from './state';

const START = Date.UTC(2031, 4, 6);
const MINUTE = 60_000;

function definitionOf(fields: Record<string, unknown> = {}): MonitorDefinition {
  const reading = readDefinition({ name: 'API', url: 'https://api.example.com/', ...fields });
  if ('faults' in reading) throw new Error(JSON.stringify(reading));
  return reading.definition;
}

const DEFINITION = definitionOf();

/** A monitor whose checks are written as letters, one a minute. */
const CLASSES: Readonly<Record<string, ResultClass>> = { u: 'up', g: 'degraded', d: 'down', '?': 'unknown' };

function resultOf(resultClass: ResultClass, started_at: number): CheckResult {
  return {
    class: resultClass,
    reason: resultClass === 'up' ? null : 'status',
    failed: [],
    started_at,
    duration_ms: 100,
    timings: null,
    http_status: null,
    tls_days_left: null,
    limit_ms: null,
  };
}

interface Course {
  readonly state: MonitorState;
  /** Effects in short, with the minute of the check that had them. */
  readonly told: readonly string[];
  readonly effects: readonly Effect[];
}

/**
 * What comes of checks: `u` is up, `g` degraded, `d` down, `?` unknown, and space nothing. In parentheses there is
 * maintenance. The check at place n begins at minute n.
 */
function course(checks: string, definition = DEFINITION): Course {
  let state = INITIAL_STATE;
  let isInMaintenance = false;
  let minute = 0;
  const told: string[] = [];
  const effects: Effect[] = [];
  for (const letter of checks) {
    if (letter === '(' || letter === ')') {
      isInMaintenance = letter === '(';
      continue;
    }
    const started_at = START + minute * MINUTE;
    const resultClass = CLASSES[letter];
    if (resultClass !== undefined) {
      const moment = { now: started_at + 100, isInMaintenance };
      const step = advance(state, resultOf(resultClass, started_at), definition, moment);
      state = step.state;
      told.push(...step.effects.map((effect) => `${minute}: ${inShort(effect)}`));
      effects.push(...step.effects);
    }
    minute += 1;
  }
  return { state, told, effects };
}

/** As in `open critical down from 0`. */
function inShort(effect: Effect): string {
  if (effect.do === 'resolve') return `resolve as of ${minuteOf(effect.resolved_at)}`;
  const { severity, state, started_at, is_flapping } = effect.incident;
  return `${effect.do} ${severity} ${state} from ${minuteOf(started_at)}${is_flapping ? ', flapping' : ''}`;
}

function minuteOf(at: number): number {
  return (at - START) / MINUTE;
}

describe('an outage', () => {
  it('is known after three failures in a row, and began with the first', () => {
    expect(course('uudd').told).toEqual([]);
    expect(course('uuddd').told).toEqual(['4: open critical down from 2']);
  });

  it('is over after two good checks in a row, as of the first', () => {
    expect(course('ddddu').told).toEqual(['2: open critical down from 0']);
    expect(course('dddduu').told).toEqual(['2: open critical down from 0', '5: resolve as of 4']);
  });

  it('is opened once, however long it lasts', () => {
    expect(course('d'.repeat(100)).told).toEqual(['2: open critical down from 0']);
  });

  it.each(['ddudd', 'duduu', 'ududud'])('is none where failures are not in a row, as in %s', (checks) => {
    expect(course(checks).told).toEqual([]);
  });

  it.each(['dddud', 'dddudud'])('goes on where good checks are not in a row, as in %s', (checks) => {
    expect(course(checks).told).toHaveLength(1);
  });

  it('is known and over by as many checks as its monitor asks for', () => {
    const definition = definitionOf({ failure_threshold: 1, success_threshold: 3, severity: 'info' });
    expect(course('uduuu', definition).told).toEqual(['1: open info down from 1', '4: resolve as of 2']);
  });

  it('of a job that did not call in is known and over at once', () => {
    const heartbeat = definitionOf({ type: 'heartbeat', url: undefined, period_s: 60 });
    expect(course('du', heartbeat).told).toEqual(['0: open critical down from 0', '1: resolve as of 1']);
  });

  it('is told whole', () => {
    const incident: Incident = {
      started_at: START + MINUTE,
      state: 'down',
      severity: 'critical',
      down_since_at: START + MINUTE,
      is_flapping: false,
    };
    expect(course('uddduu').effects).toEqual<Effect[]>([
      { do: 'open', incident },
      { do: 'resolve', incident, resolved_at: START + 4 * MINUTE },
    ]);
    expect(incidentEventId('m1', incident)).toBe('monitor:m1:2031-05-06T00:01:00.000Z');
  });
});

describe('a degraded target', () => {
  it('is a warning, and never more', () => {
    expect(course('uggg').told).toEqual(['3: open warning degraded from 1']);
    expect(course('u' + 'g'.repeat(100)).told).toHaveLength(1);
    expect(course('ggguu').told).toEqual(['2: open warning degraded from 0', '4: resolve as of 3']);
  });

  it('is no worse than its monitor says of an outage', () => {
    expect(course('ggg', definitionOf({ severity: 'info' })).told).toEqual(['2: open info degraded from 0']);
  });

  it('that goes down is the same incident, and worse', () => {
    const { told, state } = course('gggddd');
    expect(told).toEqual(['2: open warning degraded from 0', '5: update critical down from 0']);
    expect(state.incident?.down_since_at).toBe(START + 3 * MINUTE);
  });

  it('after an outage is not up again', () => {
    expect(course('dddggguu').told).toEqual([
      '2: open critical down from 0',
      '4: update warning degraded from 0',
      '7: resolve as of 6',
    ]);
  });

  it.each<[checks: string, told: string[]]>([
    ['dgd', ['2: open warning degraded from 0']],
    ['gdd', ['2: open warning degraded from 0']],
    ['gddd', ['2: open warning degraded from 0', '3: update critical down from 0']],
    ['dddug', ['2: open critical down from 0', '4: update warning degraded from 0']],
    ['dddgu', ['2: open critical down from 0', '4: update warning degraded from 0']],
    ['dddgud', ['2: open critical down from 0', '4: update warning degraded from 0']],
  ])('is as bad as the checks in a row at least are, as in %s', (checks, told) => {
    expect(course(checks).told).toEqual(told);
  });
});

describe('a check that could not look', () => {
  it.each<[checks: string, told: string[]]>([
    ['???', []],
    ['dd?', []],
    ['d?d?d', ['4: open critical down from 0']],
    ['ddd?????', ['2: open critical down from 0']],
    ['dddu?u', ['2: open critical down from 0', '5: resolve as of 3']],
  ])('neither counts nor resets, as in %s', (checks, told) => {
    expect(course(checks).told).toEqual(told);
  });

  it('is shown as unknown when there are as many in a row as would make an outage', () => {
    expect(shownState(course('uu??').state, DEFINITION)).toBe('up');
    expect(shownState(course('uu???').state, DEFINITION)).toBe('unknown');
    expect(shownState(course('uu???u').state, DEFINITION)).toBe('up');
    expect(shownState(course('ddd???').state, DEFINITION)).toBe('unknown');
    expect(course('ddd???').state.incident).not.toBeNull();
  });
});

describe('the state that is shown', () => {
  it.each([
    ['', 'unknown'],
    ['u', 'up'],
    ['d', 'unknown'],
    ['du', 'up'],
    ['ud', 'up'],
    ['ddd', 'down'],
    ['dddu', 'down'],
    ['ggg', 'degraded'],
  ])('after %j is %s', (checks, shown) => {
    expect(shownState(course(checks).state, DEFINITION)).toBe(shown);
  });

  it('is paused where the monitor is', () => {
    expect(shownState(course('ddd').state, definitionOf({ paused: true }))).toBe('paused');
  });

  it.each<[checks: string, since: number | null]>([
    ['', null],
    ['d', null],
    ['uu', 0],
    ['uudddd', 2],
    ['uudddduu', 6],
    ['dggg', 0],
    ['dddggg', 3],
  ])('after %j is so since the first check that said so', (checks, since) => {
    const { since_at } = course(checks).state;
    expect(since_at === null ? null : minuteOf(since_at)).toBe(since);
  });
});

describe('checks follow each other faster', () => {
  it.each([
    ['', false],
    ['?', false],
    ['u', false],
    ['d', true],
    ['ud', true],
    ['ud?', true],
    ['udu', false],
    ['uddd', false],
    ['udddu', true],
    ['udddg', true],
    ['udddd', false],
    ['gggd', true],
    ['ggg', false],
  ])('after %j: %s', (checks, expected) => {
    expect(isConfirming(course(checks).state)).toBe(expected);
  });
});

describe('flapping', () => {
  const ONCE = 'ddduu';

  it('leaves one incident open from the fourth change within 30 minutes on, with one notice', () => {
    expect(course(ONCE.repeat(6)).told).toEqual([
      '2: open critical down from 0',
      '4: resolve as of 3',
      '7: open critical down from 5',
      '9: update critical down from 5, flapping',
      '9: notice critical down from 5, flapping',
    ]);
  });

  it('may begin with an opening', () => {
    const { told } = course(`${'d'.repeat(33)}${'uuddd'.repeat(2)}`);
    expect(told).toEqual([
      '2: open critical down from 0',
      '34: resolve as of 33',
      '37: open critical down from 35',
      '39: resolve as of 38',
      '42: open critical down from 40, flapping',
      '42: notice critical down from 40, flapping',
    ]);
  });

  it('is none where the four are further apart', () => {
    // Changes at minutes 2, 4, 32 and 34.
    const { told } = course(`ddd${'u'.repeat(27)}ddduu`);
    expect(told.at(-1)).toBe('34: resolve as of 33');
  });

  it('is over after 30 minutes without a change, as of the first good check of the last', () => {
    const flapping = ONCE.repeat(4);
    const { told } = course(flapping + 'u'.repeat(30));
    expect(told.slice(5)).toEqual(['49: resolve as of 18']);
  });

  it('that ends in an outage takes the mark off the incident', () => {
    const { told } = course(`${ONCE.repeat(4)}${'d'.repeat(40)}`);
    expect(told.slice(5)).toEqual(['52: update critical down from 5']);
  });

  it('goes on for as long as there are changes', () => {
    const slow = `${ONCE.repeat(2)}${`ddd${'u'.repeat(25)}`.repeat(5)}`;
    expect(course(slow).told).toHaveLength(5);
  });

  it('that was over for long makes way for the next outage', () => {
    const quiet = `${ONCE.repeat(2)}${'?'.repeat(60)}`;
    const impatient = definitionOf({ failure_threshold: 1 });
    expect(course(`${quiet}d`, impatient).told.slice(-2)).toEqual([
      '70: resolve as of 8',
      '70: open critical down from 70',
    ]);
    expect(course(`${quiet}ddd`).told.slice(5)).toEqual([
      '70: resolve as of 8',
      '72: open critical down from 70',
    ]);
  });

  it('tells what gets worse, and nothing that gets better', () => {
    const slow = 'ggguu'.repeat(2);
    expect(course(`${slow}gggdddggguuggg`).told).toEqual([
      '2: open warning degraded from 0',
      '4: resolve as of 3',
      '7: open warning degraded from 5',
      '9: update warning degraded from 5, flapping',
      '9: notice warning degraded from 5, flapping',
      '15: update critical down from 5, flapping',
    ]);
  });

  it('is not counted across checks that could not look, nor ended by them', () => {
    expect(course(ONCE.repeat(2) + '?'.repeat(60)).state.incident?.is_flapping).toBe(true);
    expect(course(`${ONCE.repeat(2)}${'?'.repeat(60)}u`).told.slice(5)).toEqual(['70: resolve as of 8']);
  });
});

describe('maintenance', () => {
  it('opens nothing', () => {
    const { told, state } = course('u(ddddd)');
    expect({ told, shown: shownState(state, DEFINITION) }).toEqual({ told: [], shown: 'down' });
    expect(course('u(ddddduu)u').told).toEqual([]);
  });

  it('that leaves an outage behind pages for it, as of the first bad check after it', () => {
    expect(course('u(dddd)d').told).toEqual(['5: open critical down from 5']);
    expect(course('u(dddd)ud').told).toEqual(['6: open critical down from 6']);
    expect(course('u(dddd)uu').told).toEqual([]);
    expect(course('u(dddd)gg').told).toEqual(['6: open warning degraded from 6']);
  });

  it('counts failures in a row that go on after it', () => {
    expect(course('u(dd)d').told).toEqual(['3: open critical down from 1']);
  });

  it('resolves what was open', () => {
    expect(course('ddd(duu)').told).toEqual(['2: open critical down from 0', '5: resolve as of 4']);
  });

  it('makes nothing worse, and better what gets better', () => {
    expect(course('ggg(dddd)').told).toEqual(['2: open warning degraded from 0']);
    expect(course('ggg(dddd)d').told.slice(1)).toEqual(['7: update critical down from 0']);
    expect(course('ddd(gg)').told.slice(1)).toEqual(['4: update warning degraded from 0']);
  });

  it('is no part of flapping', () => {
    expect(course(`(${'ddduu'.repeat(6)})ddd`).told).toEqual(['32: open critical down from 30']);
  });
});

describe('a result that comes late', () => {
  const moment = { now: START + 10 * MINUTE, isInMaintenance: false };
  const { state } = course('dd');

  it.each([0, 1])('changes nothing where it began no later than the newest', (minute) => {
    const late = resultOf('down', START + minute * MINUTE);
    expect(advance(state, late, DEFINITION, moment)).toEqual({ state, effects: [] });
  });

  it('counts where the newest lies in the future, as the clock was set back', () => {
    const earlier = resultOf('down', START - 60 * MINUTE);
    const step = advance(state, earlier, DEFINITION, { ...moment, now: START - 59 * MINUTE });
    expect(step.effects.map(({ do: kind }) => kind)).toEqual(['open']);
  });
});

describe('the end of watching', () => {
  it('resolves what is open, and forgets the rest', () => {
    const { state } = course('ddd');
    const at = START + 5 * MINUTE;
    expect(stopWatching(state, at)).toEqual({
      state: INITIAL_STATE,
      effects: [{ do: 'resolve', incident: state.incident, resolved_at: at }],
    });
    expect(stopWatching(course('udd').state, at)).toEqual({ state: INITIAL_STATE, effects: [] });
  });
});

describe('a severity that is changed', () => {
  it('holds for the open incident from the next bad check on', () => {
    const { state } = course('ddd');
    const result = resultOf('down', START + 3 * MINUTE);
    const moment = { now: result.started_at, isInMaintenance: false };
    const step = advance(state, result, definitionOf({ severity: 'warning' }), moment);
    expect(step.effects.map(inShort)).toEqual(['update warning down from 0']);
  });
});
