import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { SloReport } from '../../api/types';
import { sloHref } from '../../parts/links';
import { StateMark, type StateWord } from '../../parts/state-mark';
import { changeText, keptText, ofAllText, spentText, targetText, unseenText, windowText } from './slo-words';

type Row = SloReport['objectives'][number];

const RESULT_WORDS: Readonly<Record<Row['result'], StateWord>> = {
  missed: { tone: 'outage', word: 'Missed' },
  met: { tone: 'ok', word: 'Met' },
  no_data: { tone: 'unknown', word: 'No data' },
};

/** So many rows a page shows; the files have all. */
const MOST_ROWS = 100;

/** What was promised and what was kept, what was missed first. */
export function ReportObjectives({ report }: { readonly report: SloReport }): ReactNode {
  const known = report.objectives.filter(({ result }) => result !== 'no_data').sort(worstFirst);
  const unknown = report.objectives.filter(({ result }) => result === 'no_data');
  return (
    <section className="card" aria-label="Objectives">
      <div className="card-head">
        <h2>Objectives</h2>
        <span className="quiet small">
          {known.length > MOST_ROWS &&
            `the first ${MOST_ROWS} of ${known.length}, all of them are in CSV and Markdown; `}
          changes in percentage points
        </span>
      </div>
      {report.objectives.length === 0 && <p className="card-body quiet">There are no objectives.</p>}
      {known.length > 0 && (
        <table className="list report-table">
          <thead>
            <tr>
              <th scope="col">Result</th>
              <th scope="col">Objective</th>
              <th scope="col">Target</th>
              <th scope="col">Actual</th>
              <th scope="col">Budget spent</th>
            </tr>
          </thead>
          <tbody>
            {known.slice(0, MOST_ROWS).map((row) => (
              <Objective key={`${row.account_id ?? ''}/${row.id}`} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {unknown.length > 0 && <Unknown rows={unknown} window={report.window} />}
    </section>
  );
}

/** Those that are neither met nor missed take a line together. */
function Unknown({
  rows,
  window,
}: {
  readonly rows: readonly Row[];
  readonly window: SloReport['window'];
}): ReactNode {
  const more = rows.length - MOST_ROWS;
  return (
    <div className="card-body report-unknown">
      <StateMark {...RESULT_WORDS.no_data} /> nothing was counted in {windowText(window)} of:
      <ul>
        {rows.slice(0, MOST_ROWS).map((row) => (
          <li key={`${row.account_id ?? ''}/${row.id}`}>
            <Link href={sloHref(row)}>
              <bdi>{row.name}</bdi>
            </Link>
          </li>
        ))}
        {more > 0 && <li>{more} more</li>}
      </ul>
    </div>
  );
}

function Objective({ row }: { readonly row: Row }): ReactNode {
  return (
    <tr>
      <td>
        <StateMark {...RESULT_WORDS[row.result]} />
      </td>
      <td>
        <Link href={sloHref(row)}>
          <bdi>{row.name}</bdi>
        </Link>
        <div className="small quiet">
          {row.account_id === null ? 'all accounts' : <bdi>{row.account_id}</bdi>}
        </div>
      </td>
      <td data-label="Target" className="number slo-whole">
        {targetText(row.target)}
      </td>
      <td data-label="Actual" className="number">
        <span className="slo-whole">{keptText(row.actual)}</span>
        <div className="small quiet">
          {ofAllText(row.counts)} bad{unseenText(row.counts)}; {changeText(row.actual_change, 'more', 4)}
        </div>
      </td>
      <td data-label="Budget spent" className="number">
        <span className="slo-whole">
          {row.budget_consumed === null ? '–' : spentText(row.budget_consumed)}
        </span>
        <div className="small quiet">{changeText(row.budget_change, 'less', 1)}</div>
      </td>
    </tr>
  );
}

/** What was missed spent more than there was, and so most. */
function worstFirst(one: Row, other: Row): number {
  return (other.budget_consumed ?? 0) - (one.budget_consumed ?? 0) || one.name.localeCompare(other.name);
}
