import type { ReactNode } from 'react';
import type { UptimeBucket } from '../../api/types';
import { durationText } from '../../parts/duration';

const WIDTH = 120;
const HEIGHT = 26;

/** The median response of each hour of the last day; hours with a failed check are marked. */
export function Sparkline({ hours }: { readonly hours: readonly UptimeBucket[] }): ReactNode {
  const highest = Math.max(1, ...hours.map(({ latency }) => latency?.p50_ms ?? 0));
  const step = WIDTH / Math.max(1, hours.length);
  const newest = hours.findLast(({ latency }) => latency !== null)?.latency ?? null;
  const label =
    newest === null
      ? 'No response was measured in 24 h'
      : `Median response per hour, last ${durationText(newest.p50_ms)}`;
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {hours.map(({ at, latency, checks }, index) => {
        const height =
          checks.down > 0 ? HEIGHT : Math.max(2, ((latency?.p50_ms ?? 0) / highest) * (HEIGHT - 2));
        return (
          <rect
            key={at}
            x={index * step}
            y={HEIGHT - height}
            width={Math.max(1, step - 1)}
            height={height}
            fill={fillOf(checks)}
          />
        );
      })}
    </svg>
  );
}

function fillOf(checks: UptimeBucket['checks']): string {
  if (checks.down > 0) return 'var(--outage-fill)';
  if (checks.degraded > 0) return 'var(--degraded-fill)';
  return checks.maintenance > 0 && checks.up === 0 ? 'var(--maintenance-fill)' : 'var(--ok-fill)';
}
