import type { BurnBand, Slo, SloState } from '../../api/types';
import { durationText, percentText } from '../../parts/duration';
import type { StateWord } from '../../parts/state-mark';

/** How objectives stand. */
export const SLO_WORDS: Readonly<Record<SloState, StateWord>> = {
  breached: { tone: 'outage', word: 'Breached' },
  warning: { tone: 'degraded', word: 'Warning' },
  ok: { tone: 'ok', word: 'OK' },
  no_data: { tone: 'unknown', word: 'No data' },
};

/** How fast budgets are spent. */
export const BAND_WORDS: Readonly<Record<BurnBand, StateWord>> = {
  normal: { tone: 'ok', word: 'Normal' },
  watch: { tone: 'maintenance', word: 'Watch', icon: 'eye' },
  investigate: { tone: 'degraded', word: 'Investigate' },
  incident: { tone: 'outage', word: 'Incident' },
};

/** The bands of the runbook, in its words. */
export const BAND_MEANINGS: readonly {
  readonly band: BurnBand;
  readonly rates: string;
  readonly todo: string;
}[] = [
  { band: 'normal', rates: 'below 1 ×', todo: 'nothing to do' },
  { band: 'watch', rates: '1 to below 2 ×', todo: 'watch it' },
  { band: 'investigate', rates: '2 to 5 ×', todo: 'investigate, consider freezing deploys' },
  { band: 'incident', rates: 'above 5 ×', todo: 'treat it as an incident' },
];

type Counts = Pick<Slo, 'good' | 'bad' | 'unseen'>;

/** What each objective counts, one and many. */
const COUNTED: Readonly<Record<Slo['kind'], string>> = {
  availability: 'requests',
  error_rate: 'requests',
  latency: 'answers',
  queue_latency: 'events',
  delivery_latency: 'deliveries',
  monitor: 'minutes',
  vendor: 'minutes',
};

const BAD: Readonly<Record<Slo['kind'], string>> = {
  availability: 'failed',
  error_rate: 'failed',
  latency: 'were too slow',
  queue_latency: 'were stored too late',
  delivery_latency: 'came too late',
  monitor: 'were down',
  vendor: 'were down',
};

/** What the part that was kept is called. */
export const KEPT_LABELS: Readonly<Record<Slo['kind'], string>> = {
  availability: 'Availability',
  error_rate: 'Without errors',
  latency: 'Quick enough',
  queue_latency: 'Stored in time',
  delivery_latency: 'Delivered in time',
  monitor: 'Availability',
  vendor: 'Availability',
};

/** A window in full: `30 days`. */
export function windowText(window: string): string {
  const count = Number.parseInt(window, 10);
  const unit = { m: 'minute', h: 'hour', d: 'day' }[window.at(-1) ?? 'd'] ?? 'day';
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A whole number with its thousands apart. */
export function countText(count: number): string {
  return count.toLocaleString('en');
}

/** A part of what has to be good, in percent, with the places that it has: `99.9 %`. */
export function targetText(part: number): string {
  return `${Math.round(part * 1_000_000) / 10_000} %`;
}

/** What was kept, in percent to four places, cut and not rounded. */
export function keptText(part: number | null): string {
  return percentText(part === null ? null : part * 100, 4);
}

/** How many were bad of how many: `30 of 6,000 requests failed`. */
export function badText({ kind, ...counts }: Pick<Slo, 'kind'> & Counts): string {
  if (counts.good + counts.bad === 0) return `no ${COUNTED[kind]} counted`;
  return `${ofAllText(counts)} ${COUNTED[kind]} ${BAD[kind]}${unseenText(counts)}`;
}

/** How many were bad of all. */
export function ofAllText({ good, bad, unseen }: Counts): string {
  return `${countText(bad)} of ${countText(good + bad + unseen)}`;
}

/** Of how many of all nothing is known, where there are such. */
export function unseenText({ unseen }: Counts): string {
  return unseen === 0 ? '' : `, ${countText(unseen)} unseen`;
}

/** How many minutes, whatever their sign; to a tenth below a hundred. */
export function minutesText(minutes: number): string {
  return `${sizeText(minutes, Math.abs(minutes) < 100 ? 1 : 0)} min`;
}

/** How large a part is in percent, whatever its sign; to one place. */
export function shareText(part: number): string {
  return `${sizeText(part * 100, 1)} %`;
}

/** How much of a budget was spent: never shown as less than it is. */
export function spentText(part: number): string {
  return shareText(-part);
}

/** Cut downwards: what is left never looks like more, and what was overspent never like less. */
function sizeText(value: number, places: number): string {
  // The margin is for numbers such as 27.2, which are a little below what they read.
  const cut = Math.floor(value * 10 ** places + 1e-6) / 10 ** places;
  return Math.abs(cut).toLocaleString('en', { maximumFractionDigits: places });
}

/** What is left of a budget, or by how much it was overspent: never cut at nothing. */
export interface BudgetWords {
  /** In minutes of full outage. */
  readonly minutes: string;
  /** As a part of the whole budget. */
  readonly share: string;
}

/** Null without data. */
export function budgetWords(
  slo: Pick<Slo, 'objective' | 'window' | 'budget_left_minutes' | 'budget_left_ratio'>,
): BudgetWords | null {
  const { budget_left_minutes: minutes, budget_left_ratio: ratio } = slo;
  if (minutes === null || ratio === null) return null;
  const whole = minutesText(wholeBudgetMinutes(slo));
  return minutes < 0
    ? { minutes: `${minutesText(minutes)} over`, share: `overspent by ${shareText(ratio)} of ${whole}` }
    : { minutes: `${minutesText(minutes)} left`, share: `${shareText(ratio)} of ${whole}` };
}

/** The whole budget of an objective's window, in minutes of full outage. */
export function wholeBudgetMinutes({ objective, window }: Pick<Slo, 'objective' | 'window'>): number {
  const hours = window === '24h' ? 24 : Number.parseInt(window, 10) * 24;
  return Math.round((1 - objective) * 1_000_000) * hours * 60e-6;
}

/** A burn rate: `2.4 ×`. */
export function burnText(rate: number | null): string {
  if (rate === null) return '–';
  const places = rate < 10 ? 2 : rate < 100 ? 1 : 0;
  return `${rate.toLocaleString('en', { maximumFractionDigits: places })} ×`;
}

/** A part that may be small: `0.0144` is `1.44 %`. */
export function partText(part: number): string {
  return `${(part * 100).toLocaleString('en', { maximumSignificantDigits: 3 })} %`;
}

/** When a budget will be gone, as far as the last hour tells; nothing is said without data. */
export function exhaustionText(
  slo: Pick<Slo, 'exhausted_at' | 'budget_left_ratio' | 'burn_rates'>,
  now: number,
): string {
  if (slo.budget_left_ratio === null) return '';
  if (slo.budget_left_ratio <= 0) return 'The budget is spent.';
  if (!slo.burn_rates['1h']) return 'Nothing is being spent.';
  if (slo.exhausted_at === null) return 'At this rate it outlasts the window.';
  return `At this rate it is spent in ${durationText(Math.max(0, Date.parse(slo.exhausted_at) - now))}.`;
}

/** What changed against the window before, in percentage points: `0.0123 points better`. */
export function changeText(change: number | null, better: 'more' | 'less', places: number): string {
  if (change === null) return 'nothing before';
  const size = Math.abs(change * 100);
  if (Number(size.toFixed(places)) === 0) return 'as before';
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  const points = size.toLocaleString('en', digits);
  const isBetter = change > 0 === (better === 'more');
  return `${points} points ${isBetter ? 'better' : 'worse'}`;
}
