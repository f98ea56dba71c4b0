import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../../bench';
import { addMonitors } from '../../documents/monitors';
import { readStoredChecks } from '../../load/stored-checks';
import { untilArrived } from '../../processes/arrivals';
import type { FirstFailures } from '../../processes/check-target';
import { startLocalServer } from '../../processes/local-server';
import { startService } from '../../processes/service';
import { spreadOf, type Spread } from '../../statistics';
import type { Target } from './target';

/** What many monitors cost, and what an outage among them looks like. */
export interface Steady {
  readonly lag: Spread;
  readonly checksPerSecond: number;
  /** Processor time of the service per second, as a share of one core. */
  readonly busy: number;
  readonly peakBytes: number;
  /** From the first failed answer of each failing target until its page was at PagerDuty, in milliseconds. */
  readonly pages: Spread;
}

/** From the last monitor's first check until the clock starts. */
const SETTLE_MS = 5_000;

/** After the span, for checks that are late. */
const GRACE_MS = 3_000;

const ARRIVAL_TIMEOUT_MS = 60_000;

/** All monitors at their interval; from the middle on some of their targets fail. */
export async function measureSteady(bench: Bench, target: Target): Promise<Steady> {
  const { count, intervalS, retryS, failing, seconds } = bench.sizes.monitors;
  const pagerDuty = await startLocalServer('pagerduty-stand-in');
  const service = await startService(bench, 'monitors-steady', {
    ALLOW_PRIVATE_TARGETS: 'true',
    PAGERDUTY_EVENTS_URL: `${pagerDuty.url}/v2/enqueue`,
  });
  const definition = { interval_s: intervalS, retry_s: retryS };
  const { url } = service;
  const numbers = await addMonitors({ url, targetPorts: target.ports, from: 0, until: count, definition });
  await sleep(SETTLE_MS);

  const from = Date.now();
  const cpuBefore = service.child.cpuMs;
  await sleep(seconds * 500);
  await target.ask(`fail-below/${failing}`);
  await sleep(seconds * 500);
  const until = Date.now();
  const busy = (service.child.cpuMs - cpuBefore) / (until - from);

  const { arrivedAt } = await untilArrived(pagerDuty, failing, ARRIVAL_TIMEOUT_MS);
  const failedAt = (await target.ask('first-failures')) as FirstFailures;
  await target.ask('fail-below/0');
  await sleep(GRACE_MS);
  const peakBytes = service.child.peakResidentBytes;
  await service.child.stop();
  await pagerDuty.child.stop();
  const { checks, lagsMs } = readStoredChecks(service.databasePath, intervalS * 1_000, { from, until });
  return {
    lag: spreadOf(lagsMs),
    checksPerSecond: checks / ((until - from) / 1_000),
    busy,
    peakBytes,
    pages: spreadOf(pageDelays(failing, numbers, failedAt, arrivedAt)),
  };
}

/** @throws Error where a failing target paged nobody, or one that works did */
function pageDelays(
  failing: number,
  numbers: ReadonlyMap<string, number>,
  failedAt: FirstFailures,
  arrivedAt: Readonly<Record<string, number>>,
): number[] {
  const paged = Object.entries(arrivedAt).map(([key, at]) => ({ number: numbers.get(monitorOf(key)), at }));
  const delays = paged.map(({ number, at }) => at - (failedAt[String(number)] ?? Number.NaN));
  if (delays.length === failing && !delays.some(Number.isNaN)) return delays;
  throw new Error(`${failing} targets failed, and ${delays.length} pages arrived`);
}

/** Keys are `<account>/monitor:<id>:<start>`. */
function monitorOf(key: string): string {
  return key.split(':')[1] ?? '';
}
