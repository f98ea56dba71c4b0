/** 2^52 times any base is beyond every limit in use, and still a finite number. */
const MAX_DOUBLINGS = 52;

/**
 * Time to wait before a retry, in whole milliseconds: anywhere between 0 and a ceiling that doubles with each
 * attempt, so that clients that failed together do not come back together.
 *
 * Source: "Full Jitter" in https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param attempt 1 is the first retry, whose ceiling is `baseMs`
 * @param maxMs the ceiling never grows beyond this
 * @param random a number from 0 (included) to 1 (excluded), as Math.random gives
 */
export function fullJitter(attempt: number, baseMs: number, maxMs: number, random: () => number): number {
  const ceilingMs = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, MAX_DOUBLINGS));
  return Math.floor(random() * ceilingMs);
}
