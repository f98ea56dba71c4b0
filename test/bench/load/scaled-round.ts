import type { Bench } from '../bench';
import { singlePosts, tenantEvent } from '../documents/tenant-events';
import type { Child } from '../processes/child';
import type { Design } from '../processes/designs';
import { ScaledStore } from '../processes/scaled-store';
import type { ScaledServers } from '../processes/scaled-servers';
import { median, spreadOf } from '../statistics';
import { expectAll, makeLoad } from './load';

/** What came of one load on one design. Processor times are milliseconds for one event, until it was stored. */
export interface ScaledRound {
  /** Acknowledged, while the load was made. */
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Stored, from the first request until the last event is in PostgreSQL. */
  readonly storedPerSecond: number;
  /** Of the design's own processes. */
  readonly designMs: number;
  readonly postgresMs: number;
  readonly redisMs: number;
  /** All three together, as events in a second of processor time. */
  readonly perCpuSecond: number;
  /** The same of the design's own processes alone. */
  readonly perOwnCpuSecond: number;
  readonly generatorCpu: number;
}

/**
 * Makes load on a design that has just been started on a new store, and waits until everything is stored.
 *
 * @throws Error where an event is refused or lost
 */
export async function measureDesign(
  bench: Bench,
  servers: ScaledServers,
  design: Design,
  name: string,
): Promise<ScaledRound> {
  const { connections, requests, warmUp } = bench.sizes.scaled;
  const store = await ScaledStore.create(servers);
  const { ports, children: apis } = await design.startApis(bench, store, name);
  const children = [...apis, await design.startWorker(bench, store, name)];
  const first = singlePosts('warm', warmUp);
  const load = singlePosts('load', requests);
  expectAll(202, await makeLoad({ ports, connections, requests: first }), 'warming up');
  await expectDurability(design, ports[0] ?? 0);
  const before = warmUp + 1;
  await store.untilStored(before);

  const cpuBefore = await cpuOf(children, store);
  const startedAt = performance.now();
  const result = await makeLoad({ ports, connections, requests: load });
  await store.untilStored(before + requests);
  const storedAfterMs = performance.now() - startedAt;
  const cpuAfter = await cpuOf(children, store);

  expectAll(202, result, design.name);
  for (const child of children) await child.stop();
  await store.drop();
  const perEvent = (part: keyof Cpu): number => (cpuAfter[part] - cpuBefore[part]) / requests;
  const { p50, p99 } = spreadOf(result.latenciesMs);
  const spent = {
    designMs: perEvent('designMs'),
    postgresMs: perEvent('postgresMs'),
    redisMs: perEvent('redisMs'),
  };
  return {
    perSecond: requests / (result.durationMs / 1_000),
    p50,
    p99,
    storedPerSecond: requests / (storedAfterMs / 1_000),
    ...spent,
    perCpuSecond: 1_000 / (spent.designMs + spent.postgresMs + spent.redisMs),
    perOwnCpuSecond: 1_000 / spent.designMs,
    generatorCpu: result.generatorCpu,
  };
}

/** Posts one more event: a queue that is away would make the design another one, unnoticed. */
async function expectDurability({ name, durability }: Design, port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(tenantEvent('probe', 0)),
  });
  const answer = (await response.json()) as { durability?: string };
  if (response.status === 202 && answer.durability === durability) return;
  throw new Error(`${name} answers ${response.status} ${JSON.stringify(answer)}`);
}

/** The round whose every part is the median of that part. */
export function medianScaledRound(rounds: readonly ScaledRound[]): ScaledRound {
  const of = (field: keyof ScaledRound): number => median(rounds.map((round) => round[field]));
  return {
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    storedPerSecond: of('storedPerSecond'),
    designMs: of('designMs'),
    postgresMs: of('postgresMs'),
    redisMs: of('redisMs'),
    perCpuSecond: of('perCpuSecond'),
    perOwnCpuSecond: of('perOwnCpuSecond'),
    generatorCpu: of('generatorCpu'),
  };
}

/** Processor times so far, in milliseconds. */
interface Cpu {
  readonly designMs: number;
  readonly postgresMs: number;
  readonly redisMs: number;
}

async function cpuOf(children: readonly Child[], store: ScaledStore): Promise<Cpu> {
  const designMs = children.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  return { designMs, ...(await store.cpu()) };
}
