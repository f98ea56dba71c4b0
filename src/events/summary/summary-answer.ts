import { iso } from '../../normalization/instant';
import { SEVERITIES, type Severity } from '../../normalization/normalized-event';
import type { EventCountEntity } from './event-count.entity';
import type { SummaryWindow } from './summary-window';
import type { SummaryView } from './summary-views';
import { mostActive, type TopUsers } from './top-users';
import { OTHER_TYPES } from './type-limit';

const MAX_SHOWN_TYPES = 50;
const MAX_SHOWN_USERS = 10;

/** So many open incidents are counted; one more says that there are more. */
export const MAX_OPEN = 10_000;

/** A summary, as it is computed and kept. */
export type Summary = Omit<SummaryView, 'cached'>;

/** Counters, added up over buckets and processes. */
export type CountSum = Pick<EventCountEntity, 'severity' | 'source' | 'type' | 'count'>;

/** What was read for a summary. */
export interface SummaryParts {
  readonly account_id: string;
  readonly window: SummaryWindow;
  readonly startAt: number;
  readonly now: number;
  readonly counts: readonly CountSum[];
  readonly top: TopUsers;
  /** How many events the buckets of `top` hold, where they are not those of `counts`. */
  readonly eventsOfUsers: number | null;
  readonly open: number;
}

/** Makes the answer of what was read. */
export function summarize(parts: SummaryParts): Summary {
  const { account_id, window, startAt, now, counts, top, open, eventsOfUsers } = parts;
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const types = sumBy(counts, 'type');
  const hasOtherTypes = types.delete(OTHER_TYPES);
  const hasOtherEvents = eventsOfUsers !== null && eventsOfUsers > total;
  return {
    account_id,
    window,
    window_start: iso(startAt),
    total,
    by_type: highest(types, MAX_SHOWN_TYPES).map(([type, count]) => ({ type, count })),
    by_severity: bySeverity(sumBy(counts, 'severity')),
    by_source: Object.fromEntries([...sumBy(counts, 'source')].sort(([a], [b]) => (a < b ? -1 : 1))),
    open_incidents: Math.min(open, MAX_OPEN),
    top_users: mostActive(top, MAX_SHOWN_USERS).map(([user_id, count]) => ({ user_id, count })),
    approximate: hasOtherTypes || top.cut > 0 || hasOtherEvents || open > MAX_OPEN,
    generated_at: iso(now),
  };
}

function sumBy(counts: readonly CountSum[], field: 'severity' | 'source' | 'type'): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of counts) sums.set(row[field], (sums.get(row[field]) ?? 0) + row.count);
  return sums;
}

function highest(sums: ReadonlyMap<string, number>, limit: number): [string, number][] {
  return [...sums].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).slice(0, limit);
}

function bySeverity(sums: ReadonlyMap<string, number>): Record<Severity, number> {
  const entries = SEVERITIES.map((severity) => [severity, sums.get(severity) ?? 0] as const);
  return Object.fromEntries(entries) as Record<Severity, number>;
}
