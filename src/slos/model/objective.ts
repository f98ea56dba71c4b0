import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../events/summary/time-buckets';
import { MILLION } from './counts';
import type { BOUNDS_MS } from './histogram';

/** The windows that an objective can be kept over, rolling, and how long they are. */
export const OBJECTIVE_WINDOWS = {
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '28d': 28 * DAY_MS,
  '30d': 30 * DAY_MS,
  '90d': 90 * DAY_MS,
} as const;
export type ObjectiveWindow = keyof typeof OBJECTIVE_WINDOWS;

/** The windows that burn rates are told over. */
export const BURN_WINDOWS = {
  '5m': 5 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '24h': 24 * HOUR_MS,
  '72h': 72 * HOUR_MS,
} as const;
export type BurnWindow = keyof typeof BURN_WINDOWS;
export const BURN_WINDOW_NAMES = Object.keys(BURN_WINDOWS) as BurnWindow[];

/** A bound that latencies can be held to. */
export type Bound = (typeof BOUNDS_MS)[number];

/** Whether an answer was computed or taken from a cache. */
export const CACHE_STATES = ['hit', 'miss'] as const;
export type CacheState = (typeof CACHE_STATES)[number];

/** What every objective has. The names of fields are those of the API and of the file. */
interface NamedObjective {
  /** Unique among those of its account. */
  readonly id: string;
  /** Whose requests, monitors or deliveries count; null for those of all accounts together. */
  readonly account_id: string | null;
  readonly name: string;
  /** The part that has to be good, above 0 and below 1, to six places. A p95 is an objective of 0.95. */
  readonly objective: number;
  readonly window: ObjectiveWindow;
}

/** Requests that are answered well, of all but those refused for the client's own fault. */
export interface AvailabilityObjective extends NamedObjective {
  readonly kind: 'availability';
  /** Such as `POST /events`, by the pattern of the path. */
  readonly routes: readonly string[];
}

/** Requests that are answered in less than `below_ms`, of those that are answered well. */
export interface LatencyObjective extends NamedObjective {
  readonly kind: 'latency';
  readonly routes: readonly string[];
  /** Only answers from a cache, or only those that are not; null for both. */
  readonly cache: CacheState | null;
  readonly below_ms: Bound;
}

/** Events that are stored in less than `below_ms` after they were queued. */
export interface QueueLatencyObjective extends NamedObjective {
  readonly kind: 'queue_latency';
  readonly queue: string;
  readonly below_ms: Bound;
}

/** Deliveries that arrive in less than `below_ms` after their event was stored. */
export interface DeliveryLatencyObjective extends NamedObjective {
  readonly kind: 'delivery_latency';
  readonly below_ms: Bound;
}

/** Requests that are not answered with 5xx, of all. */
export interface ErrorRateObjective extends NamedObjective {
  readonly kind: 'error_rate';
  /** Null for all routes. */
  readonly routes: readonly string[] | null;
}

/** Minutes in which a monitor's target was not down. */
export interface MonitorObjective extends NamedObjective {
  readonly kind: 'monitor';
  /** Null for each, on its own (`each-objective.ts`). */
  readonly monitor: string | null;
}

/** Minutes in which a vendor was not down. */
export interface VendorObjective extends NamedObjective {
  readonly kind: 'vendor';
  /** Null for each, on its own. */
  readonly vendor: string | null;
}

/** What somebody promised, as data. */
export type Objective =
  | AvailabilityObjective
  | LatencyObjective
  | QueueLatencyObjective
  | DeliveryLatencyObjective
  | ErrorRateObjective
  | MonitorObjective
  | VendorObjective;

export const OBJECTIVE_KINDS = [
  'availability',
  'latency',
  'queue_latency',
  'delivery_latency',
  'error_rate',
  'monitor',
  'vendor',
] as const satisfies readonly Objective['kind'][];

/** What may be bad, in parts of a million; at least 1. */
export function allowedPpm({ objective }: Pick<Objective, 'objective'>): number {
  return MILLION - Math.round(objective * MILLION);
}

export function windowMs({ window }: Pick<Objective, 'window'>): number {
  return OBJECTIVE_WINDOWS[window];
}

/**
 * How long counts have to be kept: for the longest window, and for a report on 30 days and on the 30 before them.
 */
export function keptMs(objectives: readonly Objective[]): number {
  return Math.max(60 * DAY_MS, ...objectives.map(windowMs));
}
