import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Slo } from '../../api/types';
import { sloHref } from '../../parts/links';
import { StateMark } from '../../parts/state-mark';
import { BudgetBar } from './budget-bar';
import {
  badText,
  BAND_WORDS,
  budgetWords,
  burnText,
  KEPT_LABELS,
  keptText,
  SLO_WORDS,
  targetText,
  windowText,
  type BudgetWords,
} from './slo-words';

/** Objectives, each with what was promised, what was kept, and what is left to spend. */
export function SloList({ slos }: { readonly slos: readonly Slo[] }): ReactNode {
  return (
    <ol className="slo-list">
      {slos.map((slo) => (
        <Row key={`${slo.account_id ?? ''}/${slo.id}`} slo={slo} />
      ))}
    </ol>
  );
}

function Row({ slo }: { readonly slo: Slo }): ReactNode {
  const budget = budgetWords(slo);
  return (
    <li className="slo">
      <div className="slo-name">
        <StateMark {...SLO_WORDS[slo.state]} />
        <h2>
          <Link href={sloHref(slo)}>
            <bdi>{slo.name}</bdi>
          </Link>
        </h2>
        <span className="quiet small">
          {slo.account_id === null ? 'all accounts' : <bdi>{slo.account_id}</bdi>}
        </span>
      </div>
      <dl className="slo-facts">
        <div>
          <dt>Objective</dt>
          <dd className="slo-figure">{targetText(slo.objective)}</dd>
          <dd className="small quiet">over {windowText(slo.window)}</dd>
        </div>
        {budget === null ? <Unknown slo={slo} /> : <Known slo={slo} budget={budget} />}
      </dl>
    </li>
  );
}

function Known({ slo, budget }: { readonly slo: Slo; readonly budget: BudgetWords }): ReactNode {
  const hourly = slo.burn_rates['1h'];
  return (
    <>
      <div>
        <dt>{KEPT_LABELS[slo.kind]}</dt>
        <dd className="slo-figure">{keptText(slo.sli)}</dd>
        <dd className="small quiet">{badText(slo)}</dd>
      </div>
      <div>
        <dt>Budget</dt>
        <dd className="slo-figure">{budget.minutes}</dd>
        <dd className="small quiet">
          {budget.share}
          <BudgetBar ratio={slo.budget_left_ratio} />
        </dd>
      </div>
      <div>
        <dt>Burn rate, 1 hour</dt>
        <dd className="slo-figure">{burnText(hourly)}</dd>
        <dd className="small">
          {slo.burn_band === null ? (
            <span className="quiet">nothing counted</span>
          ) : (
            <StateMark {...BAND_WORDS[slo.burn_band]} />
          )}
        </dd>
      </div>
    </>
  );
}

function Unknown({ slo }: { readonly slo: Slo }): ReactNode {
  return (
    <div className="slo-unknown">
      <dt>{KEPT_LABELS[slo.kind]}, budget</dt>
      <dd className="quiet">
        Neither kept nor missed: {badText(slo)} in {windowText(slo.window)}
      </dd>
    </div>
  );
}
