import { rankOf, type NormalizedEvent, type Severity } from '../normalization/normalized-event';

/** Which events of an account are wanted where. */
export interface RoutingRules {
  /** The least severity that is sent. */
  readonly from_severity: Severity;
  /** The outbox's names of the destinations that get it. */
  readonly destinations: readonly string[];
}

/** Names of the destinations that should hear of an unresolved event. */
export function wantedAt(event: Pick<NormalizedEvent, 'severity'>, rules: RoutingRules): readonly string[] {
  return rankOf(event.severity) >= rankOf(rules.from_severity) ? rules.destinations : [];
}
