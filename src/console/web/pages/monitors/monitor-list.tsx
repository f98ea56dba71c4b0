import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { Monitor } from '../../api/types';
import { percentText } from '../../parts/duration';
import { Instant } from '../../parts/instant';
import { monitorHref } from '../../parts/links';
import { MONITOR_WORDS, StateMark } from '../../parts/state-mark';
import { Sparkline } from './sparkline';
import { uptimeOfMonitor } from './uptime-batches';

const ROW_HEIGHT = 60;

/** Uptime changes slowly. */
const STALE_MS = 60_000;

/** Monitors, of which only those in sight are rendered and asked about. */
export function MonitorList({ monitors }: { readonly monitors: readonly Monitor[] }): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing that it returns is memoized here
  const virtual = useVirtualizer({
    count: monitors.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  });
  return (
    <div ref={frame} className="virtual" style={{ height: virtual.getTotalSize() }} tabIndex={-1}>
      <div className="virtual-inner" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const monitor = monitors[index];
          return monitor === undefined ? null : <Row key={monitor.id} monitor={monitor} top={start} />;
        })}
      </div>
    </div>
  );
}

function Row({ monitor, top }: { readonly monitor: Monitor; readonly top: number }): ReactNode {
  const { data } = useQuery({
    queryKey: ['uptime', monitor.id],
    queryFn: () => uptimeOfMonitor(monitor.account_id, monitor.id),
    staleTime: STALE_MS,
  });
  const percent = data?.uptime_percent;
  const reason = monitor.last_check?.reason ?? null;
  return (
    <Link
      href={monitorHref(monitor)}
      className="event-row monitor-row"
      style={{ transform: `translateY(${top}px)`, height: ROW_HEIGHT }}
    >
      <StateMark {...MONITOR_WORDS[monitor.state]} />
      <span style={{ minWidth: 0 }}>
        <strong className="cut" style={{ display: 'block' }}>
          <bdi>{monitor.name}</bdi>
        </strong>
        <span className="quiet small cut" style={{ display: 'block' }}>
          {reason !== null && <b>{reason} · </b>}
          <bdi>{monitor.type === 'http' ? monitor.url : 'waits for a job to call in'}</bdi>
        </span>
      </span>
      <span className="wide">
        {data === undefined || data === null ? null : <Sparkline hours={data.hours} />}
      </span>
      <span className="wide small number uptime">
        {(['24h', '7d', '30d', '90d'] as const).map((window) => (
          <span key={window}>
            <span className="quiet">{window}</span> {percentText(percent?.[window] ?? null, 2)}
          </span>
        ))}
      </span>
      <span className="small quiet">
        <Instant at={monitor.last_check?.started_at ?? null} otherwise="not checked" />
      </span>
    </Link>
  );
}
