import { useState, type ReactNode } from 'react';
import { Button } from '@mantine/core';
import { Link } from 'wouter';
import type { SloDetail } from '../../api/types';
import { durationText } from '../../parts/duration';
import { Instant, useNow } from '../../parts/instant';
import { eventHref } from '../../parts/links';
import { StateMark } from '../../parts/state-mark';
import { FAULT_WORDS } from './faults';
import { countText, shareText, windowText } from './slo-words';

type SpendingIncident = SloDetail['incidents'][number];

const FAULTS = [
  { fault: 'own', label: 'Our own fault', color: '--outage-fill' },
  { fault: 'vendor', label: 'A vendor’s fault', color: '--unknown-fill' },
  { fault: 'unexplained', label: 'During no incident', color: '--degraded-fill' },
] as const;

/** What has spent the budget, as far as incidents tell, and whose fault it was. */
export function Spending({ slo }: { readonly slo: SloDetail }): ReactNode {
  const [isAll, setIsAll] = useState(false);
  const spending = slo.incidents.filter(({ bad }) => bad > 0);
  const harmless = slo.incidents.length - spending.length;
  const shown = isAll ? slo.incidents : spending;
  return (
    <div className="columns slo-spending">
      <section className="card" aria-label="Incidents">
        <div className="card-head">
          <h2>Incidents that spent it, {windowText(slo.window)}</h2>
          {harmless > 0 && (
            <Button size="compact-xs" variant="default" onClick={() => setIsAll(!isAll)}>
              {isAll ? 'Only those that spent' : `And ${harmless} that spent nothing`}
            </Button>
          )}
        </div>
        {shown.length === 0 && (
          <p className="card-body quiet">
            {slo.bad === 0 ? 'Nothing was bad.' : 'What was bad was bad during no incident that is known.'}
          </p>
        )}
        {shown.length > 0 && <Incidents incidents={shown} bad={slo.bad} />}
      </section>
      <Faults slo={slo} />
    </div>
  );
}

function Incidents({
  incidents,
  bad: all,
}: {
  readonly incidents: readonly SpendingIncident[];
  /** All that was bad. */
  readonly bad: number;
}): ReactNode {
  const now = useNow();
  return (
    <table className="list slo-incidents">
      <thead>
        <tr>
          <th scope="col">Incident</th>
          <th scope="col">Fault</th>
          <th scope="col">Bad meanwhile</th>
          <th scope="col">Began</th>
          <th scope="col">Lasted</th>
        </tr>
      </thead>
      <tbody>
        {incidents.map(({ account_id, event_id, title, cause, fault, bad, started_at, resolved_at }) => (
          <tr key={`${account_id}/${event_id}`}>
            <td>
              <Link href={eventHref({ account_id, event_id })}>
                <bdi>{title.slice(0, 300)}</bdi>
              </Link>
              {cause !== null && (
                <div className="small quiet">
                  <bdi>{cause}</bdi>
                </div>
              )}
            </td>
            <td>
              <StateMark {...FAULT_WORDS[fault]} />
            </td>
            <td data-label="Bad meanwhile" className="number">
              {countText(bad)}
              {all > 0 && <div className="small quiet">{shareText(bad / all)} of all bad</div>}
            </td>
            <td data-label="Began">
              <Instant at={started_at} />
            </td>
            <td data-label="Lasted" className="number">
              {resolved_at === null
                ? `open for ${durationText(now - Date.parse(started_at))}`
                : durationText(Date.parse(resolved_at) - Date.parse(started_at))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Faults({ slo }: { readonly slo: SloDetail }): ReactNode {
  return (
    <section className="card" aria-label="Whose fault">
      <div className="card-head">
        <h2>Whose fault, {windowText(slo.window)}</h2>
      </div>
      <ul className="bars card-body slo-faults">
        {FAULTS.map(({ fault, label, color }) => {
          const bad = slo.bad_by_fault[fault];
          const share = slo.bad === 0 ? 0 : bad / slo.bad;
          return (
            <li key={fault} className="bar">
              <span>{label}</span>
              <span className="bar-track" aria-hidden="true">
                <span
                  className="bar-fill"
                  style={{ width: `${share * 100}%`, background: `var(${color})` }}
                />
              </span>
              <span className="bar-value">
                {countText(bad)} <span className="small quiet">bad</span>
              </span>
            </li>
          );
        })}
      </ul>
      <p className="card-body small quiet slo-note">
        What was bad while an incident of ours was going on is our own fault, whatever a vendor’s page said;
        of the rest, what was bad during a vendor’s is the vendor’s.
      </p>
    </section>
  );
}
