import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Uptime } from '../../api/types';
import { durationText } from '../../parts/duration';
import { Instant } from '../../parts/instant';
import { eventHref } from '../../parts/links';
import { MONITOR_WORDS, StateMark } from '../../parts/state-mark';
import './monitors.css';

/** So many outages are shown, the newest. */
const MOST_OUTAGES = 30;

/** When a monitor went down and came up again, newest first. */
export function Transitions({
  uptime,
  account,
  window,
}: {
  readonly uptime: Uptime | undefined;
  readonly account: string;
  /** What the outages are of. */
  readonly window: string;
}): ReactNode {
  const outages = [...(uptime?.incidents ?? [])]
    .sort((one, other) => Date.parse(other.started_at) - Date.parse(one.started_at))
    .slice(0, MOST_OUTAGES);
  return (
    <section className="card" aria-label="Transitions">
      <div className="card-head">
        <h2>Transitions, {window}</h2>
        {uptime !== undefined && uptime.incidents.length > MOST_OUTAGES && (
          <span className="quiet small">the newest {MOST_OUTAGES} outages</span>
        )}
      </div>
      {uptime?.incidents.length === 0 && <p className="card-body quiet">No outage began or ended.</p>}
      <ul className="service-list">
        {outages.map(({ event_id, started_at, resolved_at, duration_s }) => (
          <li key={event_id} className="card-body transition">
            {resolved_at !== null && (
              <>
                <StateMark {...MONITOR_WORDS.up} />
                <span>
                  <Instant at={resolved_at} />{' '}
                  <span className="quiet">after {durationText(duration_s * 1_000)}</span>
                </span>
              </>
            )}
            <StateMark {...MONITOR_WORDS.down} />
            <span>
              <Link href={eventHref({ account_id: account, event_id })}>
                <Instant at={started_at} />
              </Link>{' '}
              {resolved_at === null && (
                <span className="quiet">lasts {durationText(duration_s * 1_000)}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
