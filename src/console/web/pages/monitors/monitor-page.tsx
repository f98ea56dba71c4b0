import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import type { Monitor, Uptime } from '../../api/types';
import { useRefetchInterval } from '../../live/live';
import { durationText, percentText } from '../../parts/duration';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { MonitorChecks } from './monitor-checks';
import { MonitorHead } from './monitor-head';
import { MonitorResponse } from './monitor-response';
import { Transitions } from './transitions';

const WINDOWS = ['24h', '7d', '30d', '90d'] as const;
type Window = (typeof WINDOWS)[number];

/** One monitor: how its target is, how it was, and what its checks saw. */
export function MonitorPage(): ReactNode {
  const [search, setSearch] = useSearchParams();
  const account_id = search.get('of') ?? 'default';
  const id = search.get('id') ?? '';
  const window = WINDOWS.find((one) => one === search.get('window')) ?? '24h';
  const refetchInterval = useRefetchInterval();
  const path = { id };
  const monitor = useQuery({
    queryKey: ['monitor', account_id, id],
    queryFn: () => answered(api.GET('/monitors/{id}', { params: { path, query: { account_id } } })),
    refetchInterval,
  });
  const uptime = useQuery({
    queryKey: ['monitor', account_id, id, 'uptime', window],
    queryFn: () =>
      answered(api.GET('/monitors/{id}/uptime', { params: { path, query: { account_id, window } } })),
  });
  const history = useQuery({
    queryKey: ['monitor', account_id, id, 'history', window],
    queryFn: () =>
      answered(api.GET('/monitors/{id}/uptime/history', { params: { path, query: { account_id, window } } })),
  });
  const checks = useQuery({
    queryKey: ['monitor', account_id, id, 'checks'],
    queryFn: () =>
      answered(api.GET('/monitors/{id}/checks', { params: { path, query: { account_id, limit: 50 } } })),
    refetchInterval,
  });
  if (monitor.error !== null && monitor.data === undefined) {
    return <Trouble error={monitor.error} onRetry={() => void monitor.refetch()} />;
  }
  if (monitor.data === undefined) return <WaitingRows rows={5} />;
  return (
    <div className="stack">
      <MonitorHead monitor={monitor.data} />
      <div>
        <SegmentedControl
          aria-label="How far back"
          size="xs"
          value={window}
          onChange={(value) =>
            setSearch(
              (params) => {
                params.set('window', value);
                return params;
              },
              { replace: true },
            )
          }
          data={[...WINDOWS]}
        />
      </div>
      <Tiles monitor={monitor.data} uptime={uptime.data} window={window} />
      <MonitorResponse history={history.data} incidents={uptime.data?.incidents ?? []} />
      <div className="columns">
        <MonitorChecks checks={checks.data?.checks} />
        <Transitions uptime={uptime.data} account={account_id} window={window} />
      </div>
    </div>
  );
}

function Tiles({
  monitor,
  uptime,
  window,
}: {
  readonly monitor: Monitor;
  readonly uptime: Uptime | undefined;
  readonly window: Window;
}): ReactNode {
  const { up = 0, degraded = 0, down = 0 } = uptime?.checks ?? {};
  const latency = uptime?.latency ?? null;
  const tlsDays = monitor.last_check?.tls_days_left ?? null;
  return (
    <dl className="tiles" style={{ margin: 0 }}>
      <div className="card tile">
        <dt>Uptime, {window}</dt>
        <dd>{percentText(uptime?.uptime_percent ?? null)}</dd>
        <dd className="tile-note">
          {down.toLocaleString('en')} of {(up + degraded + down).toLocaleString('en')} checks were down
        </dd>
      </div>
      <div className="card tile">
        <dt>Known of {window}</dt>
        <dd>{percentText(uptime?.coverage_percent ?? null, 1)}</dd>
        <dd className="tile-note">of the checks there should have been</dd>
      </div>
      <div className="card tile">
        <dt>Response, median, {window}</dt>
        <dd>{latency === null ? '–' : durationText(latency.p50_ms)}</dd>
        <dd className="tile-note">95 % within {latency === null ? '–' : durationText(latency.p95_ms)}</dd>
      </div>
      <div className="card tile">
        <dt>Certificate</dt>
        <dd>{tlsDays === null ? '–' : `${tlsDays} d`}</dd>
        <dd className="tile-note">{tlsDays === null ? 'none was seen' : 'left'}</dd>
      </div>
    </dl>
  );
}
