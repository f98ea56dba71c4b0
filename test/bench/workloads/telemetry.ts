import type { Bench } from '../bench';
import { ACCOUNTS } from '../documents/tenant-events';
import { count, megabytes, ms, type Report } from '../report/report';
import { measureCost } from './telemetry/cost';
import { measureScrapes } from './telemetry/scrapes';

/** Largest share of the throughput of `POST /events` that metrics should cost. */
const MAX_COST = 0.05;

/** What metrics cost those who post, and what a scrape costs. Traces are off. */
export async function telemetry(bench: Bench): Promise<Report> {
  const { connections, requests } = bench.sizes.ingest;
  const { monitors, pairs } = bench.sizes.telemetry;
  const { median, least, most } = await measureCost(bench);
  const { scrapes, bytes, lines } = await measureScrapes(bench);
  return {
    title: 'Metrics',
    method:
      `\`POST /events\` on SQLite, ${count(requests)} distinct events of ${ACCOUNTS} accounts a run over ${connections} ` +
      `connections, with metrics and without them, ${pairs} runs of each in turns; the cost is of each pair of runs. Then ` +
      `\`GET /metrics\`, one after the other, where there are ${count(monitors)} monitors.`,
    tables: [
      {
        head: ['', 'median', 'least', 'most'],
        rows: [['throughput that metrics cost', share(median), share(least), share(most)]],
      },
      {
        head: ['', 'p50', 'p99', 'size', 'lines'],
        rows: [['GET /metrics', ms(scrapes.p50), ms(scrapes.p99), megabytes(bytes), count(lines)]],
      },
    ],
    aims: [
      {
        id: 'telemetry_cost',
        aim: `metrics cost less than ${share(MAX_COST)} of the throughput`,
        measured: share(median),
        isMet: median < MAX_COST,
      },
    ],
  };
}

function share(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}
