import { MINUTE_MS } from '../../events/summary/time-buckets';
import { coverageOf, hasData, MILLION, totalOf, type Counts } from './counts';

/** What stands for what cannot be told. */
export const NOTHING = '–';

/**
 * What was not bad, in percent to four places, which is as exact as objectives are. Cut and not rounded: what missed
 * its target never looks as if it had met it, and only what has no flaw is 100 %.
 */
export function actualText(counts: Counts): string {
  if (!hasData(counts)) return NOTHING;
  const total = totalOf(counts);
  const ppm = (BigInt(total - counts.bad) * BigInt(MILLION)) / BigInt(total);
  return `${(Number(ppm) / 10_000).toFixed(4)} %`;
}

/** The same, and how much was seen of what should have been, where that is not all. */
export function actualAndKnownText(counts: Counts): string {
  const text = actualText(counts);
  return counts.unseen === 0 || text === NOTHING
    ? text
    : `${text} (${percentText(coverageOf(counts))} of the time known)`;
}

/** A target in percent, with the places that it has. */
export function targetText(target: number): string {
  return `${Math.round(target * MILLION) / 10_000} %`;
}

/** A part in percent, to one place. */
export function percentText(part: number | null): string {
  return part === null ? NOTHING : `${withoutMinusZero((part * 100).toFixed(1))} %`;
}

/** A change in percentage points, with its sign. */
export function changeText(change: number | null, places: number): string {
  if (change === null) return NOTHING;
  const text = withoutMinusZero((change * 100).toFixed(places));
  return change > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** Hours, minutes and seconds, the largest two that it has. */
export function durationText(durationMs: number): string {
  const seconds = Math.round(durationMs / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (seconds < 3_600) return parts(`${minutes} min`, seconds % 60, 's');
  return parts(`${Math.floor(minutes / 60)} h`, minutes % 60, 'min');
}

/** An instant for people, in UTC, to the minute. */
export function instantText(at: number): string {
  return `${new Date(Math.floor(at / MINUTE_MS) * MINUTE_MS).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function parts(larger: string, rest: number, unit: string): string {
  return rest === 0 ? larger : `${larger} ${rest} ${unit}`;
}

function withoutMinusZero(text: string): string {
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}
