/** The calendar form of ISO 8601, to the minute or finer, with a zone. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/;

/**
 * An instant as milliseconds since 1970 UTC; null for whatever leaves open which one is meant: a time without its
 * zone, a number of nobody knows what, a day that its month does not have.
 */
export function readStrictInstant(value: unknown): number | null {
  if (typeof value !== 'string' || !INSTANT.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) || !isDayOfItsMonth(value) ? null : at;
}

/** Date.parse takes 30 February for 2 March. */
function isDayOfItsMonth(instant: string): boolean {
  const day = Number(instant.slice(8, 10));
  if (day <= 28) return true;
  const [year, month] = [Number(instant.slice(0, 4)), Number(instant.slice(5, 7))];
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
