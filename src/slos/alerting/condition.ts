import type { AlertFacts, AlertSubject } from '../model/alert-event';
import type { Reading } from '../model/alert-state';
import { breachedReading, budgetLowReading, burnHighReading } from '../model/alerts';
import { budgetLeft, burnRateOf } from '../model/budget';
import { burnReading } from '../model/burn-rules';
import type { Counts } from '../model/counts';
import { allowedPpm, windowMs, type Objective } from '../model/objective';
import { actualText, NOTHING, percentText, targetText } from '../model/report-words';
import type { Evidence } from '../model/status';

/** The service that alerts are about which are not about a monitor's or a vendor's. */
export const OWN_SERVICE = 'signalbox';

/** What was read of an alert's condition in this minute. */
export interface Condition {
  readonly about: AlertSubject;
  readonly reading: Reading;
  readonly measured: AlertFacts['measured'];
}

/** The conditions of an objective's alerts. Pure. */
export function objectiveConditions(
  objective: Objective,
  evidence: Evidence,
  service = OWN_SERVICE,
): Condition[] {
  const { window, burns } = evidence;
  const allowed = allowedPpm(objective);
  const readings = {
    burn_page: burnReading('page', burns, allowed),
    burn_ticket: burnReading('ticket', burns, allowed),
    burn_high: burnHighReading(burns['5m'], allowed),
    breached: breachedReading(window, allowed),
    budget_low: budgetLowReading(window, allowed),
  } as const;
  const { id: subject, account_id, name } = objective;
  const measured = measuredOf(objective, evidence);
  return Object.entries(readings).map(([alert, reading]) => ({
    about: { alert: alert as keyof typeof readings, subject, account_id, name, service },
    reading,
    measured,
  }));
}

function measuredOf(objective: Objective, { window, burns }: Evidence): AlertFacts['measured'] {
  const allowed = allowedPpm(objective);
  const rate = (counts: Counts): string => burnRateOf(counts, allowed)?.toFixed(2) ?? NOTHING;
  return {
    objective: `${targetText(objective.objective)} over ${objective.window}`,
    sli: actualText(window),
    'budget left': percentText(budgetLeft(window, allowed, windowMs(objective))?.ratio ?? null),
    'burn rates over 5m, 1h, 6h, 24h': [burns['5m'], burns['1h'], burns['6h'], burns['24h']]
      .map(rate)
      .join(', '),
  };
}
