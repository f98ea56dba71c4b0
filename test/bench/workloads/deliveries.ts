import type { Bench } from '../bench';
import { nowMs } from '../clock';
import { postOfEvents, tenantBatch } from '../documents/tenant-events';
import { expectAll, makeLoad } from '../load/load';
import { listOf } from '../load/requests';
import { untilArrived } from '../processes/arrivals';
import type { Child } from '../processes/child';
import { NO_LIMITS, ROLES_BESIDE_API, scaledEnvironment } from '../processes/designs';
import { startLocalServer } from '../processes/local-server';
import { LEFT_OUT, type ScaledServers } from '../processes/scaled-servers';
import { ScaledStore } from '../processes/scaled-store';
import { startService } from '../processes/service';
import { count, ms, type Report } from '../report/report';
import { median } from '../statistics';

const CONNECTIONS = 8;

/** Longer than it takes to fill the outbox, during which PagerDuty answers nobody. */
const DELIVERY_TIMEOUT_MS = 120_000;

const ARRIVAL_TIMEOUT_MS = 300_000;

interface Round {
  readonly perSecond: number;
  /** Processor time of the process that sends for one delivery, in milliseconds. */
  readonly cpuMs: number;
}

/** The processes of one round: one that takes events, one that sends deliveries, which may be the same. */
interface Running {
  readonly port: number;
  readonly sender: Child;
  stop(): Promise<void>;
}

/** How fast one process delivers what waits in the outbox. */
export async function deliveries(bench: Bench): Promise<Report> {
  const { servers } = bench;
  const { rounds } = bench.sizes;
  const { events, batchSize } = bench.sizes.deliveries;
  const onSqlite: Round[] = [];
  const onPostgres: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    onSqlite.push(await measure(bench, (url) => startEmbedded(bench, `deliveries-${round}`, url)));
    if (servers === null) continue;
    const name = `deliveries-postgres-${round}`;
    onPostgres.push(await measure(bench, (url) => startScaled(bench, servers, name, url)));
  }
  return {
    title: 'Delivering a full outbox',
    method:
      `${count(events)} critical events posted in batches of ${batchSize} while PagerDuty (a local server in a ` +
      `process of its own) answers nobody; then it answers everybody at once, and time counts until all have ` +
      `arrived. One process sends; on PostgreSQL another has taken the events. ${rounds} runs of each in turns, each ` +
      `on a new database; medians. Nothing was lost.${servers === null ? ` PostgreSQL: ${LEFT_OUT}` : ''}`,
    tables: [
      {
        head: ['', 'deliveries/s', 'CPU of the sender per delivery'],
        rows: [
          row('Signalbox on SQLite', onSqlite),
          ...(servers === null ? [] : [row('Signalbox on PostgreSQL and Redis', onPostgres)]),
        ],
      },
    ],
    aims: [],
  };
}

async function startEmbedded(bench: Bench, name: string, pagerDutyUrl: string): Promise<Running> {
  const environment = { ...NO_LIMITS, ...destination(pagerDutyUrl) };
  const { port, child } = await startService(bench, name, environment);
  return { port, sender: child, stop: () => child.stop() };
}

async function startScaled(
  bench: Bench,
  servers: ScaledServers,
  name: string,
  pagerDutyUrl: string,
): Promise<Running> {
  const store = await ScaledStore.create(servers);
  const start = (suffix: string, roles: string) => {
    const environment = { ...scaledEnvironment(store, 'direct', roles), ...NO_LIMITS };
    return startService(bench, `${name}-${suffix}`, { ...environment, ...destination(pagerDutyUrl) });
  };
  const api = await start('api', 'api');
  const sender = await start('sender', ROLES_BESIDE_API);
  return {
    port: api.port,
    sender: sender.child,
    stop: async () => {
      await api.child.stop();
      await sender.child.stop();
      await store.drop();
    },
  };
}

async function measure(bench: Bench, start: (pagerDutyUrl: string) => Promise<Running>): Promise<Round> {
  const { events, batchSize } = bench.sizes.deliveries;
  const pagerDuty = await startLocalServer('pagerduty-stand-in', ['hold']);
  const running = await start(pagerDuty.url);
  const batches = Array.from({ length: events / batchSize }, (_, batch) => {
    const critical = tenantBatch('page', batch, batchSize).map((event) => ({
      ...event,
      severity: 'critical',
    }));
    return postOfEvents(critical);
  });
  const load = { ports: [running.port], connections: CONNECTIONS, requests: listOf(batches) };
  expectAll(202, await makeLoad(load), 'critical events');

  const cpuBefore = running.sender.cpuMs;
  const releasedAt = nowMs();
  await (await fetch(`${pagerDuty.url}/release`)).arrayBuffer();
  const { arrivedAt } = await untilArrived(pagerDuty, events, ARRIVAL_TIMEOUT_MS);
  const cpuMs = (running.sender.cpuMs - cpuBefore) / events;
  await running.stop();
  await pagerDuty.child.stop();
  const arrivals = Object.values(arrivedAt);
  if (arrivals.length !== events) throw new Error(`of ${events} critical events ${arrivals.length} arrived`);
  const lastArrivedAt = arrivals.reduce((latest, at) => Math.max(latest, at));
  return { perSecond: events / ((lastArrivedAt - releasedAt) / 1_000), cpuMs };
}

function destination(url: string): Record<string, string> {
  return {
    PAGERDUTY_EVENTS_URL: `${url}/v2/enqueue`,
    DELIVERY_TIMEOUT_MS: String(DELIVERY_TIMEOUT_MS),
  };
}

function row(name: string, rounds: readonly Round[]): string[] {
  return [
    name,
    count(median(rounds.map(({ perSecond }) => perSecond))),
    ms(median(rounds.map(({ cpuMs }) => cpuMs))),
  ];
}
