import { lazy, Suspense, useMemo, type ReactNode } from 'react';
import type { Uptime, UptimeHistory } from '../../api/types';
import { useNow } from '../../parts/instant';
import { StateMark } from '../../parts/state-mark';

const Chart = lazy(() => import('../../parts/chart').then((m) => ({ default: m.Chart })));

const MINUTE_MS = 60_000;

/** How long answers took over time, and when the target was down, degraded or in maintenance. */
export function MonitorResponse({
  history,
  incidents,
}: {
  readonly history: UptimeHistory | undefined;
  readonly incidents: Uptime['incidents'];
}): ReactNode {
  // To the minute, so that the chart is not drawn anew every second.
  const minute = Math.ceil(useNow() / MINUTE_MS) * MINUTE_MS;
  const chart = useMemo(() => {
    const buckets = history?.buckets ?? [];
    const bucketS = history?.bucket_s ?? 3_600;
    const secondsOf = (at: string): number => Date.parse(at) / 1_000;
    const bandsOf = (which: 'degraded' | 'maintenance') =>
      buckets
        .filter(({ checks }) => checks[which] > 0)
        .map(({ at }) => ({ from: secondsOf(at), until: secondsOf(at) + bucketS, color: `--${which}-fill` }));
    const down = incidents.map(({ started_at, resolved_at }) => ({
      from: secondsOf(started_at),
      until: resolved_at === null ? minute / 1_000 : secondsOf(resolved_at),
      color: '--outage-fill',
    }));
    return {
      times: buckets.map(({ at }) => secondsOf(at)),
      lines: [
        {
          label: 'Median',
          color: '--maintenance',
          values: buckets.map(({ latency }) => latency?.p50_ms ?? null),
        },
        { label: '95 %', color: '--unknown', values: buckets.map(({ latency }) => latency?.p95_ms ?? null) },
      ],
      bands: [...bandsOf('maintenance'), ...bandsOf('degraded'), ...down],
    };
  }, [history, incidents, minute]);
  return (
    <section className="card" aria-label="Response">
      <div className="card-head">
        <h2>Response</h2>
        <span className="row small">
          <StateMark tone="outage" word="Down" />
          <StateMark tone="degraded" word="Degraded" />
          <StateMark tone="maintenance" word="Maintenance" />
        </span>
      </div>
      <div className="card-body">
        {chart.times.length === 0 ? (
          <p className="quiet">Nothing was measured yet.</p>
        ) : (
          <Suspense fallback={<div className="chart placeholder" />}>
            <Chart
              label="Median and 95 % of responses over time, with outages behind them"
              unit="ms"
              fill="--unknown"
              {...chart}
            />
          </Suspense>
        )}
      </div>
    </section>
  );
}
