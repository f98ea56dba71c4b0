/** A span of time since the server's start, in milliseconds; its end is not part of it. */
export interface Outage {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** How well the built-in upstream API works. */
export interface Conduct {
  /** What `GET /getEventById/:id` takes. */
  readonly delayMs: number;
  /** Share of requests that are answered 503, of 1. */
  readonly failureRate: number;
  /** Share of requests that are never answered, of 1. */
  readonly hangRate: number;
  /** Works for so long, is down for so long, and so on. Null: always works. */
  readonly flappingMs: number | null;
  /** When it is down. */
  readonly outages: readonly Outage[];
}

/** Slow, as the real ones are, and otherwise well. */
export const SLOW: Conduct = { delayMs: 500, failureRate: 0, hangRate: 0, flappingMs: null, outages: [] };

/**
 * What happens to a request. Pure.
 *
 * @param elapsedMs since the server's start
 * @param chance a number from 0 (included) to 1 (excluded), as Math.random gives
 */
export function fateOf(conduct: Conduct, elapsedMs: number, chance: number): 'answer' | 'fail' | 'hang' {
  if (isDown(conduct, elapsedMs)) return 'fail';
  if (chance < conduct.failureRate) return 'fail';
  return chance < conduct.failureRate + conduct.hangRate ? 'hang' : 'answer';
}

function isDown({ flappingMs, outages }: Conduct, elapsedMs: number): boolean {
  const isFlappedDown = flappingMs !== null && Math.floor(elapsedMs / flappingMs) % 2 === 1;
  return isFlappedDown || outages.some(({ fromMs, untilMs }) => elapsedMs >= fromMs && elapsedMs < untilMs);
}
