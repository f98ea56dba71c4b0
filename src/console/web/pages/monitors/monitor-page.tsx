import { Button, SegmentedControl } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { answered, api } from '../../api/client';
import type { Check, Monitor, Uptime, UptimeHistory } from '../../api/types';
import { useRefetchInterval } from '../../live/live';
import { AskDialog } from '../../parts/ask-dialog';
import { durationText, percentText } from '../../parts/duration';
import { Instant, useNow } from '../../parts/instant';
import { eventHref, hrefOf } from '../../parts/links';
import { PageHead } from '../../parts/page-head';
import { MONITOR_WORDS, StateMark } from '../../parts/state-mark';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';
import { useIdentity } from '../../session/session';
import { MonitorForm } from './monitor-form';

const Chart = lazy(() => import('../../parts/chart').then((m) => ({ default: m.Chart })));

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
      <Head monitor={monitor.data} />
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
      <Response history={history.data} incidents={uptime.data?.incidents ?? []} />
      <div className="columns">
        <Checks checks={checks.data?.checks} />
        <Incidents uptime={uptime.data} account={account_id} window={window} />
      </div>
    </div>
  );
}

function Head({ monitor }: { readonly monitor: Monitor }): ReactNode {
  const { role } = useIdentity();
  const [dialog, setDialog] = useState<'change' | 'pause' | 'delete' | null>(null);
  const queries = useQueryClient();
  const params = { path: { id: monitor.id }, query: { account_id: monitor.account_id } };
  const done = (): Promise<void> => queries.invalidateQueries({ queryKey: ['monitor'] });
  const check = useMutation({
    mutationFn: () => answered(api.POST('/monitors/{id}/check', { params })),
    onSuccess: done,
  });
  const pause = useMutation({
    mutationFn: () => answered(api.PATCH('/monitors/{id}', { params, body: { paused: !monitor.paused } })),
    onSuccess: done,
  });
  const isOurs = monitor.origin === 'api' && role === 'admin';
  return (
    <>
      <PageHead
        title={<bdi>{monitor.name}</bdi>}
        actions={
          role !== 'viewer' && (
            <>
              {monitor.type === 'http' && !monitor.paused && (
                <Button size="compact-sm" loading={check.isPending} onClick={() => check.mutate()}>
                  Check now
                </Button>
              )}
              {isOurs && (
                <>
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={pause.isPending}
                    onClick={() => (monitor.paused ? pause.mutate() : setDialog('pause'))}
                  >
                    {monitor.paused ? 'Go on' : 'Pause'}
                  </Button>
                  <Button size="compact-sm" variant="default" onClick={() => setDialog('change')}>
                    Change
                  </Button>
                  <Button size="compact-sm" variant="default" onClick={() => setDialog('delete')}>
                    Delete
                  </Button>
                </>
              )}
              {monitor.origin !== 'api' && (
                <span className="quiet small">from MONITORS_FILE: change it there</span>
              )}
            </>
          )
        }
      >
        <span className="row">
          <StateMark {...MONITOR_WORDS[monitor.state]} isSoft />
          {monitor.state_since !== null && (
            <span>
              since <Instant at={monitor.state_since} />
            </span>
          )}
          <bdi>{monitor.type === 'http' ? monitor.url : monitor.heartbeat_path}</bdi>
        </span>
      </PageHead>
      {check.error !== null && <Trouble error={check.error} />}
      {pause.error !== null && <Trouble error={pause.error} />}
      {dialog === 'change' && (
        <MonitorForm account={monitor.account_id} monitor={monitor} onClose={() => setDialog(null)} />
      )}
      {dialog === 'pause' && (
        <AskDialog
          title={`Pause ${monitor.name}?`}
          leave="Go on checking"
          doIt="Pause it"
          isDestructive={false}
          onClose={() => setDialog(null)}
          onDo={() => pause.mutateAsync()}
        >
          <p>
            Nothing is checked until somebody lets it go on. An open incident of it is resolved, and whoever
            was paged gets the all-clear.
          </p>
        </AskDialog>
      )}
      {dialog === 'delete' && <DeleteDialog monitor={monitor} onClose={() => setDialog(null)} />}
    </>
  );
}

function DeleteDialog({
  monitor,
  onClose,
}: {
  readonly monitor: Monitor;
  readonly onClose: () => void;
}): ReactNode {
  const [, navigate] = useLocation();
  return (
    <AskDialog
      title={`Delete ${monitor.name}?`}
      leave="Keep it"
      doIt="Delete"
      onClose={onClose}
      onDo={async () => {
        const params = { path: { id: monitor.id }, query: { account_id: monitor.account_id } };
        await answered(api.DELETE('/monitors/{id}', { params }));
        navigate(hrefOf('/console/monitors'));
      }}
    >
      <p>
        It is no longer checked. An open incident of it is resolved, and whoever was paged gets the all-clear.
      </p>
    </AskDialog>
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
          {down} of {up + degraded + down} checks were down
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

function Response({
  history,
  incidents,
}: {
  readonly history: UptimeHistory | undefined;
  readonly incidents: Uptime['incidents'];
}): ReactNode {
  const now = useNow();
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
      until: resolved_at === null ? now / 1_000 : secondsOf(resolved_at),
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
  }, [history, incidents, now]);
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
              {...chart}
            />
          </Suspense>
        )}
      </div>
    </section>
  );
}

function Checks({ checks }: { readonly checks: readonly Check[] | undefined }): ReactNode {
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

function Incidents({
  uptime,
  account,
  window,
}: {
  readonly uptime: Uptime | undefined;
  readonly account: string;
  readonly window: Window;
}): ReactNode {
  return (
    <section className="card" aria-label="Outages">
      <div className="card-head">
        <h2>Outages, {window}</h2>
      </div>
      {uptime?.incidents.length === 0 && <p className="card-body quiet">None.</p>}
      <ul className="service-list">
        {(uptime?.incidents ?? []).map(({ event_id, started_at, resolved_at, duration_s }) => (
          <li key={event_id} className="card-body row" style={{ justifyContent: 'space-between' }}>
            <Link href={eventHref({ account_id: account, event_id })}>
              <Instant at={started_at} />
            </Link>
            <span>
              {resolved_at === null ? 'lasts ' : ''}
              {durationText(duration_s * 1_000)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
