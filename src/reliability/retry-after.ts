/** Longest delay that a peer may ask for; more is taken as this. */
export const RETRY_AFTER_MAX_MS = 3_600_000;

/** The three forms of HTTP-date (RFC 9110 section 5.6.7). Date.parse alone would also take `abc 12`. */
const HTTP_DATES = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

/**
 * How long a `Retry-After` header asks to wait, in milliseconds from `now`, at most `RETRY_AFTER_MAX_MS`: a
 * number of seconds or a date (RFC 9110 section 10.2.3). Null where it says nothing that can be followed: absent,
 * nonsense, or a date that has passed.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | null {
  const text = value?.trim() ?? '';
  const delayMs = /^\d+$/.test(text) ? Number(text) * 1000 : parseHttpDate(text) - now;
  return delayMs >= 0 ? Math.min(delayMs, RETRY_AFTER_MAX_MS) : null;
}

/** Milliseconds since 1970, or NaN. */
function parseHttpDate(text: string): number {
  if (!HTTP_DATES.some((form) => form.test(text))) return NaN;
  // asctime's form names no zone; it is UTC too, and Date.parse would take it for local time.
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}
