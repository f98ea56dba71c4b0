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
  const isKnown = segments.some((day) => day.isKnown);
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
        <Ground segments={segments} isKnown />
        <Ground segments={segments} isKnown={false} />
        {segments.map((day, index) =>
          day.outage_s + day.degraded_s === 0 ? null : (
            <Day key={day.date} day={day} x={index * (WIDTH + GAP)} />
          ),
        )}
      </svg>
      <div className="days-legend" aria-hidden="true">
        <span>90 days ago</span>
        <span>{outageMs + degradedMs === 0 ? nothing : durationText(outageMs + degradedMs)}</span>
        <span>today</span>
      </div>
    </div>
  );
}

/** The days of which something is known, or those of which nothing is: one shape, since there are many bars in a page. */
function Ground({
  segments,
  isKnown,
}: {
  readonly segments: readonly DaySegment[];
  readonly isKnown: boolean;
}): ReactNode {
  const bars = segments.flatMap((day, index) =>
    day.isKnown === isKnown ? [`M${index * (WIDTH + GAP)} 0h${WIDTH}v${HEIGHT}h-${WIDTH}z`] : [],
  );
  if (bars.length === 0) return null;
  return (
    <path
      d={bars.join('')}
      fill={isKnown ? 'var(--ok-fill)' : 'var(--quiet-fill)'}
      opacity={isKnown ? 0.75 : 1}
    >
      <title>{isKnown ? 'No trouble, as far as anybody told us' : 'Not known'}</title>
    </path>
  );
}

/** A day with trouble: as high as the share of the day that was bad. */
function Day({ day, x }: { readonly day: DaySegment; readonly x: number }): ReactNode {
  const outage = day.outage_share * HEIGHT;
  const degraded = day.degraded_share * HEIGHT;
  return (
    <g>
      <title>{titleOf(day)}</title>
      <rect x={x} y={0} width={WIDTH} height={HEIGHT} fill="transparent" />
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

function titleOf({ date, outage_s, degraded_s }: DaySegment): string {
  const parts = [
    ...(outage_s > 0 ? [`outage ${durationText(outage_s * 1_000)}`] : []),
    ...(degraded_s > 0 ? [`degraded ${durationText(degraded_s * 1_000)}`] : []),
  ];
  return `${date} UTC: ${parts.join(', ')}`;
}
