/** Bounds of what Date can print (ECMAScript: ±8.64e15 ms). */
const MAX_INSTANT = 8.64e15;

/** An instant as ISO-8601 UTC with milliseconds. */
export function iso(at: number): string {
  return new Date(Math.max(-MAX_INSTANT, Math.min(MAX_INSTANT, at))).toISOString();
}

/** The same for an instant that may be missing. */
export function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}
