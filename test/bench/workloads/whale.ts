import type { Bench } from '../bench';
import { postOfEvents, tenantEvent, ACCOUNTS } from '../documents/tenant-events';
import { makeLoad } from '../load/load';
import { listOf } from '../load/requests';
import { startLocalServer } from '../processes/local-server';
import { startEmbedded, startQueued, type RunningProfile } from '../processes/profiles';
import { LEFT_OUT } from '../processes/scaled-servers';
import type { WhaleCatch, WhaleOrders } from '../processes/whale';
import { count, ms, ratio, type Report, type Table } from '../report/report';
import { median, medianSpread, spreadOf, type Spread } from '../statistics';

/** Enough that a request of the others waits for a free one only while the service stands still for half a second. */
const CONNECTIONS = 256;

const SMALL_ACCOUNTS = ACCOUNTS - 1;

/** A whale of this account has a limit of its own; it is told by `POST /accounts`. */
const LIMITED = { id: 'whale-limited', name: 'Whale', limits: { events_per_minute: 60_000, burst: 5_000 } };

/** What swims beside the others. */
interface Situation {
  readonly name: string;
  readonly whale: Pick<WhaleOrders, 'account' | 'connections' | 'batchSize'> | null;
}

const SITUATIONS: readonly Situation[] = [
  { name: 'no whale', whale: null },
  { name: 'whale, one by one', whale: { account: 'whale-single', connections: 64, batchSize: 1 } },
  { name: 'whale, batches of 500', whale: { account: 'whale-batch', connections: 8, batchSize: 500 } },
  { name: 'the same, limited', whale: { account: LIMITED.id, connections: 8, batchSize: 500 } },
];

/** What came of one situation. */
interface Round {
  readonly others: Spread;
  readonly othersRefused: number;
  /** The whale's events a second that were accepted, and its requests a second that were refused. */
  readonly whalePerSecond: number;
  readonly whaleRefusedPerSecond: number;
  /** Events that were acknowledged to anybody. */
  readonly acknowledged: number;
}

/** What the tenants notice of one that posts as fast as it can. */
export async function whale(bench: Bench): Promise<Report> {
  const { servers } = bench;
  const { rounds } = bench.sizes;
  const { perAccount, seconds } = bench.sizes.whale;
  const embedded: Round[][] = [];
  const scaled: Round[][] = [];
  for (let round = 0; round < rounds; round++) {
    embedded.push(await measure(bench, await startEmbedded(bench, `whale-${round}`)));
    if (servers === null) continue;
    scaled.push(await measure(bench, await startQueued(bench, servers, `whale-scaled-${round}`)));
  }
  return {
    title: 'Beside a whale',
    method:
      `${SMALL_ACCOUNTS} accounts post ${perAccount} events a second each, one in each request, at a fixed pace (open ` +
      `loop) for ${seconds} s, while one more account, from a process of its own, posts as fast as it is answered: ` +
      `one event in each request on 64 connections, or 500 on 8. All have the default limits, but for the last row: ` +
      `there the whale's are ${count(LIMITED.limits.events_per_minute)} events a minute. Latencies are those of the ` +
      `${SMALL_ACCOUNTS}. ${rounds} runs, each on a new database; medians. All acknowledged events of everybody were ` +
      `found in the database, each once.${servers === null ? ` PostgreSQL and Redis: ${LEFT_OUT}` : ''}`,
    tables: [
      tableOf('on SQLite', embedded),
      ...(servers === null ? [] : [tableOf('queued, PostgreSQL and Redis', scaled)]),
    ],
    aims: [],
  };
}

/** All situations, one after the other, in one running service. */
async function measure(bench: Bench, running: RunningProfile): Promise<Round[]> {
  await createLimitedAccount(running);
  const warmUp = await makeRound(bench, running, 'warm', null);
  let acknowledged = warmUp.acknowledged;
  const measured: Round[] = [];
  for (const [index, situation] of SITUATIONS.entries()) {
    await running.untilStored(acknowledged);
    const round = await makeRound(bench, running, `s${index}`, situation.whale);
    acknowledged += round.acknowledged;
    measured.push(round);
  }
  await running.stop(acknowledged);
  return measured;
}

async function createLimitedAccount({ port }: RunningProfile): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(LIMITED),
  });
  if (response.status !== 201)
    throw new Error(`POST /accounts answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

async function makeRound(
  bench: Bench,
  running: RunningProfile,
  run: string,
  whale: Situation['whale'],
): Promise<Round> {
  const { perAccount, seconds } = bench.sizes.whale;
  const perSecond = perAccount * SMALL_ACCOUNTS;
  const ports = [running.port];
  const requests = Array.from({ length: perSecond * seconds }, (_, index) => {
    return postOfEvents(tenantEvent(run, index, `small-${index % SMALL_ACCOUNTS}`));
  });
  // It begins before the others do, and ends after them.
  const swimming = whale === null ? null : await release({ ...whale, ports, seconds: seconds + 1 });
  const load = await makeLoad({ ports, connections: CONNECTIONS, perSecond, requests: listOf(requests) });
  const caught = swimming === null ? null : await swimming.end;
  const ofOthers = load.statuses.get(202) ?? 0;
  const ofWhale = (new Map(caught?.statuses).get(202) ?? 0) * (whale?.batchSize ?? 0);
  return {
    others: spreadOf(load.latenciesMs),
    othersRefused: requests.length - ofOthers,
    whalePerSecond: caught === null ? 0 : ofWhale / (caught.durationMs / 1_000),
    whaleRefusedPerSecond: caught === null ? 0 : refusedOf(caught) / (caught.durationMs / 1_000),
    acknowledged: ofOthers + ofWhale,
  };
}

/** Starts a whale, which has begun when this resolves. */
async function release(orders: WhaleOrders): Promise<{ readonly end: Promise<WhaleCatch> }> {
  const { child } = await startLocalServer('whale', [JSON.stringify(orders)]);
  const end = child.nextMessage().then(async (caught) => {
    await child.stop();
    return caught as WhaleCatch;
  });
  return { end };
}

function refusedOf({ statuses }: WhaleCatch): number {
  return statuses.reduce((sum, [status, howMany]) => (status === 202 ? sum : sum + howMany), 0);
}

function tableOf(name: string, rounds: readonly (readonly Round[])[]): Table {
  return {
    head: [
      name,
      'p50',
      'p95',
      'p99',
      'p95 to that of no whale',
      'refused',
      "whale's events/s",
      'its refused requests/s',
    ],
    rows: SITUATIONS.map((situation, index) => {
      const of = (value: (round: Round) => number): number => {
        return median(rounds.map((round) => value(round[index] as Round)));
      };
      const { p50, p95, p99 } = medianSpread(rounds.map((round) => (round[index] as Round).others));
      const change = median(
        rounds.map((round) => (round[index] as Round).others.p95 / (round[0] as Round).others.p95),
      );
      return [
        situation.name,
        ms(p50),
        ms(p95),
        ms(p99),
        situation.whale === null ? '' : ratio(change),
        count(of(({ othersRefused }) => othersRefused)),
        situation.whale === null ? '' : count(of(({ whalePerSecond }) => whalePerSecond)),
        situation.whale === null ? '' : count(of(({ whaleRefusedPerSecond }) => whaleRefusedPerSecond)),
      ];
    }),
  };
}
