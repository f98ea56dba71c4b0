import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { SloReport } from '../../api/types';
import { durationText } from '../../parts/duration';
import { eventHref } from '../../parts/links';
import { StateMark } from '../../parts/state-mark';
import { FAULT_WORDS } from './faults';
import { Moment } from './moment';
import { windowText } from './slo-words';

/** So many rows a page shows; the files have all. */
const MOST_ROWS = 100;

/** What went wrong, why, how long it took, and how soon somebody was paged; the newest first. */
export function ReportIncidents({ report }: { readonly report: SloReport }): ReactNode {
  const { incidents } = report;
  return (
    <section className="card" aria-label="Incidents">
      <div className="card-head">
        <h2>Incidents</h2>
        {incidents.length > MOST_ROWS && (
          <span className="quiet small">
            the newest {MOST_ROWS} of {incidents.length}; all of them are in CSV and Markdown
          </span>
        )}
      </div>
      {incidents.length === 0 && (
        <p className="card-body quiet">There was no critical incident in {windowText(report.window)}.</p>
      )}
      {incidents.length > 0 && (
        <table className="list report-table report-incidents">
          <thead>
            <tr>
              <th scope="col">Began</th>
              <th scope="col">Incident, and its cause</th>
              <th scope="col">Fault</th>
              <th scope="col">Lasted</th>
              <th scope="col">Paged after</th>
            </tr>
          </thead>
          <tbody>
            {incidents
              .slice(-MOST_ROWS)
              .reverse()
              .map(({ account_id, event_id, title, cause, fault, started_at, resolved_at, paged_at }) => (
                <tr key={`${account_id}/${event_id}`}>
                  <td>
                    <Moment at={started_at} />
                  </td>
                  <td>
                    <Link href={eventHref({ account_id, event_id })}>
                      <bdi>{title.slice(0, 300)}</bdi>
                    </Link>
                    <div className="small quiet">
                      {cause === null ? 'no cause was written down' : <bdi>{cause}</bdi>}
                    </div>
                  </td>
                  <td>
                    <StateMark {...FAULT_WORDS[fault]} />
                  </td>
                  <td data-label="Lasted" className="number slo-whole">
                    {resolved_at === null ? 'still open' : between(started_at, resolved_at)}
                  </td>
                  <td data-label="Paged after" className="number slo-whole">
                    {paged_at === null ? 'not paged' : between(started_at, paged_at)}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function between(from: string, until: string): string {
  return durationText(Date.parse(until) - Date.parse(from));
}
