import type { ReactNode } from 'react';
import type { SloDetail } from '../../api/types';
import { inFull, useNow } from '../../parts/instant';
import { StateMark } from '../../parts/state-mark';
import { BudgetBar } from './budget-bar';
import {
  badText,
  BAND_WORDS,
  budgetWords,
  burnText,
  exhaustionText,
  KEPT_LABELS,
  keptText,
  minutesText,
  targetText,
  wholeBudgetMinutes,
  windowText,
} from './slo-words';

/** What was promised, what was kept, what is left to spend, and how fast it goes. */
export function SloTiles({ slo }: { readonly slo: SloDetail }): ReactNode {
  const now = useNow();
  const budget = budgetWords(slo);
  const whole = minutesText(wholeBudgetMinutes(slo));
  const hourly = slo.burn_rates['1h'];
  return (
    <dl className="tiles slo-tiles">
      <div className="card tile">
        <dt>Objective, {windowText(slo.window)}</dt>
        <dd>{targetText(slo.objective)}</dd>
        <dd className="tile-note">allows {whole} of full outage</dd>
      </div>
      <div className="card tile">
        <dt>
          {KEPT_LABELS[slo.kind]}, {windowText(slo.window)}
        </dt>
        <dd>{slo.sli === null ? 'Cannot be told' : keptText(slo.sli)}</dd>
        <dd className="tile-note">{badText(slo)}</dd>
        {slo.plain_ratio !== null && slo.plain_ratio !== slo.sli && (
          <dd className="tile-note">
            {keptText(slo.plain_ratio)} of all requests, those refused for the client’s fault included
          </dd>
        )}
        {slo.coverage !== null && slo.coverage < 1 && (
          <dd className="tile-note">
            {keptText(slo.coverage)} of its minutes were seen; the others count as not bad
          </dd>
        )}
      </div>
      <div className="card tile">
        <dt>Budget, {windowText(slo.window)}</dt>
        <dd>{budget === null ? 'Cannot be told' : budget.minutes}</dd>
        <dd className="tile-note">{budget === null ? whole : budget.share} of full outage</dd>
        <dd className="tile-note">
          <BudgetBar ratio={slo.budget_left_ratio} />
        </dd>
      </div>
      <div className="card tile">
        <dt>Burn rate, 1 hour</dt>
        <dd className="slo-burn">
          {burnText(hourly)}
          {slo.burn_band !== null && <StateMark {...BAND_WORDS[slo.burn_band]} isSoft />}
        </dd>
        <dd className="tile-note">{slo.advice ?? 'Nothing was counted in the last hour.'}</dd>
        <dd className="tile-note">
          {slo.exhausted_at === null ? (
            exhaustionText(slo, now)
          ) : (
            <time dateTime={slo.exhausted_at} title={inFull(slo.exhausted_at)}>
              {exhaustionText(slo, now)}
            </time>
          )}
        </dd>
      </div>
    </dl>
  );
}
