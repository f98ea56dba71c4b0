import type { ReactNode } from 'react';
import type { Service } from '../../api/types';
import { durationText } from '../../parts/duration';
import { segmentsOf, type DaySegment } from './day-segments';

const WIDTH = 5;
const GAP = 1;
const HEIGHT = 26;

/** The last 90 days: each a bar, coloured by the share of the day that was bad. */
export function DayBar({
  days,
  since,
  until,
}: {
  readonly days: Service['days'];
  readonly since: string;
  readonly until: string;
}): ReactNode {
  const segments = segmentsOf(days, since, until);
  const sum = (of: (day: DaySegment) => number): number =>
    segments.reduce((total, day) => total + of(day), 0);
  const outageMs = sum((day) => day.outage_s) * 1_000;
  const degradedMs = sum((day) => day.degraded_s) * 1_000;
  const isKnown = segments.filter((day) => day.isKnown).length > 1;
  const nothing = isKnown ? 'no trouble' : 'not known';
  const label =
    outageMs + degradedMs === 0
      ? `Last 90 days: ${nothing}, as far as anybody told us`
      : `Last 90 days: outage ${durationText(outageMs)}, degraded ${durationText(degradedMs)}`;
  return (
    <div>
      <svg
        className="days"
        viewBox={`0 0 ${segments.length * (WIDTH + GAP)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {segments.map((day, index) => (
          <Day key={day.date} day={day} x={index * (WIDTH + GAP)} />
        ))}
      </svg>
      <div className="days-legend" aria-hidden="true">
        <span>90 days ago</span>
        <span>{outageMs + degradedMs === 0 ? nothing : durationText(outageMs + degradedMs)}</span>
        <span>today</span>
      </div>
    </div>
  );
}

function Day({ day, x }: { readonly day: DaySegment; readonly x: number }): ReactNode {
  const outage = day.outage_share * HEIGHT;
  const degraded = day.degraded_share * HEIGHT;
  const ground = day.isKnown ? 'var(--ok-fill)' : 'var(--quiet-fill)';
  return (
    <g>
      <title>{titleOf(day)}</title>
      <rect x={x} y={0} width={WIDTH} height={HEIGHT} fill={ground} opacity={day.isKnown ? 0.75 : 1} />
      {degraded > 0 && (
        <rect
          x={x}
          y={HEIGHT - outage - degraded}
          width={WIDTH}
          height={degraded}
          fill="var(--degraded-fill)"
        />
      )}
      {outage > 0 && (
        <rect x={x} y={HEIGHT - outage} width={WIDTH} height={outage} fill="var(--outage-fill)" />
      )}
    </g>
  );
}

function titleOf({ date, isKnown, outage_s, degraded_s }: DaySegment): string {
  if (!isKnown) return `${date}: not known`;
  if (outage_s + degraded_s === 0) return `${date}: no trouble`;
  const parts = [
    ...(outage_s > 0 ? [`outage ${durationText(outage_s * 1_000)}`] : []),
    ...(degraded_s > 0 ? [`degraded ${durationText(degraded_s * 1_000)}`] : []),
  ];
  return `${date}: ${parts.join(', ')}`;
}
