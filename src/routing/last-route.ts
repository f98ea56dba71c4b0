import { PAGERDUTY } from '../destinations/operators-pagerduty';
import { rankOf, SEVERITIES, type Severity } from '../normalization/normalized-event';
import { DEFAULT_ROUTE, type Route } from './route';

/**
 * The built-in route behind an account's own, which nobody can take away: what is severe enough goes to the operator's
 * PagerDuty and to every destination of the account. So a gap in the rules costs nobody a page.
 *
 * @param from the least severity that is sent
 * @param own the account's destinations, by the outbox's names
 */
export function lastRoute(from: Severity, own: readonly string[]): Route {
  return {
    id: DEFAULT_ROUTE,
    name: DEFAULT_ROUTE,
    enabled: true,
    match: { severity: severitiesFrom(from) },
    to: [PAGERDUTY, ...own],
    continue: false,
    shadow: false,
    percent: 100,
    mute_until: null,
    min_duration_s: null,
    remind_every_s: null,
    fallback: null,
    fallback_after_s: 0,
  };
}

/** A severity and all that are worse, least first. */
export function severitiesFrom(least: Severity): readonly Severity[] {
  return SEVERITIES.filter((severity) => rankOf(severity) >= rankOf(least));
}
