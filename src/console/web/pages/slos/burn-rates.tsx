import type { ReactNode } from 'react';
import type { SloDetail } from '../../api/types';
import { StateMark, type StateWord } from '../../parts/state-mark';
import { badText, burnText, partText, windowText } from './slo-words';

const URGENCIES: Readonly<Record<SloDetail['burn_rules'][number]['urgency'], string>> = {
  page: 'Page',
  ticket: 'Ticket',
};

const FIRING: StateWord = { tone: 'outage', word: 'Above in both' };
const QUIET: StateWord = { tone: 'ok', word: 'Not above' };

type BurnWindow = keyof SloDetail['burn_rates'];

/** How fast the budget goes, and how fast it has to go for somebody to be told. */
export function BurnRates({ slo }: { readonly slo: SloDetail }): ReactNode {
  return (
    <div className="columns">
      <Alerts slo={slo} />
      <Windows slo={slo} />
    </div>
  );
}

function Alerts({ slo }: { readonly slo: SloDetail }): ReactNode {
  return (
    <section className="card" aria-label="Alerts by burn rate">
      <div className="card-head">
        <h2>When somebody is told</h2>
        <span className="quiet small">both windows above, with two or more bad in each</span>
      </div>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">Alert</th>
            <th scope="col">Above</th>
            <th scope="col">Now</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {slo.burn_rules.map(({ urgency, factor, long, short, threshold, is_firing }) => (
            <tr key={long}>
              <td>{URGENCIES[urgency]}</td>
              <td data-label="Above" className="number">
                {factor} × over {long} and {short}
                <div className="small quiet">more than {partText(threshold)} bad</div>
              </td>
              <td data-label="Now" className="number">
                {burnText(slo.burn_rates[long])} over {long}
                <br />
                {burnText(slo.burn_rates[short])} over {short}
              </td>
              <td>
                <StateMark {...(is_firing ? FIRING : QUIET)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Windows({ slo }: { readonly slo: SloDetail }): ReactNode {
  const windows = slo.windows.filter(({ window }) => window in slo.burn_rates);
  return (
    <section className="card" aria-label="Burn rates">
      <div className="card-head">
        <h2>How fast the budget goes</h2>
      </div>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">Window</th>
            <th scope="col">Burn rate</th>
            <th scope="col">Counted</th>
          </tr>
        </thead>
        <tbody>
          {windows.map(({ window, good, bad, unseen }) => (
            <tr key={window}>
              <td>{windowText(window)}</td>
              <td data-label="Burn rate" className="number">
                {burnText(slo.burn_rates[window as BurnWindow])}
              </td>
              <td data-label="Counted" className="small number">
                {badText({ kind: slo.kind, good, bad, unseen })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
