import type { Kind, Severity } from '../normalization/normalized-event';
import type { TimeWindow } from './time-window';

/** Name and id of the built-in route behind an account's own. */
export const DEFAULT_ROUTE = 'default';

/** An account has at most so many routes: each event that was never seen before is compared with all of them. */
export const MAX_ROUTES = 500;

/** Which events a route is for: those that meet every condition there is. Of a list, any value will do. */
export interface RouteMatch {
  /** `*` stands for any text, here and in `service` and `type`. */
  readonly source?: readonly string[];
  readonly service?: readonly string[];
  readonly type?: readonly string[];
  readonly kind?: readonly Kind[];
  readonly severity?: readonly Severity[];
  /** Judged when it is decided what is sent. */
  readonly time?: TimeWindow;
}

/** One ordered rule of an account, as it is stored. */
export interface Route {
  /** `route-` and 12 hexadecimal digits. */
  readonly id: string;
  /** Unique within the account. */
  readonly name: string;
  readonly enabled: boolean;
  readonly match: RouteMatch;
  /** The outbox's names of the destinations; none is deliberate silence. */
  readonly to: readonly string[];
  /** Whether the routes behind it are asked as well. */
  readonly continue: boolean;
  /** Only tried out: it is written down what it would send, and everything goes on as if it were not there. */
  readonly shadow: boolean;
  /** Of how many events in a hundred it is a route at all, chosen by a hash of account and id. */
  readonly percent: number;
  /** Until then its triggers wait, milliseconds since 1970. */
  readonly mute_until: number | null;
  /** An event that is over sooner is told to nobody. */
  readonly min_duration_s: number | null;
  readonly remind_every_s: number | null;
  /** The destination that stands in where one of `to` fails. */
  readonly fallback: string | null;
  /** How long those of `to` have until it does. */
  readonly fallback_after_s: number;
}

/** Whether a route that is matched is the last that has a say. One in shadow never is: it would take pages away. */
export function endsWalk(route: Pick<Route, 'continue' | 'shadow'>): boolean {
  return !route.continue && !route.shadow;
}
