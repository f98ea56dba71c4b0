import type { Bench } from '../bench';
import { fillWithEvents } from '../documents/stored-events';
import { expectAll, makeLoad } from '../load/load';
import { repeatedGet } from '../load/requests';
import { startService, type Service } from '../processes/service';
import { count, ms, ratio, type Report } from '../report/report';
import { medianSpread, spreadOf, type Spread } from '../statistics';

/** How much slower the large database may be. */
const MAX_RATIO = 1.3;

const MAIN = '/events?limit=50';

/** So long one run of one list is measured at most: a list that reads a whole table must not hold up the rest. */
const MAX_RUN_MS = 2_000;

/** What is asked for, `since` and `until` in days before now. */
const FILTERS = [
  '&severity=critical',
  '&severity=info',
  '&source=braze_status',
  '&source=nobody_status',
  '&service=stripe',
  '&service=nobody',
  '&kind=incident',
  '&kind=payment',
  '&kind=activity',
  '&open=true',
  '&open=false',
  '&account_id=large-tenant',
  '&account_id=small-tenant',
  '&account_id=nobody',
  '&account_id=small-tenant&severity=critical',
  '&account_id=large-tenant&kind=incident',
  '&source=stripe&severity=critical',
  '&source=braze_status&open=true',
] as const;

interface Compared {
  readonly path: string;
  readonly rows: readonly [number, number];
  readonly small: Spread;
  readonly large: Spread;
}

/** Lists over a small and a large store, measured in turns. */
export async function lists(bench: Bench): Promise<Report> {
  const { rounds } = bench.sizes;
  const { requests, filterRequests } = bench.sizes.lists;
  const small = await storeOf(bench, bench.sizes.lists.small);
  const large = await storeOf(bench, bench.sizes.lists.large);
  const main = await compare(small, large, MAIN, requests, rounds);
  const filtered: Compared[] = [];
  for (const path of [...FILTERS.map((filter) => `${MAIN}${filter}`), ...timePaths()]) {
    filtered.push(await compare(small, large, path, filterRequests, rounds));
  }
  await small.child.stop();
  await large.child.stop();

  const worst = filtered.reduce((a, b) => (a.large.p50 / a.small.p50 > b.large.p50 / b.small.p50 ? a : b));
  return {
    title: 'Lists of events',
    method:
      `\`GET ${MAIN}\` on ${count(bench.sizes.lists.small)} and on ${count(bench.sizes.lists.large)} stored events ` +
      `of about 2 KB, spread over 30 days; one connection, ${count(requests)} requests a run (${filterRequests} for ` +
      `each filter, ${MAX_RUN_MS / 1_000} s at most), ${rounds} runs of each in turns; medians. The slowest filter ` +
      `by its ratio is \`${worst.path}\` with ${ratio(worst.large.p50 / worst.small.p50)}.`,
    tables: [
      {
        head: ['list', 'rows', 'small p50', 'small p99', 'large p50', 'large p99', 'p50 ratio', 'p99 ratio'],
        rows: [main, ...filtered].map(row),
      },
    ],
    aims: [aim('lists_p50', 'p50', main), aim('lists_p99', 'p99', main)],
  };
}

/** A service on a database of its own migrations, filled while it was not running. */
async function storeOf(bench: Bench, events: number): Promise<Service> {
  const name = `lists-${events}`;
  const empty = await startService(bench, name);
  await empty.child.stop();
  fillWithEvents(empty.databasePath, events);
  return startService(bench, name);
}

async function compare(
  small: Service,
  large: Service,
  path: string,
  requests: number,
  rounds: number,
): Promise<Compared> {
  const rows = [await rowsOf(small, path), await rowsOf(large, path)] as const;
  const smalls: Spread[] = [];
  const larges: Spread[] = [];
  // One run more than is counted, for the code and the caches to warm up.
  for (let round = 0; round <= rounds; round++) {
    smalls.push(await measure(small, path, requests));
    larges.push(await measure(large, path, requests));
  }
  return { path, rows, small: medianSpread(smalls.slice(1)), large: medianSpread(larges.slice(1)) };
}

async function measure({ port }: Service, path: string, requests: number): Promise<Spread> {
  const load = {
    ports: [port],
    connections: 1,
    requests: repeatedGet(path, requests),
    stopAfterMs: MAX_RUN_MS,
  };
  const result = await makeLoad(load);
  expectAll(200, result, path);
  return spreadOf(result.latenciesMs);
}

async function rowsOf({ url }: Service, path: string): Promise<number> {
  const { events } = (await (await fetch(`${url}${path}`)).json()) as { events: unknown[] };
  return events.length;
}

/** Ten days ago, as a window and as everything before. */
function timePaths(): string[] {
  const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
  return [
    `${MAIN}&since=${daysAgo(10)}&until=${daysAgo(9)}`,
    `${MAIN}&until=${daysAgo(10)}&severity=critical`,
  ];
}

function row({ path, rows, small, large }: Compared): string[] {
  const [smallRows, largeRows] = rows;
  return [
    path.replace(MAIN, '') || MAIN,
    smallRows === largeRows ? String(smallRows) : `${smallRows} / ${largeRows}`,
    ms(small.p50),
    ms(small.p99),
    ms(large.p50),
    ms(large.p99),
    ratio(large.p50 / small.p50),
    ratio(large.p99 / small.p99),
  ];
}

function aim(id: string, part: 'p50' | 'p99', { small, large }: Compared): Report['aims'][number] {
  const measured = large[part] / small[part];
  return {
    id,
    aim: `${part} within ${MAX_RATIO} of each other`,
    measured: ratio(measured),
    isMet: measured <= MAX_RATIO && measured >= 1 / MAX_RATIO,
  };
}
