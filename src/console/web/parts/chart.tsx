import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import uPlot from 'uplot';

/** A line of a chart. `color` names a variable of the style sheet. */
export interface Line {
  readonly label: string;
  readonly color: string;
  readonly values: readonly (number | null)[];
  /** A limit that others are held against: dashed, and without points. */
  readonly isLimit?: boolean;
}

/** A span that is coloured behind the lines. In seconds since 1970 UTC. */
export interface Band {
  readonly from: number;
  readonly until: number;
  readonly color: string;
}

const HEIGHT = 220;

/** Lines over time. What it shows is also said in words by whoever shows it. */
export function Chart({
  label,
  times,
  lines,
  bands,
  unit,
  fill,
}: {
  readonly label: string;
  /** In seconds since 1970 UTC, rising. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly bands: readonly Band[];
  readonly unit: string;
  /** The colour between the first two lines; none where that says nothing. */
  readonly fill?: string;
}): ReactNode {
  const { ref: measured, width } = useElementSize<HTMLDivElement>();
  const ref = useRef<HTMLDivElement>(null);
  const refs = useMergedRef(ref, measured);
  const scheme = useComputedColorScheme();
  const data = useMemo(
    () => [times, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData,
    [times, lines],
  );
  useEffect(() => {
    const place = ref.current;
    if (place === null || width === 0) return;
    const plot = new uPlot(
      options({ width, lines, bands, unit, fill, colorOf: colorsOf(place) }),
      data,
      place,
    );
    return () => plot.destroy();
    // The colours are read anew when the scheme changes.
  }, [width, data, lines, bands, unit, fill, scheme]);
  return <div ref={refs} className="chart" role="img" aria-label={label} />;
}

function colorsOf(place: Element): (variable: string) => string {
  const style = getComputedStyle(place);
  return (variable) => style.getPropertyValue(variable).trim();
}

function options({
  width,
  lines,
  bands,
  unit,
  fill,
  colorOf,
}: {
  readonly width: number;
  readonly lines: readonly Line[];
  readonly bands: readonly Band[];
  readonly unit: string;
  readonly fill: string | undefined;
  readonly colorOf: (variable: string) => string;
}): uPlot.Options {
  const axis = {
    stroke: colorOf('--quiet'),
    grid: { stroke: colorOf('--line'), width: 1 },
    ticks: { show: false },
  };
  const drawBands = (plot: uPlot): void => {
    const { ctx, bbox } = plot;
    for (const band of bands) {
      const left = Math.max(bbox.left, plot.valToPos(band.from, 'x', true));
      const right = Math.min(bbox.left + bbox.width, plot.valToPos(band.until, 'x', true));
      ctx.globalAlpha = 0.25;
      ctx.fillStyle = colorOf(band.color);
      ctx.fillRect(left, bbox.top, Math.max(2, right - left), bbox.height);
      ctx.globalAlpha = 1;
    }
  };
  return {
    width,
    height: HEIGHT,
    axes: [
      { ...axis, values: (_plot, splits, _axis, _space, stepS) => splits.map((at) => tickText(at, stepS)) },
      {
        ...axis,
        size: (_plot, values) => Math.max(64, ...(values ?? []).map(({ length }) => 16 + length * 7)),
        values: (_plot, values) => values.map((value) => `${value.toLocaleString('en')} ${unit}`),
      },
    ],
    scales: {
      x: {
        range: (_plot, low, high) => [low, bands.reduce((most, { until }) => Math.max(most, until), high)],
      },
      y: { range: (_plot, low, high) => [Math.min(0, low * 1.1), Math.max(1, high * 1.1)] },
    },
    series: [
      {
        label: 'Time here',
        value: (_plot: uPlot, at: number | null) =>
          at === null ? '–' : new Date(at * 1_000).toLocaleString(),
      },
      ...lines.map(({ label, color, isLimit = false }) => ({
        label,
        stroke: colorOf(color),
        width: isLimit ? 1 : 2,
        dash: isLimit ? [6, 4] : [],
        points: { show: !isLimit && lines.length < 3 },
        value: (_plot: uPlot, value: number | null) =>
          value === null ? '–' : `${Math.round(value).toLocaleString('en')} ${unit}`,
      })),
    ],
    ...(fill === undefined ? {} : { bands: [{ series: [2, 1], fill: `${colorOf(fill)}22` }] }),
    hooks: { drawClear: [drawBands] },
  };
}

const DAY_S = 86_400;

/** A place on the axis of time, by the clock on the wall: an hour, or a day where the steps are as long. */
function tickText(at: number, stepS: number): string {
  const date = new Date(at * 1_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const isDay = stepS >= DAY_S || (date.getHours() === 0 && date.getMinutes() === 0);
  return isDay
    ? `${two(date.getMonth() + 1)}-${two(date.getDate())}`
    : `${two(date.getHours())}:${two(date.getMinutes())}`;
}
