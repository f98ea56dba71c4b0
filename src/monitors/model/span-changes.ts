import type { MonitorState } from './state';

/** Stretches of a monitor's life that availability counts otherwise than as up. */
export const SPAN_STATES = ['down', 'unknown', 'paused'] as const;
export type SpanState = (typeof SPAN_STATES)[number];

/** The beginning or the end of such a stretch. */
export interface SpanChange {
  readonly state: SpanState;
  readonly do: 'begin' | 'end';
  readonly at: number;
}

/**
 * What a new state begins and ends. A target is *down* from the first of the checks that found it so until the first of
 * those that found it better, and *unknown* from the first check that could not look until the next one that could.
 *
 * @param now stands for what the new state does not say, as where a monitor begins anew
 */
export function spanChanges(before: MonitorState, after: MonitorState, now: number): SpanChange[] {
  return [
    ...change('down', before.verdict === 'down', after.verdict === 'down', after.since_at ?? now),
    ...change(
      'unknown',
      before.unknown !== null,
      after.unknown !== null,
      after.unknown?.since_at ?? after.judged_at ?? now,
    ),
  ];
}

/** What switching a monitor off or on begins and ends. */
export function pauseChanges(wasPaused: boolean, isPaused: boolean, now: number): SpanChange[] {
  return change('paused', wasPaused, isPaused, now);
}

function change(state: SpanState, was: boolean, is: boolean, at: number): SpanChange[] {
  if (was === is) return [];
  return [{ state, do: is ? 'begin' : 'end', at }];
}
