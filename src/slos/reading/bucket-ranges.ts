import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import type { Span } from '../../monitors/model/spans';

/** Buckets of one length that begin from an instant until another, which is excluded. */
export interface BucketRange extends Span {
  readonly span_ms: number;
}

const LENGTHS_MS = [DAY_MS, HOUR_MS, MINUTE_MS] as const;

/**
 * The buckets that make up the time from the first of some instants to the last, as few as can be so that each of the
 * instants lies between two of them: whole days, the hours that are left around them, the minutes around those. Where
 * 30 days and the windows of burn rates are asked for, these are some 600 and not 43,200.
 *
 * @param instants each the beginning of a minute
 */
export function bucketRanges(instants: readonly number[]): BucketRange[] {
  const ordered = [...new Set(instants)].sort((one, other) => one - other);
  return ordered.slice(1).flatMap((until_at, index) => tile({ from_at: ordered[index]!, until_at }, 0));
}

/** A span as buckets of a length, and what is left on both sides as shorter ones. */
function tile({ from_at, until_at }: Span, longest: number): BucketRange[] {
  const span_ms = LENGTHS_MS[longest];
  if (span_ms === undefined || from_at >= until_at) return [];
  const whole = {
    from_at: Math.ceil(from_at / span_ms) * span_ms,
    until_at: Math.floor(until_at / span_ms) * span_ms,
  };
  if (whole.from_at >= whole.until_at) return tile({ from_at, until_at }, longest + 1);
  return [
    ...tile({ from_at, until_at: whole.from_at }, longest + 1),
    { span_ms, ...whole },
    ...tile({ from_at: whole.until_at, until_at }, longest + 1),
  ];
}
