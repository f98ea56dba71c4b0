/** ISO 8601, to the second or finer, with or without a zone. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * A page's time as milliseconds since 1970 UTC, null where there is none that can be read. Pages give ISO 8601
 * in their own zone; where one names no zone, it is taken as UTC.
 */
export function readInstant(value: unknown): number | null {
  const parts = typeof value === 'string' ? INSTANT.exec(value) : null;
  if (parts === null) return null;
  const instant = Date.parse(parts[3] === undefined ? `${parts[0]}Z` : parts[0]);
  return Number.isNaN(instant) ? null : instant;
}
