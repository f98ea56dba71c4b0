import type { ReactNode } from 'react';
import type { Summary } from '../../api/types';

interface Counted {
  readonly name: string;
  readonly count: number;
  /** A variable of the style sheet. */
  readonly color?: string;
}

/** So many bars of a chart are shown. */
const BARS = 10;

/** What happened in an account: by severity, type, source, and the users who caused most of it. */
export function SummaryCards({ summary }: { readonly summary: Summary }): ReactNode {
  const { total, open_incidents, by_severity, by_type, by_source, top_users, approximate, window } = summary;
  const severities: Counted[] = [
    { name: 'Critical', count: by_severity.critical, color: '--outage-fill' },
    { name: 'Warning', count: by_severity.warning, color: '--degraded-fill' },
    { name: 'Info', count: by_severity.info, color: '--quiet' },
  ];
  return (
    <>
      <dl className="tiles" style={{ margin: 0 }}>
        <Tile name={`Events, ${window}`} value={total} />
        <Tile name="Open now" value={open_incidents} />
        <Tile name={`Critical, ${window}`} value={by_severity.critical} />
        <Tile name={`Types, ${window}`} value={by_type.length} />
      </dl>
      {approximate && (
        <p className="quiet small">
          Some of these are not exact: there were very many types, users or incidents.
        </p>
      )}
      <div className="charts">
        <div className="stack">
          <Bars
            title={`By type, ${window}`}
            rows={by_type.map(({ type, count }) => ({ name: type, count }))}
          />
          <Bars title={`By severity, ${window}`} rows={severities} />
        </div>
        <div className="stack">
          <Bars
            title={`Top users, ${window}`}
            rows={top_users.map(({ user_id, count }) => ({ name: user_id, count }))}
          />
          <Bars
            title={`By source, ${window}`}
            rows={Object.entries(by_source)
              .map(([name, count]) => ({ name, count }))
              .sort((one, other) => other.count - one.count)}
          />
        </div>
      </div>
    </>
  );
}

function Tile({ name, value }: { readonly name: string; readonly value: number }): ReactNode {
  return (
    <div className="card tile">
      <dt>{name}</dt>
      <dd>{value.toLocaleString('en')}</dd>
    </div>
  );
}

function Bars({ title, rows }: { readonly title: string; readonly rows: readonly Counted[] }): ReactNode {
  const shown = rows.slice(0, BARS);
  const highest = Math.max(1, ...shown.map(({ count }) => count));
  return (
    <section className="card" aria-label={title}>
      <div className="card-head">
        <h2>{title}</h2>
        {rows.length > BARS && (
          <span className="quiet small">
            the {BARS} most of {rows.length}
          </span>
        )}
      </div>
      <ul className="bars card-body">
        {shown.length === 0 && <li className="quiet">Nothing in this time.</li>}
        {shown.map(({ name, count, color }) => (
          <li key={name} className="bar">
            <span className="cut" title={name.slice(0, 300)}>
              <bdi>{name.slice(0, 120)}</bdi>
            </span>
            <span className="bar-track" aria-hidden="true">
              <span
                className="bar-fill"
                style={{
                  width: `${(count / highest) * 100}%`,
                  ...(color === undefined ? {} : { background: `var(${color})` }),
                }}
              />
            </span>
            <span className="bar-value">{count.toLocaleString('en')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
