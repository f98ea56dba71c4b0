import { MINUTE_MS } from '../../events/summary/time-buckets';
import { clip, unite, type Span } from '../../monitors/model/spans';
import type { History } from './history';
import { incidentsWithin, spanOf, type Fault, type Incident } from './incident';

/** What was bad of an objective in a span, and what was going on meanwhile. */
export interface Spending {
  /** During each incident, the most first. What two incidents share is in both. */
  readonly incidents: readonly { readonly incident: Incident; readonly bad: number }[];
  /** All of it, each once. What happened during incidents of both kinds is our own. */
  readonly by_fault: Readonly<Record<Fault | 'unexplained', number>>;
}

/** What spent an objective's budget, as far as incidents tell: bad is whose minutes they were going on in. */
export function spendingOf(history: History, incidents: readonly Incident[], within: Span): Spending {
  const concerned = incidentsWithin(incidents, within).map((incident) => ({
    incident,
    span: clip(wholeMinutes(spanOf(incident, within)), within),
  }));
  const badOf = (spans: readonly Span[]): number =>
    unite(spans).reduce((sum, span) => sum + history.within(span).bad, 0);
  const own = badOf(concerned.filter(({ incident }) => incident.fault === 'own').map(({ span }) => span));
  const explained = badOf(concerned.map(({ span }) => span));
  return {
    incidents: concerned
      .map(({ incident, span }) => ({ incident, bad: history.within(span).bad }))
      .sort((one, other) => other.bad - one.bad),
    by_fault: { own, vendor: explained - own, unexplained: history.within(within).bad - explained },
  };
}

/** Counts are by minute: an incident had the minutes that it began and ended in. */
export function wholeMinutes({ from_at, until_at }: Span): Span {
  return {
    from_at: Math.floor(from_at / MINUTE_MS) * MINUTE_MS,
    until_at: Math.ceil(until_at / MINUTE_MS) * MINUTE_MS,
  };
}
