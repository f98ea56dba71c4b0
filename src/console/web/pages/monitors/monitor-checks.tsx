import type { ReactNode } from 'react';
import type { Check } from '../../api/types';
import { durationText } from '../../parts/duration';
import { Instant } from '../../parts/instant';
import { MONITOR_WORDS, StateMark } from '../../parts/state-mark';
import { WaitingRows } from '../../parts/waiting';

/** The newest checks of a monitor, and what each saw. */
export function MonitorChecks({ checks }: { readonly checks: readonly Check[] | undefined }): ReactNode {
  return (
    <section className="card" aria-label="Checks">
      <div className="card-head">
        <h2>Newest checks</h2>
      </div>
      {checks === undefined && <WaitingRows rows={5} height={28} />}
      {checks?.length === 0 && <p className="card-body quiet">Not checked yet.</p>}
      {checks !== undefined && checks.length > 0 && (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">Result</th>
              <th scope="col">Took</th>
              <th scope="col">What was seen</th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {checks.map((check) => (
              <tr key={check.slot_at + check.started_at}>
                <td>
                  <StateMark {...MONITOR_WORDS[check.state]} />
                </td>
                <td data-label="Took" className="number">
                  {durationText(check.duration_ms)}
                </td>
                <td className="small">
                  <Seen check={check} />
                </td>
                <td>
                  <Instant at={check.started_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Seen({ check }: { readonly check: Check }): ReactNode {
  const { http_status, reason, failed, in_maintenance } = check;
  return (
    <>
      {http_status !== null && <span>HTTP {http_status}</span>}
      {failed.length === 0 && reason !== null && <span> {reason.replaceAll('_', ' ')}</span>}
      {failed.map(({ expectation, wanted, seen }) => (
        <div key={expectation}>
          <span className="mono">{expectation}</span> wanted <b>{wanted}</b>, saw{' '}
          <b>
            <bdi>{seen ?? 'nothing'}</bdi>
          </b>
        </div>
      ))}
      {in_maintenance && <span className="quiet"> in maintenance</span>}
    </>
  );
}
