import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT, type Bench } from '../bench';
import { makeLoad } from '../load/load';
import { listOf, postOf, repeatedGet } from '../load/requests';
import { measureRound, medianRound, type Round } from '../load/round';
import { Child } from '../processes/child';
import { freePort, untilReady } from '../processes/ready';
import { startService, type Service } from '../processes/service';
import { count, ms, percent, type Report } from '../report/report';
import { median, medianSpread, spreadOf, type Spread } from '../statistics';

/** What the upstream API takes for one event. */
const DELAY_MS = 500;

/** The number of events in question, and how long they may take. */
const AIM = { events: 10, maxMs: 520 };

/** How a service reads events: by how many it reads at once. 512 is more than there are. */
const WAYS = [
  { name: 'one after the other', concurrency: '1' },
  { name: 'as by default, 20 at once', concurrency: '20' },
  { name: 'all at once', concurrency: '512' },
] as const;

/** One that takes a minute is not repeated. */
const REPEATED_UP_TO_MS = 10_000;

const WARM_CONNECTIONS = 32;

/** The upstream API, in a process of its own. */
interface Upstream {
  readonly child: Child;
  readonly url: string;
}

/** Reading a user's events from an API that takes half a second for each, and what its failing costs the callers. */
export async function upstream(bench: Bench): Promise<Report> {
  const { rounds } = bench.sizes;
  const { events, requests, refusals } = bench.sizes.upstream;
  const folder = writeUsers(bench, events);
  const slow = await startUpstream(folder, ['--delay', String(DELAY_MS)]);
  const rows: string[][] = [];
  let aimedMs = Number.NaN;
  for (const { name, concurrency } of WAYS) {
    const durations = await measureWay(bench, slow, concurrency);
    if (concurrency === '20') aimedMs = durations.get(AIM.events) ?? Number.NaN;
    rows.push([name, ...events.map((number) => ms(durations.get(number) ?? Number.NaN))]);
  }
  const warm: Round[] = [];
  const refused: Spread[] = [];
  const sick = await startUpstream(folder, ['--failure-rate', '1']);
  for (let round = 0; round < rounds; round++) {
    warm.push(await measureWarm(bench, slow, round));
    refused.push(await measureRefusals(bench, sick, round));
  }
  await slow.child.stop();
  await sick.child.stop();
  const { perSecond, p50, p99, generatorCpu } = medianRound(warm);
  const refusal = medianSpread(refused);
  return {
    title: 'A slow upstream API',
    method:
      `\`GET /api/getEventsByUserId/:id\` against a local API, in a process of its own, that takes ${DELAY_MS} ms for ` +
      `each event; nothing kept; ${rounds} runs each (1 of those that take more than ${REPEATED_UP_TO_MS / 1_000} s); ` +
      `medians. With the events kept: ${count(requests)} requests a run for a user with ${AIM.events} events over ` +
      `${WARM_CONNECTIONS} connections; each still asks the API for the user. With the breaker open: ` +
      `${count(refusals)} \`POST /api/addEvent\` a run, one after the other, each answered 503.`,
    tables: [
      { head: ['a user with', ...events.map((number) => `${number} events`)], rows },
      {
        head: ['', 'requests/s', 'p50', 'p99', 'generator busy'],
        rows: [
          ['events kept', count(perSecond), ms(p50), ms(p99), percent(generatorCpu)],
          ['breaker open', '', ms(refusal.p50), ms(refusal.p99), ''],
        ],
      },
    ],
    aims: [
      {
        id: 'upstream_ten',
        aim: `${AIM.events} events of ${DELAY_MS} ms in ≤ ${ms(AIM.maxMs)}`,
        measured: ms(aimedMs),
        isMet: aimedMs <= AIM.maxMs,
      },
    ],
  };
}

const userId = (events: number): string => `u-${events}`;

/** Users with so many events each, for the API to read. */
function writeUsers(bench: Bench, counts: readonly number[]): string {
  const users = counts.map((number) => {
    const id = userId(number);
    return { id, name: id, events: Array.from({ length: number }, (_, n) => `e-${number}-${n}`) };
  });
  const events = users.flatMap((user) =>
    user.events.map((id) => ({ id, name: 'Order placed', userId: user.id, details: 'Two tickets' })),
  );
  const folder = join(bench.folder, 'upstream');
  mkdirSync(folder);
  writeFileSync(join(folder, 'users.json'), JSON.stringify(users));
  writeFileSync(join(folder, 'events.json'), JSON.stringify(events));
  return folder;
}

async function startUpstream(folder: string, flags: readonly string[]): Promise<Upstream> {
  const port = await freePort();
  const program = join(PACKAGE_ROOT, 'dist', 'cli', 'upstream-mock.js');
  const child = Child.start([program, '--port', String(port), '--data', folder, ...flags], {
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, `${url}/counts`);
  return { child, url };
}

/** How long users with so many events take, in milliseconds, by their number of events. */
async function measureWay(
  bench: Bench,
  { url }: Upstream,
  concurrency: string,
): Promise<ReadonlyMap<number, number>> {
  const service = await startService(bench, `upstream-${concurrency}`, {
    UPSTREAM_API_URL: url,
    UPSTREAM_CONCURRENCY: concurrency,
    UPSTREAM_CACHE_MS: '0',
    UPSTREAM_TIMEOUT_MS: '120000',
    REQUEST_TIMEOUT_MS: '130000',
  });
  await readEvents(service, bench.sizes.upstream.events[0] ?? 1);
  const medians = new Map<number, number>();
  for (const number of bench.sizes.upstream.events) {
    const durations = [await readEvents(service, number)];
    while (durations.length < bench.sizes.rounds && durations[0]! <= REPEATED_UP_TO_MS) {
      durations.push(await readEvents(service, number));
    }
    medians.set(number, median(durations));
  }
  await service.child.stop();
  return medians;
}

async function readEvents({ url }: Service, number: number): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`${url}/api/getEventsByUserId/${userId(number)}`);
  const events = (await response.json()) as readonly unknown[];
  const durationMs = performance.now() - startedAt;
  if (response.status === 200 && events.length === number) return durationMs;
  throw new Error(`a user with ${number} events answers ${response.status} with ${events.length}`);
}

async function measureWarm(bench: Bench, { url }: Upstream, round: number): Promise<Round> {
  const { requests } = bench.sizes.upstream;
  const service = await startService(bench, `upstream-warm-${round}`, {
    UPSTREAM_API_URL: url,
    UPSTREAM_CACHE_MS: '3600000',
  });
  await readEvents(service, AIM.events);
  const path = `/api/getEventsByUserId/${userId(AIM.events)}`;
  const measured = await measureRound(service, {
    warmUp: repeatedGet(path, Math.ceil(requests / 10)),
    requests: repeatedGet(path, requests),
    connections: WARM_CONNECTIONS,
    status: 200,
  });
  await service.child.stop();
  return measured;
}

async function measureRefusals(bench: Bench, { url }: Upstream, round: number): Promise<Spread> {
  const { refusals } = bench.sizes.upstream;
  const service = await startService(bench, `upstream-open-${round}`, {
    UPSTREAM_API_URL: url,
    BREAKER_RESET_MS: '3600000',
  });
  const post = postOf(
    '/api/addEvent',
    JSON.stringify({ name: 'Order placed', userId: userId(AIM.events) }),
    {},
  );
  const load = (number: number): ReturnType<typeof makeLoad> => {
    return makeLoad({ ports: [service.port], connections: 1, requests: listOf(Array(number).fill(post)) });
  };
  // The first three open it.
  await load(Math.ceil(refusals / 10));
  const { statuses, latenciesMs } = await load(refusals);
  if (statuses.get(503) !== refusals) throw new Error('the breaker did not stay open');
  await service.child.stop();
  return spreadOf(latenciesMs);
}
