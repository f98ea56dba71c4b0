/** Prometheus' text format, or its successor. */
export type Format = 'text' | 'openmetrics';

/** Sources: https://prometheus.io/docs/instrumenting/exposition_formats/ and the OpenMetrics 1.0 specification. */
export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Chooses the format that an Accept header prefers; text where it has no preference (RFC 9110, section 12.5.1). */
export function chooseFormat(accept: string | undefined): Format {
  const openmetrics = qualityOf(accept, ['application/openmetrics-text']);
  const text = qualityOf(accept, ['text/plain', 'text/*', '*/*']);
  return openmetrics > 0 && openmetrics >= text ? 'openmetrics' : 'text';
}

/** The best quality that the header gives one of the media ranges. */
function qualityOf(accept: string | undefined, ranges: readonly string[]): number {
  const qualities = (accept ?? '').split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    if (!ranges.includes(range)) return 0;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return quality === undefined ? 1 : Number(quality.slice(2)) || 0;
  });
  return Math.max(...qualities);
}

/**
 * The text format as OpenMetrics, but for the mark of its end. Counters' families are called without `_total` there, and
 * empty lines are not allowed. prom-client's own rendering is not used: it renames the counters for good, and the next scrape in
 * the text format would miss them (`standardizeCounterName` in its lib/registry.js).
 */
export function toOpenMetrics(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '');
  const counters = new Set(lines.flatMap((line) => /^# TYPE (\S+)_total counter$/.exec(line)?.[1] ?? []));
  const renamed = lines.map((line) => {
    const [, keyword, family = '', rest] = /^# (HELP|TYPE) (\S+)_total (.*)$/.exec(line) ?? [];
    return counters.has(family) ? `# ${keyword} ${family} ${rest}` : line;
  });
  return [...renamed, ''].join('\n');
}
