import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../../bench';
import { addMonitors } from '../../documents/monitors';
import { readStoredChecks } from '../../load/stored-checks';
import { startService, type Service } from '../../processes/service';
import { spreadOf, type Spread } from '../../statistics';
import type { Target } from './target';

/** So many monitors at an interval of a second. */
export interface Step {
  readonly monitors: number;
  readonly checksPerSecond: number;
  readonly lag: Spread;
  readonly busy: number;
}

/** A lag above this is not sustained: the next slot is due. */
export const MAX_LAG_P99_MS = 1_000;

const INTERVAL_S = 1;

/** After monitors were added. */
const SETTLE_MS = 3_000;

/** After the span, for checks that are late. */
const GRACE_MS = 1_500;

/** Adds monitors until the lag is too long. The last step is the one that was not sustained. */
export async function measureHighest(bench: Bench, target: Target): Promise<Step[]> {
  const { first, step, seconds } = bench.sizes.monitors.highest;
  const service = await startService(bench, 'monitors-highest', { ALLOW_PRIVATE_TARGETS: 'true' });
  const steps: Step[] = [];
  for (let from = 0, until = first; ; [from, until] = [until, until + step]) {
    await addMonitors({
      url: service.url,
      targetPorts: target.ports,
      from,
      until,
      definition: { interval_s: INTERVAL_S, retry_s: INTERVAL_S },
    });
    const measured = await measureStep(service, until, seconds);
    steps.push(measured);
    if (measured.lag.p99 > MAX_LAG_P99_MS) break;
  }
  await service.child.stop();
  return steps;
}

async function measureStep(
  { child, databasePath }: Service,
  monitors: number,
  seconds: number,
): Promise<Step> {
  await sleep(SETTLE_MS);
  const from = Date.now();
  const cpuBefore = child.cpuMs;
  await sleep(seconds * 1_000);
  const until = Date.now();
  const busy = (child.cpuMs - cpuBefore) / (until - from);
  await sleep(GRACE_MS);
  const { checks, lagsMs } = readStoredChecks(databasePath, INTERVAL_S * 1_000, { from, until });
  return { monitors, checksPerSecond: checks / ((until - from) / 1_000), lag: spreadOf(lagsMs), busy };
}
