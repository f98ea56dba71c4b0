import type { Bench } from '../../bench';
import { manyRoutes } from '../../documents/routes';
import { accountOf, ACCOUNTS, batchPosts } from '../../documents/tenant-events';
import { expectAll, makeLoad } from '../../load/load';
import { NO_LIMITS } from '../../processes/designs';
import { startService } from '../../processes/service';
import { median } from '../../statistics';
import { send } from './settings';

const CONNECTIONS = 8;
const BATCH = 500;

/** What an event costs, in microseconds. */
export interface EventCost {
  readonly elapsedUs: number;
  readonly cpuUs: number;
}

/** What events cost in accounts with so many routes, and with none. */
export async function ruleCosts(bench: Bench): Promise<{ none: EventCost; many: EventCost }> {
  const none: EventCost[] = [];
  const many: EventCost[] = [];
  for (let round = 0; round < bench.sizes.rounds; round++) {
    none.push(await measure(bench, `routing-none-${round}`, 0));
    many.push(await measure(bench, `routing-many-${round}`, bench.sizes.routing.routes));
  }
  return { none: medianCost(none), many: medianCost(many) };
}

async function measure(bench: Bench, name: string, routes: number): Promise<EventCost> {
  const { child, url, port } = await startService(bench, name, NO_LIMITS);
  for (let n = 0; routes > 0 && n < ACCOUNTS; n++) {
    await send(`${url}/routes`, 'PUT', { account_id: accountOf(n), routes: manyRoutes(routes) });
  }
  const load = async (run: string, events: number): Promise<number> => {
    const requests = batchPosts(run, events / BATCH, BATCH);
    const result = await makeLoad({ ports: [port], connections: CONNECTIONS, requests });
    expectAll(202, result, 'events');
    return result.durationMs;
  };
  await load('warm', ACCOUNTS * BATCH);
  const { events } = bench.sizes.routing;
  const cpuBefore = child.cpuMs;
  const durationMs = await load('load', events);
  const cpuMs = child.cpuMs - cpuBefore;
  await child.stop();
  return { elapsedUs: (durationMs * 1_000) / events, cpuUs: (cpuMs * 1_000) / events };
}

function medianCost(costs: readonly EventCost[]): EventCost {
  return {
    elapsedUs: median(costs.map(({ elapsedUs }) => elapsedUs)),
    cpuUs: median(costs.map(({ cpuUs }) => cpuUs)),
  };
}
