import type { Bench } from '../bench';
import { makeBareGets, type BareGets } from '../load/bare-gets';
import { count, megabytes, ms, percent, type Report, type Table } from '../report/report';
import { measureHighest, MAX_LAG_P99_MS, type Step } from './monitors/highest';
import { measureSteady, type Steady } from './monitors/steady';
import { startTarget } from './monitors/target';
import { measureUptimes, type Uptimes } from './monitors/uptimes';

const MAX_BYTES = 512_000_000;

/** Confirming takes two checks after the first failure, and the rest is for everything else. */
const RETRIES = 2;
const MAX_DELIVERY_MS = 5_000;

/** As many as checks may be at one host. */
const BARE_AT_ONCE = 20;

/** Many monitors in one process on SQLite: at their interval, as many as it can take, and asked for their uptime. */
export async function monitors(bench: Bench): Promise<Report> {
  const sizes = bench.sizes.monitors;
  const target = await startTarget();
  const bare = await makeBareGets(target.ports, { atOnce: BARE_AT_ONCE, seconds: sizes.bareSeconds });
  const steady = await measureSteady(bench, target);
  const steps = await measureHighest(bench, target);
  const uptimes = await measureUptimes(bench, target);
  await target.server.child.stop();
  return {
    title: 'Monitors',
    method:
      `${count(sizes.count)} monitors at ${sizes.intervalS} s in one process on SQLite, added over the API, for ` +
      `${sizes.seconds} s, once; a local server in a process of its own is the target, on ${target.ports.length} ports, ` +
      `and fails for ${sizes.failing} of them from the middle on; another one stands in for PagerDuty. The lag is ` +
      `from a slot until a check of it, or of a later one, began: what was left out counts as late. Then monitors at ` +
      `an interval of 1 s, more and more of them, ${sizes.highest.seconds} s each. The bare client makes GETs as ` +
      `checks do, each on a new connection, ${BARE_AT_ONCE} at once, and does nothing with the answers. Uptimes: ` +
      `${count(sizes.uptimes)} monitors with 91 days of roll-ups by the hour and by the day, one connection, each ` +
      `monitor once in a run; medians of ${bench.sizes.rounds} runs.`,
    tables: [steadyTable(steady), stepTable(steps, bare), uptimeTable(uptimes, sizes.uptimes)],
    aims: aimsOf(bench, steady),
  };
}

function aimsOf(bench: Bench, { lag, busy, peakBytes, pages }: Steady): Report['aims'] {
  const maxPageMs = RETRIES * bench.sizes.monitors.retryS * 1_000 + MAX_DELIVERY_MS;
  return [
    {
      id: 'monitors_lag',
      aim: `lag p99 < ${ms(MAX_LAG_P99_MS)}`,
      measured: ms(lag.p99),
      isMet: lag.p99 < MAX_LAG_P99_MS,
    },
    { id: 'monitors_cpu', aim: 'less than one core', measured: percent(busy), isMet: busy < 1 },
    {
      id: 'monitors_memory',
      aim: `memory < ${megabytes(MAX_BYTES)}`,
      measured: megabytes(peakBytes),
      isMet: peakBytes < MAX_BYTES,
    },
    {
      id: 'monitors_page',
      aim: `first failure to PagerDuty ≤ ${ms(maxPageMs)}`,
      measured: `${ms(pages.max)}, the slowest`,
      isMet: pages.max <= maxPageMs,
    },
  ];
}

function steadyTable({ lag, checksPerSecond, busy, peakBytes, pages }: Steady): Table {
  return {
    head: ['at their interval', 'p50', 'p99', 'max'],
    rows: [
      ['lag', ms(lag.p50), ms(lag.p99), ms(lag.max)],
      ['first failure to PagerDuty', ms(pages.p50), ms(pages.p99), ms(pages.max)],
      ['checks/s', checksPerSecond.toFixed(1), '', ''],
      ['processor, of one core', percent(busy), '', ''],
      ['peak memory', megabytes(peakBytes), '', ''],
    ],
  };
}

function stepTable(steps: readonly Step[], bare: BareGets): Table {
  return {
    head: ['monitors at 1 s', 'checks/s', 'lag p50', 'lag p99', 'processor, of one core', 'ms for each'],
    rows: [
      ...steps.map(({ monitors, checksPerSecond, lag, busy }) => [
        `${count(monitors)}${lag.p99 > MAX_LAG_P99_MS ? ', not sustained' : ''}`,
        count(checksPerSecond),
        ms(lag.p50),
        ms(lag.p99),
        percent(busy),
        ((busy * 1_000) / checksPerSecond).toFixed(2),
      ]),
      [
        'bare client',
        count(bare.perSecond),
        '',
        '',
        percent((bare.cpuMs * bare.perSecond) / 1_000),
        bare.cpuMs.toFixed(2),
      ],
    ],
  };
}

function uptimeTable(uptimes: readonly Uptimes[], monitors: number): Table {
  return {
    head: ['uptime of a monitor', 'p50', 'p99', 'max', `of ${count(monitors)}, by the p50`],
    rows: uptimes.map(({ window, each: { p50, p99, max } }) => [
      window,
      ms(p50),
      ms(p99),
      ms(max),
      ms(p50 * monitors),
    ]),
  };
}
