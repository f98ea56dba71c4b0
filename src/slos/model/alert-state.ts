import { MINUTE_MS } from '../../events/summary/time-buckets';

/**
 * What a measurement says about an alert's condition: it holds (`above`), it is clearly over (`below`), or it is
 * neither (`between`), which opens nothing and resolves nothing, so that a value near its limit does not open and
 * resolve in turn. `unknown` where nothing was measured.
 */
export type Reading = 'above' | 'between' | 'below' | 'unknown';

/** What is remembered of an alert from reading to reading. Plain data: it survives being JSON. */
export type AlertState =
  | { readonly phase: 'quiet' }
  /** The condition holds, and not for long enough yet. */
  | { readonly phase: 'pending'; readonly since_at: number; readonly read_at: number }
  | {
      readonly phase: 'open';
      /** Since when the condition held. */
      readonly since_at: number;
      /** Since when it is clearly over; null while it is not. */
      readonly clear_at: number | null;
      readonly read_at: number;
    };

export const QUIET: AlertState = { phase: 'quiet' };

/** How long a condition holds before an alert opens, and is over before it resolves. */
export interface Patience {
  readonly for_ms: number;
  readonly clear_for_ms: number;
}

/** What has to be told. */
export type AlertEffect =
  | { readonly do: 'open'; readonly since_at: number }
  | { readonly do: 'resolve'; readonly since_at: number; readonly resolved_at: number };

export interface AlertStep {
  readonly state: AlertState;
  readonly effect: AlertEffect | null;
}

/** Readings that are further apart say nothing of the time between them. */
export const MAX_GAP_MS = 3 * MINUTE_MS;

/**
 * The state machine of every alert. Pure: the clock is an argument.
 *
 * A *quiet* alert whose condition holds is *pending*, and opens once the condition has held for `for_ms`, at once where
 * that is 0. A reading that is not above makes a pending alert quiet again. An *open* alert resolves once its condition
 * has been clearly over for `clear_for_ms`, as of the first such reading. An unknown reading changes nothing: it neither
 * confirms nor refutes. Time is only counted between readings that follow each other: after more than `MAX_GAP_MS`, as
 * after a stop of the service or a step of the clock, and where the clock was set back, it is counted anew. So neither
 * opens an alert nor resolves one.
 */
export function advanceAlert(
  state: AlertState,
  reading: Reading,
  patience: Patience,
  now: number,
): AlertStep {
  if (reading === 'unknown') return { state, effect: null };
  if (state.phase === 'open') return advanceOpen(state, reading, patience, now);
  if (reading !== 'above') return { state: QUIET, effect: null };
  const since_at = state.phase === 'pending' && follows(state.read_at, now) ? state.since_at : now;
  if (now - since_at < patience.for_ms) {
    return { state: { phase: 'pending', since_at, read_at: now }, effect: null };
  }
  const open: AlertState = { phase: 'open', since_at, clear_at: null, read_at: now };
  return { state: open, effect: { do: 'open', since_at } };
}

function advanceOpen(
  state: Extract<AlertState, { phase: 'open' }>,
  reading: Reading,
  { clear_for_ms }: Patience,
  now: number,
): AlertStep {
  const { since_at } = state;
  if (reading !== 'below') return { state: { ...state, clear_at: null, read_at: now }, effect: null };
  const clear_at = state.clear_at !== null && follows(state.read_at, now) ? state.clear_at : now;
  if (now - clear_at < clear_for_ms) return { state: { ...state, clear_at, read_at: now }, effect: null };
  // The clock may have been set back since it opened.
  return { state: QUIET, effect: { do: 'resolve', since_at, resolved_at: Math.max(since_at, clear_at) } };
}

/** The end of watching: what is open is resolved, as nobody would ever close it. */
export function stopAlert(state: AlertState, now: number): AlertStep {
  if (state.phase !== 'open') return { state: QUIET, effect: null };
  const { since_at } = state;
  return { state: QUIET, effect: { do: 'resolve', since_at, resolved_at: Math.max(since_at, now) } };
}

function follows(readAt: number, now: number): boolean {
  return readAt <= now && now - readAt <= MAX_GAP_MS;
}
