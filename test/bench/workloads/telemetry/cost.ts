import { join } from 'node:path';
import type { Bench } from '../../bench';
import { singlePosts } from '../../documents/tenant-events';
import { measureRound, type RoundLoad } from '../../load/round';
import { NO_LIMITS } from '../../processes/designs';
import { startService, type Service } from '../../processes/service';
import { median } from '../../statistics';

/** Shares of the throughput; below 0 where the run with metrics was the faster one. */
export interface Cost {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Measures the service with and without metrics, in turns, each first as often as second. */
export async function measureCost(bench: Bench): Promise<Cost> {
  const preload = join(__dirname, '..', '..', 'processes', 'without-metrics.js');
  const measured = await startService(bench, 'telemetry-with', NO_LIMITS);
  const bare = await startService(bench, 'telemetry-without', {
    ...NO_LIMITS,
    NODE_OPTIONS: `--require=${preload}`,
  });
  const costs: number[] = [];
  for (let pair = 0; pair < bench.sizes.telemetry.pairs; pair++) {
    const perSecond = new Map<Service, number>();
    for (const service of pair % 2 === 0 ? [measured, bare] : [bare, measured]) {
      perSecond.set(service, (await measureRound(service, loadOf(bench, pair))).perSecond);
    }
    costs.push(1 - (perSecond.get(measured) ?? 0) / (perSecond.get(bare) ?? 0));
  }
  await measured.child.stop();
  await bare.child.stop();
  return { median: median(costs), least: Math.min(...costs), most: Math.max(...costs) };
}

function loadOf({ sizes }: Bench, pair: number): RoundLoad {
  const { connections, requests, warmUp } = sizes.ingest;
  return {
    warmUp: singlePosts(`w${pair}`, warmUp),
    requests: singlePosts(`r${pair}`, requests),
    connections,
    status: 202,
  };
}
