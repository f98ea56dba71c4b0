import { join } from 'node:path';
import type { Bench } from '../bench';
import { fillWithSloCounts, SLI } from '../documents/slo-counts';
import { singlePosts } from '../documents/tenant-events';
import { expectAll, makeLoad } from '../load/load';
import { repeatedGet } from '../load/requests';
import { measureRound, type Round } from '../load/round';
import { NO_LIMITS } from '../processes/designs';
import { startService, type Service } from '../processes/service';
import { count, ms, ratio, type Report } from '../report/report';
import { median, spreadOf, type Spread } from '../statistics';

/** Counting may cost so much of the throughput. */
const MAX_LOSS = 0.05;

const MAX_LIST_MS = 100;

/** What is asked, each over the 30 days of most objectives. */
const QUESTIONS = ['/slos?limit=500', '/slos/events-availability', '/reports/slo?window=30d'] as const;
type Question = (typeof QUESTIONS)[number];

/** What counting costs whoever posts, and what asking for objectives costs. */
export async function slos(bench: Bench): Promise<Report> {
  const { rounds, requests, days, questions } = bench.sizes.slos;
  const pairs = await measureCounting(bench);
  const answers = await measureAnswers(bench);
  const speeds = pairs.map(({ counted, uncounted }) => counted.perSecond / uncounted.perSecond);
  const costs = pairs.map(({ counted, uncounted }) => counted.cpuMs / uncounted.cpuMs);
  const list = answers.get('/slos?limit=500')!;
  return {
    title: 'Objectives',
    method:
      `\`POST /events\` on SQLite, ${count(requests)} events a run one by one over ${bench.sizes.ingest.connections} ` +
      `connections: the service, and the same service that observes no request, ${rounds} runs of each in turns. ` +
      `Below, one question after the other, ${questions} of each, over ${days} days of minutes, hours and days of all ` +
      `series that the default objectives read.`,
    tables: [
      {
        head: ['counted / not counted', 'median', 'least', 'most'],
        rows: [spreadRow('requests/s', speeds), spreadRow('CPU per request', costs)],
      },
      {
        head: ['', 'p50', 'p99', 'max'],
        rows: [...answers].map(([path, { p50, p99, max }]) => [`GET ${path}`, ms(p50), ms(p99), ms(max)]),
      },
    ],
    aims: [
      {
        id: 'slos_counting',
        aim: `counting costs less than ${MAX_LOSS * 100} % of the throughput`,
        measured: ratio(median(speeds)),
        isMet: median(speeds) > 1 - MAX_LOSS,
      },
      {
        id: 'slos_list',
        aim: `all objectives over 30 days: p99 ≤ ${ms(MAX_LIST_MS)}`,
        measured: ms(list.p99),
        isMet: list.p99 <= MAX_LIST_MS,
      },
    ],
  };
}

interface Pair {
  readonly counted: Round;
  readonly uncounted: Round;
}

async function measureCounting(bench: Bench): Promise<Pair[]> {
  const { rounds, requests } = bench.sizes.slos;
  const { connections, warmUp } = bench.sizes.ingest;
  const counting = await startService(bench, 'slos-counting', NO_LIMITS);
  const NODE_OPTIONS = `--require ${join(__dirname, '..', 'processes', 'without-counting.js')}`;
  const without = await startService(bench, 'slos-without', { ...NO_LIMITS, NODE_OPTIONS });
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round++) {
    const measure = (service: Service): Promise<Round> =>
      measureRound(service, {
        warmUp: singlePosts(`w${round}`, warmUp),
        requests: singlePosts(`r${round}`, requests),
        connections,
        status: 202,
      });
    // Who goes first takes turns too.
    const isFirst = round % 2 === 0;
    const first = await measure(isFirst ? counting : without);
    const second = await measure(isFirst ? without : counting);
    pairs.push(isFirst ? { counted: first, uncounted: second } : { counted: second, uncounted: first });
  }
  await expectCounted(counting, without);
  await counting.child.stop();
  await without.child.stop();
  return pairs;
}

/** A service that counts and one that does not, or the comparison says nothing. */
async function expectCounted(counting: Service, without: Service): Promise<void> {
  // Counts are stored when a minute is over.
  await new Promise((resolve) => setTimeout(resolve, 60_000 - (Date.now() % 60_000) + 2_000));
  const states = await Promise.all(
    [counting, without].map((service) => stateOf(service, 'events-availability')),
  );
  if (states[0] === 'no_data' || states[1] !== 'no_data') {
    throw new Error(`one should count and the other not: ${states.join(', ')}`);
  }
}

async function stateOf({ url }: Service, id: string): Promise<string> {
  const response = await fetch(`${url}/slos/${id}`);
  return ((await response.json()) as { state: string }).state;
}

async function measureAnswers(bench: Bench): Promise<Map<Question, Spread>> {
  const { days, questions } = bench.sizes.slos;
  const empty = await startService(bench, 'slos-answers');
  await empty.child.stop();
  fillWithSloCounts(empty.databasePath, days);
  const service = await startService(bench, 'slos-answers');
  await expectRightAnswer(service);
  const answers = new Map<Question, Spread>();
  for (const path of QUESTIONS) {
    const load = { ports: [service.port], connections: 1, requests: repeatedGet(path, questions) };
    const result = await makeLoad(load);
    expectAll(200, result, path);
    answers.set(path, spreadOf(result.latenciesMs));
  }
  await service.child.stop();
  return answers;
}

/** Counts that are no such as the service makes would be fast, and say nothing. */
async function expectRightAnswer({ url }: Service): Promise<void> {
  const response = await fetch(`${url}/slos?limit=500`);
  const { slos } = (await response.json()) as { slos: { id: string; sli: number | null }[] };
  const sli = slos.find(({ id }) => id === 'events-availability')?.sli ?? 0;
  if (Math.abs(sli - SLI) > 1e-7) throw new Error(`the SLI should be ${SLI}, and is ${sli}`);
}

function spreadRow(name: string, values: readonly number[]): string[] {
  return [name, ...[median(values), Math.min(...values), Math.max(...values)].map(ratio)];
}
