import { pauseChanges, spanChanges, type SpanChange } from './span-changes';
import { advance, INITIAL_STATE, stopWatching, type MonitorState } from './state';
import type { CheckResult, MonitorDefinition, ResultClass } from './monitor';
import { readDefinition } from './definition';

function definition(): MonitorDefinition {
  const fields = { name: 'API', url: 'https://api.example.com/', failure_threshold: 2, success_threshold: 2 };
  const reading = readDefinition(fields);
  if ('faults' in reading) throw new Error(JSON.stringify(reading.faults));
  return reading.definition;
}

/** A check in each of the minutes from 1 on, and what it began and ended; the state after all. */
function play(...classes: ResultClass[]): { state: MonitorState; told: string[] } {
  let state = INITIAL_STATE;
  const told: string[] = [];
  classes.forEach((resultClass, index) => {
    const now = index + 1;
    const result = { class: resultClass, reason: null, started_at: now } as CheckResult;
    const next = advance(state, result, definition(), { now, isInMaintenance: false }).state;
    told.push(...spanChanges(state, next, now).map(text));
    state = next;
  });
  return { state, told };
}

const text = ({ state, do: what, at }: SpanChange): string => `${state} ${what}s at ${at}`;

describe('stretches of a monitor’s life', () => {
  it.each<[what: string, classes: ResultClass[], told: string[]]>([
    ['all is well', ['up', 'up', 'degraded', 'degraded', 'up'], []],
    ['one check failed', ['up', 'down', 'up'], []],
    [
      'an outage was confirmed and is over: from the first bad check to the first good one',
      ['up', 'down', 'down', 'down', 'up', 'up'],
      ['down begins at 2', 'down ends at 5'],
    ],
    [
      'it got better, and is degraded',
      ['down', 'down', 'degraded', 'degraded', 'up', 'up'],
      ['down begins at 1', 'down ends at 3'],
    ],
    [
      'this side could not look',
      ['up', 'unknown', 'unknown', 'up'],
      ['unknown begins at 2', 'unknown ends at 4'],
    ],
    [
      'this side could not look in an outage, which goes on',
      ['down', 'down', 'unknown', 'down'],
      ['down begins at 1', 'unknown begins at 3', 'unknown ends at 4'],
    ],
  ])('where %s', (_what, classes, told) => {
    expect(play(...classes).told).toEqual(told);
  });

  it('end where a monitor begins anew', () => {
    const { state } = play('down', 'down', 'unknown');
    const stopped = stopWatching(state, 9).state;
    expect(spanChanges(state, stopped, 9).map(text)).toEqual(['down ends at 9', 'unknown ends at 9']);
  });

  it('begin and end with a pause', () => {
    expect(pauseChanges(false, true, 7).map(text)).toEqual(['paused begins at 7']);
    expect(pauseChanges(true, false, 8).map(text)).toEqual(['paused ends at 8']);
    expect(pauseChanges(true, true, 8)).toEqual([]);
  });
});
