import type { Bench } from '../bench';
import { batchPosts, singlePosts } from '../documents/tenant-events';
import { expectAll, makeLoad } from '../load/load';
import type { Requests } from '../load/requests';
import { signalbox, textbook, type Design } from '../processes/designs';
import { LEFT_OUT, type ScaledServers } from '../processes/scaled-servers';
import { ScaledStore } from '../processes/scaled-store';
import { count, ms, type Report } from '../report/report';
import { median } from '../statistics';

const TITLE = 'Storing a full queue';

const CONNECTIONS = 64;
const BATCH_CONNECTIONS = 8;

/** One way of filling a queue, and the design whose queue it is. */
interface Filling {
  readonly name: string;
  readonly design: Design;
  readonly connections: number;
  readonly isBatched: boolean;
}

const FILLINGS: readonly Filling[] = [
  {
    name: 'Signalbox, filled one by one',
    design: signalbox('queued', 1),
    connections: CONNECTIONS,
    isBatched: false,
  },
  {
    name: 'Signalbox, filled in batches',
    design: signalbox('queued', 1),
    connections: BATCH_CONNECTIONS,
    isBatched: true,
  },
  { name: 'textbook', design: textbook(1), connections: CONNECTIONS, isBatched: false },
];

interface Round {
  readonly perSecond: number;
  /** Processor time of the worker process for one event, in milliseconds. */
  readonly workerMs: number;
}

/** How fast one worker process stores what is queued. */
export async function drain(bench: Bench): Promise<Report> {
  const { servers } = bench;
  if (servers === null) return { title: TITLE, method: LEFT_OUT, tables: [], aims: [] };
  const { rounds } = bench.sizes;
  const { events, batchedEvents, batchSize } = bench.sizes.drain;
  const measured = new Map<Filling, Round[]>(FILLINGS.map((filling) => [filling, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [index, filling] of FILLINGS.entries()) {
      measured.get(filling)?.push(await measure(bench, servers, filling, `drain-${round}-${index}`));
    }
  }
  return {
    title: TITLE,
    method:
      `${count(events)} events queued in Redis one by one, or ${count(batchedEvents)} in batches of ${batchSize}, ` +
      `while no worker runs; then one worker process is started, and time counts from the moment when the first of ` +
      `them are in PostgreSQL until all are. ${rounds} runs of each in turns, each on a new database; medians. Nothing was lost.`,
    tables: [
      {
        head: ['', 'stored/s', 'CPU of the worker per event'],
        rows: FILLINGS.map((filling) => row(filling.name, measured.get(filling) ?? [])),
      },
    ],
    aims: [],
  };
}

async function measure(bench: Bench, servers: ScaledServers, filling: Filling, name: string): Promise<Round> {
  const { design, connections } = filling;
  const store = await ScaledStore.create(servers);
  const { ports, children } = await design.startApis(bench, store, name);
  const { requests, events } = requestsOf(bench, filling);
  expectAll(202, await makeLoad({ ports, connections, requests }), filling.name);
  const worker = await design.startWorker(bench, store, name);
  const first = await store.untilAnyStored();
  const startedAt = performance.now();
  const cpuBefore = worker.cpuMs;
  await store.untilStored(events);
  const stored = events - first;
  if (stored === 0)
    throw new Error(`${filling.name}: the events were not queued, or there are too few to time`);
  const round = {
    perSecond: stored / ((performance.now() - startedAt) / 1_000),
    workerMs: (worker.cpuMs - cpuBefore) / stored,
  };
  for (const child of [worker, ...children]) await child.stop();
  await store.drop();
  return round;
}

function requestsOf({ sizes }: Bench, { isBatched }: Filling): { requests: Requests; events: number } {
  const { events, batchedEvents, batchSize } = sizes.drain;
  if (!isBatched) return { requests: singlePosts('drain', events), events };
  return { requests: batchPosts('drain', batchedEvents / batchSize, batchSize), events: batchedEvents };
}

function row(name: string, rounds: readonly Round[]): string[] {
  return [
    name,
    count(median(rounds.map(({ perSecond }) => perSecond))),
    ms(median(rounds.map(({ workerMs }) => workerMs))),
  ];
}
