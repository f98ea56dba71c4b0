import { DAY_MS, type TroubledDay } from '../services/day-history';
import type { PublicService } from './public-status';
import { escaped } from './public-text';
import { durationText } from './public-words';

/** So many days a strip shows, the last of which is today, in UTC. */
const DAYS = 90;

const STEP = 4;
const WIDTH = DAYS * STEP;
const HEIGHT = 32;
/** Days with trouble are drawn over the others: what was degraded only in part of the height. */
const DEGRADED_TOP = 12;
/** So much wider is what hides the day beneath, whose edge would shine through. */
const EDGE = 0.3;

/** What every strip draws its uneventful days with; once in a page. */
export const DAY_PATTERNS = `<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>${[
  'ok',
  'none',
]
  .map(
    (kind) =>
      `<pattern id="p-${kind}" width="${STEP}" height="${HEIGHT}" patternUnits="userSpaceOnUse"><rect class="day-${kind}" width="${STEP - 1}" height="${HEIGHT}"/></pattern>`,
  )
  .join('')}</defs></svg>`;

/** The days of a service as a picture, and what that shows in words. */
export interface DayStrip {
  readonly svg: string;
  readonly words: string;
}

/** The last 90 days of a service. `now` and `historySince` in milliseconds since 1970 UTC. */
export function dayStrip(service: PublicService, now: number, historySince: number): DayStrip {
  const first = Math.floor(now / DAY_MS) - DAYS + 1;
  const since = Math.max(historySince, knownSince(service, now));
  const known = Math.min(DAYS, Math.max(0, Math.floor(since / DAY_MS) - first));
  // Trouble of less than half a second rounds to none, and to no colour.
  const shown = service.days.filter(
    ({ date, outage_s, degraded_s }) => indexOf(date, first) >= 0 && outage_s + degraded_s > 0,
  );
  const rects = shown.map((day) => dayRect(day, indexOf(day.date, first))).join('');
  const words = inWords(shown, DAYS - known);
  const svg = `<svg class="days" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escaped(words)}">${ground('none', 0, known)}${ground('ok', known, DAYS)}${rects}</svg>`;
  return { svg, words };
}

/** What a strip shows, in words. */
function inWords(days: readonly TroubledDay[], knownDays: number): string {
  const outages = days.filter(({ outage_s }) => outage_s > 0).length;
  const others = days.length - outages;
  const parts = [
    ...(outages === 0 ? [] : [`outage on ${daysText(outages)}`]),
    ...(others === 0 ? [] : [`degraded on ${daysText(others)}`]),
  ];
  const within =
    knownDays === DAYS
      ? `in ${DAYS} days`
      : `in the last ${daysText(knownDays)}; before that nothing is known`;
  if (knownDays === 0 && days.length === 0) return `Nothing is known of the last ${DAYS} days`;
  return `${days.length === 0 ? 'No trouble known' : capital(parts.join(', '))} ${within}`;
}

/** Checks tell nothing of the time before them; of days with trouble somebody else has told. */
function knownSince({ measured_since, evidence_at, days }: PublicService, now: number): number {
  // Nobody ever looked, or heard of it.
  if (evidence_at === null) return now + DAY_MS;
  if (measured_since === null) return -Infinity;
  const [oldest] = days;
  return oldest === undefined ? measured_since : Math.min(measured_since, Date.parse(oldest.date));
}

function indexOf(date: string, first: number): number {
  return Math.floor(Date.parse(date) / DAY_MS) - first;
}

function ground(kind: 'ok' | 'none', from: number, until: number): string {
  if (until <= from) return '';
  return `<rect x="${from * STEP}" width="${(until - from) * STEP}" height="${HEIGHT}" fill="url(#p-${kind})"/>`;
}

function dayRect({ date, outage_s, degraded_s }: TroubledDay, index: number): string {
  const isOutage = outage_s > 0;
  const said = [
    ...(isOutage ? [`outage ${durationText(outage_s * 1_000)}`] : []),
    ...(degraded_s > 0 ? [`degraded ${durationText(degraded_s * 1_000)}`] : []),
  ].join(', ');
  const top = isOutage ? 0 : DEGRADED_TOP;
  const place = `x="${index * STEP}" width="${STEP - 1}"`;
  return `<g><title>${escaped(`${date}: ${said}`)}</title><rect class="day-ground" x="${index * STEP - EDGE}" width="${STEP - 1 + 2 * EDGE}" height="${HEIGHT}"/><rect class="day-${isOutage ? 'outage' : 'degraded'}" ${place} y="${top}" height="${HEIGHT - top}"/></g>`;
}

function daysText(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
